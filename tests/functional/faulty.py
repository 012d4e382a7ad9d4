"""
A workbook in which nothing is wrong, and the faults that tests plant in it.

A fault types values into cells and says which issues they bring, each as (sheet, cell, code).
`structure` faults leave open what the tables hold, so that no figure is spoken of.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.table import Table
from sheets import workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from openpyxl import Workbook

NUMBERS = range(1, 31)
SOUND = """
## Programme
| setting | value      |
| as_at   | 2025-01-31 |
| status  | draft      |

## Entry
| area | id | title | stage | cost_1 |

## Activities
| id | number | area | mandates | title | responsible | start_year | cost | funding_status |
{activities}

## Costs
| activity | year | category | quantity | unit_cost | amount | support_cost | scenario |
{costs}

## Funding
{funding_head}
{funding}

## Donors
| code | name    |
| DE   | Germany |
| FR   | France  |
| ES   | Spain   |

## Posts
| id | title | grade | source |
| P1 | Head  | D-1   | CORE   |
| P2 | Aide  | G-5   | CORE   |

## PostFunding
| post | source | percent |
| P1   | CORE   | 50      |
| P1   | VOL    | 50      |

## Allocations
| post | area | percent |
| P2   | ICC  | 40      |
| P2   | GOV  | 60      |

## Areas
| code | title | parent |
| ICC  | One   |        |
| GOV  | Two   |        |

## Scenarios
| code | title |
| LOW  | Low   |

## Findings
| seq | kind      | text     |
| 1   | strategic | Find one |
| 2   | tactical  | Find two |
| 3   | tactical  | Find III |

## Subjects
| point | title |
{subjects}

## Recommendations
| number | subject | text | decision  | status | activity | evidence       |
| '1.1   | 1       | Do 1 | act       |        |          | INT-01; WEB-01 |
| '2.1   | 2       | Do 2 | act       |        |          |                |
| '3.1   | 3       | Do 3 | act       |        |          |                |
| '4.1   | 4       | No 4 | no-action |        |          |                |
| '5.1   | 5       | Do 5 | act       |        |          |                |
| '6.1   | 6       | Do 6 | act       |        |          |                |
| '7.1   | 7       | Do 7 | act       | done   |          |                |
| '8.1   | 8       | Do 8 | act       |        | A-27     |                |

## Evidence
| code   | kind      | title |
| INT-01 | interview | Talk  |
| WEB-01 | website   | Site  |

## Steps
| seq | recommendation | text   | due        | status  |
| 1   | '1.1           | Step 1 | 2025-01-01 | done    |
| 2   | '2.1           | Step 2 | 2025-02-01 | planned |
| 3   | '3.1           | Step 3 | 2025-03-01 | planned |
| 4   | '5.1           | Step 4 |            |         |
| 5   | '6.1           | Step 5 |            |         |
| 6   | '7.1           | Step 6 |            | done    |
| 7   | '8.1           | Step 7 |            |         |

## Requests
| id  | date       | requester | title | need | existing_solution | mandate_fit | users_served |\
 reuse | urgency | cost | risk | decision | decided_by | decided_on | reason | recommendation |
| R-1 | 2025-01-01 | ICU | One | Tool | none found | 5 | 4 | 3 | 2 | 1 | 1 |\
 accepted | Head | 2025-02-01 |  | '1.1 |
| R-2 | 2025-01-02 | ICU | Two | Tool | none found | 5 | 4 | 3 | 2 | 1 | 1 |\
 declined | Head | 2025-02-01 | dear | |

## Weights
| criterion    | weight |
| mandate_fit  | 25     |
| users_served | 20     |
| reuse        | 15     |
| urgency      | 10     |
| cost         | 20     |
| risk         | 10     |

## Progress
| activity | as_at      | status  | expenditure | note |
| A-28     | 2024-06-30 | ongoing | 10          | On   |
| A-28     | 2024-12-31 | ongoing | 20          | On   |
| A-29     | 2024-12-31 | done    | 50          | Over |
| A-30     | 2024-12-31 | ongoing | 50          | On   |
| A-19     | 2024-12-31 | ongoing | 5           | On   |
| A-20     | 2024-12-31 | ongoing | 5           | On   |
| A-27     | 2024-12-31 | ongoing | 5           | On   |

## Comments
| id  | text | response | status   |
| C-1 | Why? | So.      | answered |
| C-2 | How? |          | open     |

## Approvals
| role | name | date | content |
|      |      |      |         |

