"""Every number of the annex leads to cells of the workbook that add up to it."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from annexes import read_html
from programs import cmswp, is_a_clear_failure

BOOK = """
## Programme
| setting           | value |
| scenario          | BASE  |
| support_cost_rate | 13    |
| rounding          | {rounding} |

## Areas
| code | title             |
| ICC  | Capacity-building |
| EDM  | Management        |
| IAC  | Inter-agency work |

## Activities
| id     | number | area | title        | costing | priority |
| ICC-01 | '1.1   | ICC  | Train people |         | core     |
| ICC-02 | '1.2   | ICC  | Not costed   |         | core     |
| ICC-03 | '1.3   | ICC  | Overfunded   |         | high     |
| EDM-01 | '2.1   | EDM  | In part      | partial | low      |
| EDM-02 | '2.2   | EDM  | Paid, no cost |        |          |

## Costs
| activity | year | amount  | support_cost | scenario |
| ICC-01   | 2024 | 1200.40 | excluded     |          |
| ICC-01   | 2025 | 1500.40 | excluded     |          |
| ICC-01   | 2026 | 9000    |              | HIGH     |
| ICC-01   |      | 700     | excluded     | BASE     |
| ICC-03   | 2024 | 2500    |              |          |
| EDM-01   | 2026 | 1499.90 | excluded     |          |

## Funding
| activity | year | source | donor | stage     | amount  | in_kind | scenario |
| ICC-01   | 2024 | CORE   |       | received  | 600     |         |          |
| ICC-01   | 2025 | VOL    | GOV   | confirmed | 1333.33 |         |          |
| ICC-01   | 2025 | VOL    | GOV   | pledged   | 1000    |         |          |
| ICC-01   | 2026 | VOL    |       | confirmed | 250     | yes     |          |
| ICC-01   | 2026 | VOL    |       | confirmed | 400     |         | HIGH     |
| ICC-03   | 2024 | VOL    |       | received  | 3700.10 |         |          |
| EDM-02   |      | PSC    |       | received  | 800     |         |          |

## Sources
| code | kind      | title           |
| CORE | core      | Core budget     |
| VOL  | voluntary | Contributions   |
| PSC  | other     | Support income  |

## Donors
| code | name |
| GOV  | Gov  |

## Scenarios
| code | title |
| BASE | Base  |
| HIGH | High  |

## Posts
| id  | title   | grade | source | share |
| P1  | Officer | P-4   | CORE   | 1     |
| P2  | Helper  | G-5   | CORE   | 0.5   |

## PostFunding
| post | source | percent |
| P1   | CORE   | 60      |
| P1   | PSC    | 40      |

