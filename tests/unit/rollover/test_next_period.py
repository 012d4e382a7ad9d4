"""What goes on in the next period, and what stays behind."""

from __future__ import annotations

import datetime as dt
import io
from types import SimpleNamespace

import pytest
from sheets import check, workbook

from cmswp_xl.errors import Misuse, UnfitData, UnreadableWorkbook
from cmswp_xl.languages import Language, Words
from cmswp_xl.pipeline import check_source, dump
from cmswp_xl.rollover.period import (
    BLANKED,
    LEFT_BEHIND,
    SET,
    YEARS,
    content_of,
    dated_texts,
    next_period,
    next_report,
    next_workbook,
    read_period,
    standing_errors,
)
from cmswp_xl.samples import RowsSource, read_sample
from cmswp_xl.schema import load_schemas
from cmswp_xl.xlsx import open_workbook

SCHEMAS = load_schemas()
NEXT = range(2027, 2030)


@pytest.fixture(scope="module")
def example():
    checked, _ = check_source(RowsSource(read_sample("example"), SCHEMAS, Language.EN))
    return content_of(checked.typed)


@pytest.fixture
def book(tmp_path):
    def write(text="", **options):
        path = tmp_path / "old.xlsx"
        path.write_bytes(workbook(text, **options).xlsx())
        return path

    return write


def read(data):
    checked, issues = check_source(open_workbook(io.BytesIO(data)), flags=False)
    return content_of(checked.typed), [issue.code for issue in issues]


@pytest.mark.parametrize("text", ["2018-2020", "2018–2020", " 2018 / 2020 "])
def test_period__is_read_from_its_first_and_last_year(text):
    assert read_period(text) == range(2018, 2021)


@pytest.mark.parametrize(
    "text", ["", "2018", "2020-2018", "18-20", "2018-2020-2022", "1200-1202", "2018-2081", "a-b"]
)
def test_what_is_no_period__is_refused(text):
    with pytest.raises(Misuse, match="bad-period"):
        read_period(text)


@pytest.mark.parametrize("table", sorted(SCHEMAS.keys() & (BLANKED.keys() | YEARS.keys())))
def test_fields_left_blank__are_fields_of_their_table(table):
    names = {item.name for item in SCHEMAS[table].inputs()}

    assert {*BLANKED.get(table, ()), *YEARS.get(table, ())} <= names
    assert table != "programme" or set(SET) <= names


@pytest.mark.parametrize("table", ["costs", "funding", "rates", "progress", "comments"])
def test_rows_of_the_old_period__stay_behind(example, table):
    kept, left = next_period(example, NEXT)

    assert example[table]
    assert table not in kept
    assert left[table].rows == len(example[table])


@pytest.mark.parametrize(
    "table",
    sorted(SCHEMAS.keys() - {*BLANKED, *YEARS, *LEFT_BEHIND, "requests"}),
)
def test_structure_and_codes__go_on_unchanged(example, table):
    kept, left = next_period(example, NEXT)

    assert kept[table] == example[table]
    assert table not in left


def test_texts_and_ids__all_go_on_with_the_same_period(example):
    old = example["programme"][0]
    kept, _ = next_period(example, range(old["period_start"], old["period_end"] + 1))

    for name in kept.keys() - {"requests", "programme"}:
        texts = [item.name for item in SCHEMAS[name].inputs() if item.text or item.code]
        assert [[row.get(text) for text in texts] for row in kept[name]] == [
            [row.get(text) for text in texts] for row in example[name]
        ], name


def test_settings__lose_the_old_paper_and_begin_as_a_draft(example):
    kept, left = next_period(example, NEXT)
    settings = kept["programme"][0]

    assert (settings["period_start"], settings["period_end"]) == (2027, 2029)
    assert settings["status"] == "draft"
    assert not settings.keys() & set(BLANKED["programme"])
    assert settings["title_fr"] == example["programme"][0]["title_fr"]
    assert settings["illustrative"] == "yes"
    assert left["programme"].rows == 0
    assert left["programme"].cells["as_at"] == 1


