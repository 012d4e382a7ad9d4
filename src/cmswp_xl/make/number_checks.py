"""The checks for numbers: texts and negatives, shares over 100 %, years, products."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.computed import comparable_key
from cmswp_xl.make.check import cells_of, keys_of, made, number_of
from cmswp_xl.make.formulas import counted, filled, in_scenario, matchable, numbers_of, summed
from cmswp_xl.money import HUNDRED, product, total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cmswp_xl.make.book import Book
    from cmswp_xl.make.check import Check
    from cmswp_xl.schema import Field, TableSchema

_WITH_YEARS = ("costs", "funding")
_AVAILABLE = "{activities.core},{activities.voluntary},{activities.other}"


def faulty_numbers(book: Book, schema: TableSchema, item: Field) -> Check | None:
    """Look for texts, negative numbers and numbers too large in a column."""
    if not item.numeric:
        return None
    cells = cells_of(schema, item)
    least, most = item.minimum or Decimal(0), item.maximum or Decimal(10**12)
    fits = f"ISNUMBER({cells})*({cells}>={least})*({cells}<={most})"
    given = [
        row.get(item.name) for row in book.rows(schema.name) if comparable_key(row.get(item.name))
    ]
    fitting = sum(
        number is not None and least <= number <= most for number in map(number_of, given)
    )
    return made(
        book,
        schema.name,
        book.say(
            "Cells in the column {column} that hold a text, a negative number or one too large",
            column=item.titles[book.language],
        ),
        counted(filled(cells), f"(1-{fits})"),
        len(given) - fitting,
        book.say("Type a plain number, without spaces, a currency sign or other text."),
    )


def overfull(book: Book) -> Iterator[Check]:
    """Look for posts of which more than the whole is allotted, or paid."""
    say = book.say
    kinds = (
        (
            "allotted",
            "allocated",
            "allocations",
            say("Posts of which more than 100 % is allotted"),
        ),
        ("paid", "paid", "postfunding", say("Posts of which more than 100 % is paid")),
    )
    for _, figure, table, title in kinds:
        together: dict[str, Decimal] = {}
        for row in book.rows(table):
            key = comparable_key(row.get("post"))
            together[key] = together.get(key, Decimal(0)) + (number_of(row.get("percent")) or 0)
        posts = keys_of(book, "posts", "id")
        cells = f"{{posts.{figure}}}"
        yield made(
            book,
            table,
            title,
            counted(f"ISNUMBER({cells})", f"({cells}>100)"),
            sum(together.get(post, Decimal(0)) > HUNDRED for post in posts if post),
            say("Lower the percentages of the post until they add up to 100 or less."),
        )


def weights(book: Book) -> Check:
    """Look for weights of the request criteria that do not add up to 100, or are not there."""
    cells = "{weights.weight}"
    given = [number_of(row.get("weight")) for row in book.rows("weights")]
    numbers = [number for number in given if number is not None]
    requests = any(keys_of(book, "requests", "id"))
    wrong = total(numbers) != HUNDRED if numbers else requests
    return made(
        book,
        "weights",
        book.say("Weights that do not add up to 100"),
        f"IF(COUNT({cells})=0,IF({counted(filled('{requests.id}'))}>0,1,0),"
        f"IF(ROUND(SUM({cells}),2)=100,0,1))",
        int(wrong),
        book.say("Change the weights until they add up to 100."),
    )


def unreached(book: Book) -> Iterator[Check]:
    """Look for amounts whose row does not find its activity, by its code and by its number."""
    for table in _WITH_YEARS:
        key = matchable(f"{{{table}.activity}}")
        row = f"{{{table}.activity_row}}"
        found = f"LOOKUP({row},{numbers_of('{activities.id}')},{{activities.key}})"
        lost = f"(1-ISNUMBER(1/EXACT({key},{found})))"
        known = set(keys_of(book, "activities", "id")) - {""}
        rows = zip(book.rows(table), keys_of(book, table, "activity"), strict=True)
        yield made(
            book,
            table,
            book.say("Amounts that reach no activity"),
            counted(f"ISNUMBER({{{table}.amount}})", lost),
            sum(
                number_of(line.get("amount")) is not None and key not in known
                for line, key in rows
            ),
            book.say(
                "Choose a code of the sheet {sheet}. If it is right, copy the formulas of the "
                "calculated columns, the hidden ones too, from another row.",
                sheet=book.sheet("activities"),
            ),
        )


def totals_apart(book: Book) -> Iterator[Check]:
    """Look for totals that differ from those of Activities, as after typing over formulas."""
    say = book.say
    stage = '((TRIM({funding.stage})="confirmed")+(TRIM({funding.stage})="received")>0)'
    money = (in_scenario("{funding.scenario}"), stage, '(TRIM({funding.in_kind})<>"yes")')
    for table, title, cells, conditions in (
        (
            "costs",
            say("Total of Costs that is not the total of Activities"),
            "{activities.cost}",
            (in_scenario("{costs.scenario}"),),
        ),
        (
            "funding",
            say("Total of available Funding that is not the total of Activities"),
            _AVAILABLE,
            money,
        ),
    ):
        amounts = summed(f"{{{table}.amount}}", *conditions)
        yield made(
            book,
            table,
            title,
            f"IF(ABS(ROUND({amounts}-SUM({cells}),2))>0.004,1,0)",
            0,
            say("Look for formulas that were typed over: “cmswp validate” names the cells."),
        )


def years_outside(book: Book) -> Iterator[Check]:
    """Look for costs and funding of years outside the period."""
    start, end = book.setting("period_start"), book.setting("period_end")
    given = isinstance(start, int) and isinstance(end, int)
    for table in _WITH_YEARS:
        cells = f"{{{table}.year}}"
        inside = (
            f"ISNUMBER({cells})*({cells}>=Programme_period_start)*({cells}<=Programme_period_end)"
        )
        found = counted(filled(cells), f"(1-{inside})")
        years = [row.get("year") for row in book.rows(table) if comparable_key(row.get("year"))]
        yield made(
            book,
            table,
            book.say("Years outside the programme’s period"),
            f"IF(COUNT(Programme_period_start,Programme_period_end)=2,{found},0)",
            sum(not (isinstance(y, int) and start <= y <= end) for y in years) if given else 0,
            book.say("Correct the year, or leave it blank for the whole period."),
        )


def products(book: Book) -> Check:
    """Look for amounts that are not quantity times unit cost."""
    quantity, unit_cost, amount = "{costs.quantity}", "{costs.unit_cost}", "{costs.amount}"
    numbers = "*".join(f"ISNUMBER({cells})" for cells in (quantity, unit_cost, amount))
    differs = f"(ABS(ROUND({quantity}*{unit_cost},2)-{amount})>0.004)"
    count = 0
    for row in book.rows("costs"):
        parts = [number_of(row.get(name)) for name in ("quantity", "unit_cost", "amount")]
        first, second, result = parts
        if first is not None and second is not None and result is not None:
            count += product(first, second) != result
    return made(
        book,
        "costs",
        book.say("Amounts that are not quantity × unit cost"),
        f"SUMPRODUCT(COUNT(1/({numbers}*{differs})))",  # COUNT passes over a text that was typed
        count,
        book.say("Correct one of the three, or leave quantity and unit cost blank."),
    )