## Allocations
| post | area | percent |
| P1   | ICC  | 75      |
| P2   | ICC  | 50      |
| P2   | EDM  | 12.5    |
"""


class Trace:
    """A trace read as a reader would, beside the workbook that it is about."""

    def __init__(self, data, path):
        self.content = json.loads(data)
        self.figures = {figure["path"]: figure for figure in self.content["figures"]}
        self.sheets = openpyxl.load_workbook(path, data_only=True)

    def cell(self, reference):
        """Read a cell of the workbook by its address."""
        sheet, _, address = reference.rpartition("!")
        name = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
        return self.sheets[name][address].value

    def number(self, reference):
        value = self.cell(reference)
        return Fraction(repr(value)) if isinstance(value, (int, float)) else Fraction(0)

    def exact(self, path):
        text = self.figures[path]["exact"]
        return None if text is None else Fraction(text)

    def parts(self, figure):
        """Give sign and amount of the figures that a figure is made of."""
        signs = {"+": 1, "-": -1}
        for part in figure.get("figures", ()):
            yield signs[part["sign"]], self.exact(part["path"])

    def reckoned(self, figure):
        """Reckon a figure by its operation from its cells and parts, in fractions."""
        cells = [self.number(reference) for reference in figure.get("cells", ())]
        parts = list(self.parts(figure))
        added = sum(cells) + sum(sign * amount for sign, amount in parts if amount is not None)
        return {
            "sum": lambda: added,
            "excess": lambda: max(added, Fraction(0)),
            "count": lambda: Fraction(len(cells)),
            "percentage": lambda: cents(parts[0][1] * parts[1][1] / 100),
            "product": lambda: multiplied(cells),
        }[figure["operation"]]()


def cents(amount):
    return Fraction(int(amount * 100 + Fraction(1, 2)), 100)


def multiplied(percents):
    result = percents[0]
    for percent in percents[1:]:
        result = result * percent / 100
    return result


@pytest.fixture(params=["", "unit", "thousand"], ids=["cents", "units", "thousands"])
def papers(request, book, export):
    """Export the annex of a small workbook with its trace; give both, and the workbook."""
    path = book(BOOK.format(rounding=request.param))
    files = export(path, "--lang", "en", "--format", "html", "--trace")
    return files, path


def test_cells_read_by_their_address__add_up_to_every_figure(papers):
    files, path = papers
    trace = Trace(files["annex.en.trace.json"], path)
    for name, figure in trace.figures.items():
        if figure["exact"] is None:
            assert figure["printed"] == [] or {item["text"] for item in figure["printed"]} == {""}
            continue
        assert trace.reckoned(figure) == Fraction(figure["exact"]), name


def test_cells_of_the_example_add_up_too(example, export):
    files = export(example, "--lang", "en", "--format", "html", "--trace")
    trace = Trace(files["annex.en.trace.json"], example)
    known = [figure for figure in trace.figures.values() if figure["exact"] is not None]
    assert len(known) > 1000
    for figure in known:
        assert trace.reckoned(figure) == Fraction(figure["exact"]), figure["path"]


def test_each_cell_has_the_value_that_stands_in_the_workbook(papers):
    files, path = papers
    trace = Trace(files["annex.en.trace.json"], path)
    for reference, cell in trace.content["cells"].items():
        value = trace.cell(reference)
        if cell["value"] is None or isinstance(value, str) or value is None:
            assert cell["value"] == value
        else:
            assert Fraction(cell["value"]) == Fraction(repr(value))


def test_each_number_in_a_table_stands_at_the_place_of_its_figure(papers):
    files, path = papers
    trace = Trace(files["annex.en.trace.json"], path)
    tables = read_html(files["annex.en.html"]).tables
    names = {"1.1": "ICC-01", "1.2": "ICC-02", "1.3": "ICC-03", "2.1": "EDM-01", "2.2": "EDM-02"}
    columns = [
        *(f"cost/{year}" for year in (2024, 2025, 2026, "whole-period")),
        *("cost", "core", "voluntary", "other", "to_be_sought"),
    ]
    seen = 0
    for row in (row for table in tables for row in table if row[0] in names):
        for column, text in zip(columns, row[2:], strict=True):
            figure = trace.figures[f"annex/activity/{names[row[0]]}/{column}"]
            assert text in {item["text"] for item in figure["printed"]}
            seen += 1
    assert seen == len(names) * len(columns)


def test_printed_activities_add_up_to_the_printed_area__and_these_to_the_total(papers):
    files, path = papers
    trace = Trace(files["annex.en.trace.json"], path)
    for figure in trace.figures.values():
        of_areas = figure["path"].startswith(("annex/area/", "annex/total/"))
        if of_areas and figure["rules"][0].startswith("sum-") and figure["printed"]:
            parts = [trace.figures[part["path"]] for part in figure.get("figures", ())]
            if all(part["printed"] and part["printed"][0]["in"] == "table" for part in parts):
                shown = [Fraction(part["shown"]) for part in parts if part["shown"] is not None]
                assert not shown or sum(shown) == Fraction(figure["shown"]), figure["path"]


def test_the_trace_is_the_same_twice__and_has_its_place_in_the_manifest(book, export):
    path = book(BOOK.format(rounding=""))
    first = export(path, "--lang", "fr", "--format", "html", "--trace")
    again = export(path, "--lang", "fr", "--format", "html", "--trace")
    assert first["annex.fr.trace.json"] == again["annex.fr.trace.json"]
    names = [file["name"] for file in json.loads(first["manifest.json"])["files"]]
    assert names == ["annex.fr.html", "annex.fr.trace.json"]


def test_an_extract_has_a_trace_of_its_own(book, export):
    files = export(
        book(BOOK.format(rounding="")),
        *("--lang", "en", "--format", "html", "--area", "ICC", "--trace"),
    )
    content = json.loads(files["annex-ICC.en.trace.json"])
    assert content["areas"] == ["ICC"]
    assert not any("/EDM" in figure["path"] for figure in content["figures"])


def test_the_set_has_one_trace_with_the_figures_of_all_its_documents(example, export):
    files = export(example, *("--lang", "en", "--format", "html", "--document", "set", "--trace"))
    content = json.loads(files["set.en.trace.json"])
    documents = {figure["path"].split("/")[0] for figure in content["figures"]}
    assert documents == {"annex", "technology-review", "requests"}


def test_without_trace_there_is_none(book, export):
    files = export(book(), "--lang", "en", "--format", "html")
    assert not any("trace" in name for name in files)


class TestCommand:
    """`cmswp trace`, as finance uses it."""

    @pytest.fixture
    def path(self, book):
        return book(BOOK.format(rounding="thousand"))

    def test_an_amount_is_shown_with_its_rule_and_its_rows(self, path):
        done = cmswp("trace", path, "annex/activity/ICC-01/cost")
        assert done.code == 0
        assert "Exact: EUR\u00a03,400.80" in done.out
        assert "Only rows whose scenario is blank or BASE count." in done.out
        assert "Costs!C2" in done.out
        assert "Costs!C4" in done.out
        assert "of another scenario" in done.out
        assert "adjusted by largest remainder" in done.out

    def test_a_sum_is_shown_with_its_figures_and_the_cells_behind_them(self, path):
        done = cmswp("trace", path, "annex/activity/ICC-01/to_be_sought")
        assert "+  annex/activity/ICC-01/cost" in done.out
        assert "−  annex/activity/ICC-01/voluntary" in done.out
        assert "Based on 5 cells: Costs!C2:C3, Costs!C5, Funding!F2:F3" in done.out

    @pytest.mark.parametrize("name", ["ANNEX/activity/icc-01/to-be-sought", "annex/total/cost/"])
    def test_case_and_marks_do_not_matter(self, path, name):
        assert cmswp("trace", path, name).code == 0

    def test_the_beginning_of_a_name_lists_the_figures(self, path):
        done = cmswp("trace", path, "annex/activity/ICC-01")
        assert "annex/activity/ICC-01/cost/2024" in done.out
        assert "not printed" in done.out

    @pytest.mark.parametrize(
        "document",
        ["annex", "summary", "funding-needs", "staffing", "progress", "totals"],
    )
    def test_a_document_alone_lists_its_kinds(self, path, document):
        done = cmswp("trace", path, document)
        assert (done.code, done.err) == (0, "")
        assert document in done.out

    @pytest.mark.parametrize("document", ["cover", "requests"])
    def test_a_document_without_figures_says_so(self, path, document):
        assert cmswp("trace", path, document).out == "This document prints no figures.\n"

    def test_a_mistyped_figure_gets_the_nearest_ones(self, path):
        done = cmswp("trace", path, "annex/activity/ICC01/cost")
        assert is_a_clear_failure(done)
        assert "annex/activity/ICC-01/cost" in done.err

    def test_an_unknown_document_gets_the_nearest_figure_and_the_documents(self, path):
        done = cmswp("trace", path, "anex/activity/ICC-01/cost")
        assert is_a_clear_failure(done)
        assert "The nearest are: annex/activity/ICC-01/cost" in done.err
        assert "funding-needs" in done.err

    @pytest.mark.parametrize(
        "typed",
        [
            "annex/ICC-01/to be sought",
            "annex/1.1/To_be-sought",
            "annex/1.1/funding to be sought",
            "annex/1.1/financement à rechercher",
            "annex/1.1/Financiación por obtener",
        ],
    )
    def test_a_row_and_the_head_of_its_column__are_enough(self, path, typed):
        done = cmswp("trace", path, typed)
        assert (done.code, done.err) == (0, "")
        assert done.out.splitlines()[0] == "annex/activity/ICC-01/to_be_sought"

    def test_the_answer_names_document_row_and_column_as_printed(self, path):
        said = cmswp("trace", path, "annex/1.1/to be sought").out.splitlines()
        assert said[1].startswith("Document: Annex I – Costed programme of work")
        assert said[3].startswith("Row: 1.1 ")
        assert said[4] == "Column: Funding to be sought"

    def test_the_number_of_an_activity__lists_its_row_in_the_first_paper(self, path):
        done = cmswp("trace", path, "1.1")
        paths = [found for found in done.out.split() if "/" in found]
        assert done.code == 0
        assert "annex/activity/ICC-01/to_be_sought" in paths
        assert "funding-needs" not in {name.split("/")[0] for name in paths}
        assert all(cmswp("trace", path, name).code == 0 for name in paths[:2])

    def test_json_is_an_array_with_an_entry_for_each_match(self, path):
        entries = cmswp("trace", path, "1.1", "--format", "json").json
        names = [entry["figures"][0]["path"] for entry in entries]
        assert "annex/activity/ICC-01/cost" in names
        assert len(set(names)) == len(names) > 1
        (whole,) = cmswp("trace", path, "annex", "--format", "json").json
        assert len(whole["figures"]) > len(names)

    def test_an_unknown_amount_gets_the_nearest_one(self, path):
        done = cmswp("trace", path, "3 400,70")
        assert is_a_clear_failure(done)
        assert "annex/activity/ICC-01/cost" in done.err

    @pytest.mark.parametrize(
        "typed",
        [
            "3 400,80",
            "3,400.80",
            "3.400,80",
            "3400.8",
            "EUR 3\u00a0400,80",
            "3\u202f400,80 €",
            "3’400.80",
        ],
    )
    def test_an_amount_in_any_style__finds_its_figure(self, path, typed):
        assert "annex/activity/ICC-01/cost" in cmswp("trace", path, typed).out.split()

    def test_an_amount_as_rounded_on_paper__finds_its_figure(self, path):
        printed = "annex/area/ICC/cost"  # 5,900.80, printed as 6 in thousands
        for typed in ("6", "6,000", "5,900.80"):
            assert printed in cmswp("trace", path, typed).out.split()

    def test_another_scenario_has_other_figures(self, path):
        done = cmswp("trace", path, "annex/activity/ICC-01/cost", "--scenario", "high")
        assert "Exact: EUR\u00a011,700.80" in done.out

    def test_json_holds_the_figure_all_that_it_is_made_of_and_the_cells(self, path):
        content = cmswp("trace", path, "annex/area/ICC/cost", "--format", "json").json[0]
        assert content["figures"][0]["path"] == "annex/area/ICC/cost"
        assert len(content["figures"]) == 4
        assert content["cells"]["Costs!C2"]["value"] == "1200.4"
        assert content["figures"][0]["exact"] == "5900.80"
        assert content["figures"][0]["shown"] == "6000.00"
        assert content["rules"]["sum-activities"]

    @pytest.mark.parametrize("language", ["fr", "es"])
    def test_every_language_has_its_words(self, path, language):
        assert cmswp("trace", path, "annex/total/cost", "--lang", language).code == 0

    def test_a_workbook_with_errors_is_refused(self, book):
        path = book("""
        ## Costs
        | activity | year | amount |
        | ICC-01   | 2024 | -5     |
        """)
        assert is_a_clear_failure(cmswp("trace", path, "annex/total/cost"), code=1)


def test_walk_of_the_design_page__is_that_of_the_example(example):
    page = (Path(__file__).parents[2] / "docs" / "design.md").read_text(encoding="utf-8")
    walk = page.partition("### One amount")[2].partition("\n## ")[0]
    found = re.search(r"`(\S+)` of the example holds (\S+) for (\S+) in", walk)
    assert found, walk
    cell, amount, activity = found.groups()

    said = cmswp("trace", example, f"annex/activity/{activity}/cost").out

    assert f"annex/activity/{activity}/cost`" in walk
    assert re.search(rf"^{re.escape(cell)} +{amount} ", said, re.MULTILINE)