def test_years__stay_only_where_the_new_period_has_them():
    rows = [{"id": "A", "start_year": 2026, "end_year": 2027}, {"id": "B", "start_year": 2024}]
    kept, left = next_period({"activities": rows}, NEXT)

    assert kept["activities"] == [{"id": "A", "end_year": 2027}, {"id": "B"}]
    assert left["activities"].cells == {"start_year": 2}


def test_needs__keep_their_texts_and_lose_their_amounts():
    kept, left = next_period({"needs": [{"id": "N", "amount": "5", "year": 2028}]}, NEXT)

    assert kept["needs"] == [{"id": "N", "year": 2028}]
    assert left["needs"].cells == {"amount": 1}


def test_requests__stay_behind_once_decided():
    decisions = (None, "pending", "deferred", "accepted", "declined")
    rows = [{"id": str(decision), "decision": decision} for decision in decisions]
    kept, left = next_period({"requests": rows}, NEXT)

    assert [row["id"] for row in kept["requests"]] == ["None", "pending", "deferred"]
    assert left["requests"].rows == 2


def test_texts_that_name_an_old_year__are_counted():
    content = {
        "programme": [{"title_en": "Plan for 2024-2026", "currency": "2024"}],
        "areas": [{"code": "A", "title_en": "Since 12024"}, {"code": "B", "title_en": "2027"}],
    }

    found = dated_texts(content, SCHEMAS, range(2024, 2028), NEXT)

    assert found == {"programme": 1}


@pytest.mark.parametrize("old", [range(0), NEXT])
def test_without_old_years__no_text_is_counted(old):
    assert dated_texts({"areas": [{"title_en": "2027"}]}, SCHEMAS, old, NEXT) == {}


@pytest.mark.parametrize(
    "text",
    [
        "## Costs\n| activity | year | amount |\n| ICC-01 | 2024 | lots |",
        "## Costs\n| activity | year |\n| ICC-01 | 2024 |",
        (
            "## Funding\n| activity | year | source | stage | amount |\n"
            "| NONE | 1999 | NO | gone | -1 |"
        ),
        "## Programme\n| setting | value |\n| period_start | soon |\n| as_at | yesterday |",
        (
            "## Activities\n| id | number | area | title | staff_days | costing | mandates |\n"
            "| ICC-01 | '1.1 | ICC | Train | ten | guess | Res. 1 |"
        ),
    ],
)
def test_errors_of_what_stays_behind__do_no_harm(text):
    checked = check(text)

    assert checked.programme is None
    assert standing_errors(checked.issues, checked.typed) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("## Areas\n| code | title |\n| ICC | Area |\n| ICC | Again |", "duplicate-key"),
        ("## Sources\n| code | kind | title |\n| CORE | gold | Core |", "not-in-list"),
        ("## Programme\n| setting | value |\n| currency | 12 |", "wrong-type"),
        (
            (
                "## Activities\n| id | number | area | title | start_year |\n"
                "| ICC-01 | '1.1 | ICC | Train | soon |"
            ),
            "wrong-type",
        ),
    ],
)
def test_errors_of_what_goes_on__stop_it(book, text, code):
    checked = check(text)

    assert code in {issue.code for issue in standing_errors(checked.issues, checked.typed)}
    with pytest.raises(UnfitData, match="old-has-errors"):
        next_workbook(book(text), NEXT)


REQUESTS = """
## Requests
| id | date | requester | title | need | mandate_fit | users_served | reuse | urgency | cost \
| risk | decision |
| R1 | 2024-01-01 | Ann | One | This | 9 | 1 | 1 | 1 | 1 | 1 | {decision} |

## Weights
| criterion | weight |
| mandate_fit | 50 |
| users_served | 10 |
| reuse | 10 |
| urgency | 10 |
| cost | 10 |
| risk | 10 |
"""


def test_an_error_of_a_decided_request__does_no_harm(book):
    made = next_workbook(book(REQUESTS.format(decision="declined")), NEXT)

    assert made.left["requests"].rows == 1