## Texts
| document | paragraph | kind         | text  |
| annex    | 1         | heading      | Begin |
| annex    | 2         | paragraph    | One   |
| annex    | 3         | subparagraph | Item  |
| staffing | 1         | paragraph    | One   |
| staffing | 2         | paragraph    | Two   |
| cover    | 1         | paragraph    | One   |
| cover    | 2         | action       | Act   |
""".format(
    activities="\n".join(
        f"| A-{n:02} | '1.{n} | ICC | Res. 1 | Do {n} | ICU | 2024 | 100 | funded |"
        for n in NUMBERS
    ),
    costs="\n".join(f"| A-{n:02} | 2024 | travel | 2 | 50 | 100 | included | |" for n in NUMBERS),
    funding="\n".join(
        f"| A-{n:02} | 2024 | CORE | DE | received | 100 | no | | | | | | |" for n in NUMBERS
    ),
    funding_head="| activity | year | source | donor | stage | amount | in_kind | reference"
    " | pledged_on | confirmed_on | original_amount | original_currency | rate |",
    subjects="\n".join(f"| {n} | Point {n} |" for n in range(1, 9)),
)
"""
Thirty activities in rows 2 to 31, each costed and funded; their costs and money likewise.

In the review, each subject has one recommendation, and each but 4.1 one step.
"""

Expected = tuple[str, "str | None", str]


@dataclass(frozen=True, slots=True)
class Fault:
    """Values by (sheet, cell), and the issues they bring."""

    cells: Mapping[tuple[str, str], Any]
    issues: tuple[Expected, ...]


def _one(sheet: str, cell: str, value: Any, code: str, *more: Expected) -> Fault:
    return Fault({(sheet, cell): value}, ((sheet, cell, code), *more))


def _figures(row: int, amounts: Mapping[str, Any], status: str, *codes: str) -> Fault:
    """Change what an activity has, and the stored figures with it, so that only it is told."""
    cells = {("Activities", f"K{row}"): status}
    for name, value in amounts.items():
        cells[{"cost": "Costs", "money": "Funding"}[name], f"F{row}"] = value
    return Fault(cells, tuple(("Activities", f"K{row}", code) for code in codes))


CONTENT: dict[str, Fault] = {
    "number typed as text": _one("Costs", "F2", "100", "wrong-type"),
    "text for a number": _one("Costs", "F3", "about 100", "wrong-type"),
    "formula never calculated": _one("Costs", "F4", "=50+50", "formula-without-value"),
    "error value": _one("Costs", "F5", "#REF!", "error-value"),
    "three decimals": _one("Costs", "F6", 100.005, "too-many-decimals"),
    "negative amount": _one(
        "Costs", "F7", -100, "out-of-range", ("Costs", "F7", "amount-mismatch")
    ),
    "no amount": _one("Costs", "F8", None, "missing-value"),
    "year too early": _one("Costs", "B9", 1999, "year-outside-period"),
    "word not in the list": _one("Costs", "C10", "banana", "not-in-list"),
    "amount is not the product": Fault(
        {("Costs", "D11"): 3}, (("Costs", "F11", "amount-mismatch"),)
    ),
    "source unknown": _one("Posts", "F3", "NOPE", "unknown-reference"),
    "number in a code column": _one("Activities", "B13", 1.1, "wrong-type"),
    "area unknown": _one("Activities", "C14", "NOPE", "unknown-reference"),
    "title missing": _one("Activities", "E15", None, "missing-value"),
    "French title missing": _one("Activities", "F16", None, "missing-translation"),
    "control character": _one("Activities", "H17", "_x001B_[31m", "unreadable-text"),
    "number used twice": Fault(
        {("Activities", "B18"): "1.18"},
        (("Activities", "B18", "duplicate-number"), ("Activities", "B19", "duplicate-number")),
    ),
    "rows in another order than numbers": _one("Activities", "B26", "1.0", "number-order"),
    "row of Entry": Fault(
        {
            ("Entry", "A2"): "ICC",
            ("Entry", "B2"): "A-01",
            ("Entry", "C2"): "More",
            ("Entry", "F2"): "received",
        },
        (
            ("Entry", "A2", "entry-not-taken-over"),
            ("Entry", "B2", "entry-overwrites"),
            ("Entry", "F2", "entry-unclear"),
        ),
    ),
    "no mandate": _one("Activities", "D20", None, "no-mandate"),
    "stale figure": _one("Activities", "J20", 99, "stale-formula"),
    "figure deleted": _one("Activities", "J21", None, "not-calculated"),
    "figure not calculated": _one("Activities", "J23", "=50+50", "not-calculated"),
    "surplus": _figures(22, {"money": 150}, "overfunded", "overfunded"),
    "part of the money": _figures(23, {"money": 50}, "partly-funded", "partly-funded"),
    "no money": Fault(
        {("Funding", "E24"): "pledged", ("Activities", "K24"): "unfunded"},
        (("Activities", "K24", "unfunded"),),
    ),
    "no cost known": Fault(
        {
            **{("Costs", f"{column}25"): None for column in "ABCDEFG"},
            ("Activities", "J25"): None,
            ("Activities", "K25"): "not-costed",
        },
        (("Activities", "K25", "not-costed"), ("Activities", "K25", "funded-not-costed")),
    ),
    "money twice": Fault(
        {
            ("Funding", "A26"): "A-26",
            ("Funding", "E26"): "pledged",
            ("Activities", "K26"): "unfunded",
        },
        (("Funding", "E27", "same-contribution"), ("Activities", "K26", "unfunded")),
    ),
    "confirmed before it was pledged": Fault(
        {
            ("Funding", "I9"): dt.date(2024, 5, 2),
            ("Funding", "J9"): dt.date(2024, 5, 1),
        },
        (("Funding", "J9", "date-order"),),
    ),
    "converted at another rate": Fault(
        {("Funding", "K10"): 200, ("Funding", "L10"): "USD", ("Funding", "M10"): 0.9},
        (("Funding", "F10", "conversion-mismatch"),),
    ),
    "converted at no rate": Fault(
        {("Funding", "K11"): 200, ("Funding", "L11"): "USD"},
        (("Funding", "M11", "conversion-unchecked"),),
    ),
    "support costs mixed": _one("Costs", "G28", "excluded", "mixed-support-cost"),
    "id with a star": _one("Donors", "A4", "E*", "wrong-pattern"),
    "donor used twice": Fault(
        {("Donors", "A3"): "de"},
        (("Donors", "A2", "duplicate-key"), ("Donors", "A3", "duplicate-key")),
    ),
    "over 100 % of its time": _one("Time allotted", "C3", 61, "over-allocated"),
    "over 100 % paid": _one("Post funding", "C3", 50.5, "over-allocated"),
    "number missing in the sequence": _one("Findings", "A4", 9, "sequence-gap"),
    "recommendation under another point": Fault(
        {("Recommendations", "B3"): 1},
        (
            ("Recommendations", "A3", "number-outside-subject"),
            ("Subjects", "A3", "subject-without-recommendation"),
        ),
    ),
    "two steps for one, none for another": Fault(
        {("Next steps", "B5"): "3.1"},
        (
            ("Next steps", "B4", "repeated-recommendation"),
            ("Next steps", "B5", "repeated-recommendation"),
            ("Recommendations", "A6", "no-next-step"),
        ),
    ),
    "step where nothing is to be done": Fault(
        {("Recommendations", "F7"): "no-action"}, (("Next steps", "B6", "step-for-no-action"),)
    ),
    "done before its step": Fault(
        {("Next steps", "G7"): "ongoing"}, (("Recommendations", "G8", "done-with-open-steps"),)
    ),
    "due before an earlier step": _one(
        "Next steps", "F3", dt.date(2024, 12, 31), "due-out-of-sequence"
    ),
    "evidence that nobody names": Fault(
        {("Recommendations", "I2"): "INT-01"}, (("Evidence", "A3", "unused-evidence"),)
    ),
    "recommendation without its money": Fault(
        {("Funding", "F28"): 50, ("Activities", "K28"): "partly-funded"},
        (
            ("Activities", "K28", "partly-funded"),
            ("Recommendations", "H9", "recommendation-to-be-funded"),
        ),
    ),
    "nobody who decided": _one("Requests", "R2", None, "incomplete-decision"),
    "nothing said of what exists": _one("Requests", "J3", None, "existing-solution-unknown"),
    "weights of 99 %": _one("Weights", "B7", 9, "weights-not-100"),
    "report from before the period": _one(
        "Progress", "B2", dt.date(2023, 12, 31), "progress-outside-period"
    ),
    "expenditure that was not added up": _one("Progress", "D3", 5, "expenditure-decreasing"),
    "done without its money": Fault(
        {("Funding", "F30"): 50, ("Activities", "K30"): "partly-funded"},
        (("Activities", "K30", "partly-funded"), ("Progress", "C4", "done-to-be-sought")),
    ),
    "more spent than there is": _one(
        "Progress",
        "D5",
        150,
        "expenditure-above-cost",
        ("Progress", "D5", "expenditure-above-available"),
    ),
    "money spent on no progress": _one("Progress", "C6", "no-progress", "progress-contradiction"),
    "action that nobody names": Fault(
        {
            **{("Progress", f"{column}7"): None for column in "EFG"},
            ("Progress", "C7"): "action-needed",
        },
        (("Progress", "E7", "action-not-described"),),
    ),
    "report later than the figures": _one(
        "Progress", "B8", dt.date(2025, 6, 30), "progress-after-figures"
    ),
    "changed after it was approved": Fault(
        {
            ("Approvals", "A2"): "Finance",
            ("Approvals", "B2"): "A. Diallo",
            ("Approvals", "C2"): dt.date(2024, 5, 1),
            ("Approvals", "D2"): f"1:{'0' * 64}",
        },
        (("Approvals", "D2", "changed-since-approval"),),
    ),
    "answer that is not there": _one("Comments", "C2", None, "comment-without-response"),
    "adopted before all is answered and filled in": Fault(
        {("Programme", "B10"): "adopted", ("Texts", "D7"): "In [period]"},
        (("Comments", "D3", "open-comments"), ("Texts", "D7", "placeholder-left")),
    ),
    "paragraphs in another order": Fault(
        {("Texts", "B5"): 3}, (("Texts", "B6", "text-out-of-order"),)
    ),
    "letter without its paragraph": _one("Texts", "C2", "subparagraph", "text-out-of-place"),
    "number typed before a text": _one("Texts", "D6", "1. Two", "typed-number"),
    "nothing asked of the meeting": Fault(
        {("Texts", "C8"): "paragraph"}, (("Texts", "A8", "no-action-requested"),)
    ),
    "sheet of the user": Fault(
        {("My notes", "A1"): "call Ana"}, (("My notes", None, "unknown-sheet"),)
    ),
}
"""Faults in cells; all of them may be planted at once."""

STRUCTURE: dict[str, Fault] = {
    "code changed": _one("Donors", "A2", "D-E", "changed-code"),
    "heading renamed": Fault(
        {("Posts", "E1"): "Rank"},
        (("Posts", "A1", "missing-column"), ("Posts", "E1", "unknown-column")),
    ),
    "heading twice": Fault({("Funding", "H1"): "Stage"}, (("Funding", "H1", "duplicate-column"),)),
    "row below the table": _one("Scenarios", "A4", "HIGH", "rows-below-table"),
    "table of the user": Fault({("Mine", "A1"): "Mine"}, (("Mine", "A1", "unknown-table"),)),
    "second table": Fault({("More", "A1"): "Donors"}, (("More", "A1", "duplicate-table"),)),
    "table renamed": Fault({("Areas", "A1"): "renamed"}, (("Areas", "A1", "ambiguous-table"),)),
    "area under itself": _one("Areas", "E2", "ICC", "nested-area"),
    "no-break space": _one("Donors", "A4", "ES\u00a0", "invisible-character"),
    "struck through": _one(
        "Donors",
        "B2",
        CellRichText("Ger", TextBlock(InlineFont(strike=True), "many")),
        "struck-text",
    ),
    "row pasted twice": Fault(
        {("Costs", f"{column}{row}"): None for row in (30, 31) for column in "BCDEGH"}
        | {("Costs", f"A{row}"): "A-1" for row in (30, 31)}
        | {("Costs", f"F{row}"): 7 for row in (30, 31)},
        (("Costs", "F31", "duplicate-row"),),
    ),
    "table gone": Fault({("Areas", "A1"): "no table"}, (("", None, "missing-table"),)),
}
"""Faults that leave open what the tables hold, so that no figure is spoken of."""


@cache
def _sound() -> bytes:
    return workbook(SOUND).xlsx("openpyxl")


def write(path: Path, faults: Iterable[Fault]) -> Path:
    """Write the sound workbook with some faults planted."""
    book = openpyxl.load_workbook(io.BytesIO(_sound()))
    for fault in faults:
        for (sheet, cell), value in fault.cells.items():
            _plant(book, sheet, cell, value)
    book.save(path)
    return path


def _plant(book: Workbook, sheet: str, cell: str, value: Any) -> None:
    if sheet not in book.sheetnames:
        page = book.create_sheet(sheet)
        page[cell] = value
        if sheet != "My notes":
            page["A2"] = "x"
            page.add_table(Table(displayName="Added", ref="A1:A2"))
            page.tables["Added"].displayName = page.tables["Added"].name = value
    elif value == "renamed":
        (table,) = book[sheet].tables.values()
        table.displayName = table.name = "Areas2"
    elif value == "no table":
        del book[sheet].tables["Areas"]
    else:
        book[sheet][cell] = value
        for table in book[sheet].tables.values():
            table._initialise_columns()