@pytest.mark.parametrize("decision", ["pending", "deferred", "perhaps"])
def test_an_error_of_an_open_request__stops_it(book, decision):
    with pytest.raises(UnfitData):
        next_workbook(book(REQUESTS.format(decision=decision)), NEXT)


def test_weights_without_requests_left__are_still_checked(book):
    text = REQUESTS.format(decision="declined").replace("| 50 |", "| 60 |")

    with pytest.raises(UnfitData, match="old-has-errors"):
        next_workbook(book(text), NEXT)


def test_workbook_of_other_tables__is_refused(book):
    path = book("## Birds\n| name |\n| Stork |", base="")

    with pytest.raises(UnreadableWorkbook, match="not-programme"):
        next_workbook(path, NEXT)


@pytest.mark.parametrize(("asked", "language"), [(None, Language.FR), (Language.ES, Language.ES)])
def test_language__is_the_original_one_unless_asked(book, asked, language):
    text = "## Programme\n| setting | value |\n| original_language | fr |"

    made = next_workbook(book(text), NEXT, asked)

    assert made.language is language
    titles = [schema.titles[language] for schema in SCHEMAS.values()]
    assert set(titles) <= set(open_workbook(io.BytesIO(made.data)).sheet_names())


def test_workbook_with_errors_that_stay_behind__has_none_in_the_next_period(book):
    text = """
    ## Programme
    | setting | value     |
    | as_at   | yesterday |

    ## Costs
    | activity | year | amount |
    | NONE     | 1999 | lots   |
    """
    assert read(next_workbook(book(text), NEXT).data)[1] == []


def test_same_workbook__gives_the_same_bytes_and_stays_as_it_was(book):
    path = book()
    before = path.read_bytes()

    assert next_workbook(path, NEXT) == next_workbook(path, NEXT)
    assert path.read_bytes() == before


def test_new_workbook__holds_what_was_kept(book):
    made = next_workbook(book(), NEXT)
    content, issues = read(made.data)

    assert issues == []
    assert content["programme"] == [
        {
            "title_en": "Plan",
            "title_fr": "Plan",
            "title_es": "Plan",
            "period_start": 2027,
            "period_end": 2029,
            "currency": "EUR",
            "original_language": "en",
            "status": "draft",
        }
    ]
    assert [row["id"] for row in content["activities"]] == ["ICC-01"]
    assert content["costs"] == content["funding"] == []


def test_what_was_kept_and_left__is_told(book):
    text = """
    ## Programme
    | setting | value             |
    | title   | Plan 2024–2026    |
    | as_at   | 2024-05-01        |
    | Colour  | green             |

    ## Areas
    | code | title | Head |
    | ICC  | Area  | Ann  |

    ## Mine
    | thing |
    | pen   |
    """
    made = next_workbook(book(text), NEXT)

    told = next_report(made, "new.xlsx", "old.xlsx", Words(Language.EN)).splitlines()

    assert told == [
        "Workbook created: new.xlsx",
        "Period 2027–2029, from old.xlsx, which is unchanged.",
        "Kept:",
        "  Programme: 8 settings",
        "  Areas: 1 row",
        "  Activities: 1 row",
        "  Sources: 2 rows",
        "  Mandates: 1 row",
        "Not kept:",
        "  Programme: Figures as at",
        "  Costs: 1 row",
        "  Funding: 1 row",
        "Your own additions, not kept:",
        "  Programme: the column or setting Colour",
        "  Areas: the column or setting Head",
        "  Mine: the table Mine",
        "Texts that mention a year of the old period, to be checked:",
        "  Programme: 3",
    ]


def test_content__is_that_of_the_dump(example):
    checked, _ = check_source(RowsSource(read_sample("example"), SCHEMAS, Language.EN))
    dumped = dump(SimpleNamespace(checked=checked))

    for name, rows in dumped["tables"].items():
        shown = [
            {
                key: value.isoformat() if isinstance(value, dt.date) else value
                for key, value in row.items()
            }
            for row in example.get(name, ())
        ]
        assert shown == [
            {key: value for key, value in row.items() if value is not None} for row in rows
        ], name
