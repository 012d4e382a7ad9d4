"""
Funding needs, staffing table and progress report of the example, as their readers get them.

Their figures are reckoned here anew, in fractions, from the data as read, and compared with what
is printed.
"""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from annexes import amount, digits, read_docx, read_html
from programs import cmswp, listing

from cmswp_xl.languages import Language
from cmswp_xl.pipeline import workbook_of
from cmswp_xl.samples import read_sample

LANGUAGES = ("en", "fr", "es")
FORMS = {"html": read_html, "docx": read_docx}
PAPERS = ("funding-needs", "staffing", "progress")
ORDER = ("core", "high", "medium", "low", None)


@pytest.fixture(scope="module")
def files(example, tmp_path_factory):
    """All files of the three papers, by name."""
    folder = tmp_path_factory.mktemp("papers")
    wanted = [part for name in PAPERS for part in ("--document", name)]
    done = cmswp("export", example, "--out", folder, *wanted)
    assert (done.code, done.err) == (0, "")
    return listing(folder)


@pytest.fixture(scope="module")
def read(files):
    """The three papers in every language and form, read."""
    return {
        (name, language, form): reader(files[f"{name}.{language}.{form}"])
        for name in PAPERS
        for language in LANGUAGES
        for form, reader in FORMS.items()
    }


@pytest.fixture(scope="module")
def data(example):
    """The data of the example as read."""
    return cmswp("dump", example).json


def rows_of(data, table, key="id"):
    return {row[key]: row for row in data["tables"][table]}


class Reckoned:
    """Cost, available and pledged of each activity, in fractions; cost is None where unknown."""

    def __init__(self, data):
        scenario = data["programme"]["scenario"]
        keys = [row["id"] for row in data["tables"]["activities"]]
        self.cost = dict.fromkeys(keys)
        self.available, self.pledged = (dict.fromkeys(keys, Fraction(0)) for _ in range(2))
        for line in data["tables"]["costs"]:
            if line["scenario"] in (None, scenario):
                key = line["activity"]
                self.cost[key] = (self.cost[key] or 0) + Fraction(line["amount"])
        for line in data["tables"]["funding"]:
            if line["scenario"] in (None, scenario) and line["in_kind"] != "yes":
                into = self.pledged if line["stage"] == "pledged" else self.available
                into[line["activity"]] += Fraction(line["amount"])

    def sought(self, key):
        cost = self.cost[key]
        return max(cost - self.available[key], Fraction(0)) if cost is not None else Fraction(0)

    def remaining(self, key):
        return max(self.sought(key) - self.pledged[key], Fraction(0))


@pytest.fixture(scope="module")
def reckoned(data):
    return Reckoned(data)


@pytest.fixture(scope="module")
def newest(data):
    """The newest report of each activity that is not later than the figures."""
    found = {}
    for row in sorted(data["tables"]["progress"], key=lambda row: row["as_at"]):
        if row["as_at"] <= data["programme"]["as_at"]:
            found[row["activity"]] = row
    return found


def fractions(cells):
    return [None if (value := amount(text)) is None else Fraction(value) for text in cells]


def is_group(row):
    return not any(row[1:])


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_word_and_html__hold_the_same(read, name, language):
    word, page = (read[name, language, form] for form in ("docx", "html"))

    assert word.tables == page.tables
    said = [[text.replace("^", "").split() for _, text in one.texts] for one in (word, page)]
    assert said[0] == said[1]
    assert word.headings() == page.headings()


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["fr", "es"])
def test_languages__agree_figure_for_figure(read, name, form, language):
    compared = 0
    english, other = (read[name, tongue, form].tables for tongue in ("en", language))
    first = {"funding-needs": -3, "staffing": 1, "progress": -5}[name]
    for ours, theirs in zip(english, other, strict=True):
        assert [len(row) for row in ours] == [len(row) for row in theirs]
        for mine, yours in zip(ours[1:], theirs[1:], strict=True):
            figures = slice(first, None) if name != "staffing" or len(mine) != 5 else slice(2, 3)
            assert [*map(digits, mine[figures])] == [*map(digits, yours[figures])]
            compared += sum(map(bool, map(digits, mine[figures])))
    assert compared > 80


def test_same_workbook__gives_the_same_bytes(files, example, tmp_path):
    wanted = [part for name in PAPERS for part in ("--document", name)]
    assert cmswp("export", example, "--out", tmp_path, *wanted).code == 0
    assert listing(tmp_path) == files


# Funding needs


def needed(data, reckoned, newest):
    """Give the ids of what is to be sought and not done, by priority and area."""
    areas = [row["code"] for row in data["tables"]["areas"]]
    left = [
        row
        for row in data["tables"]["activities"]
        if reckoned.sought(row["id"]) and newest.get(row["id"], {}).get("status") != "done"
    ]
    return {
        priority: found
        for priority in ORDER
        if (
            found := [
                row["id"]
                for area in areas
                for row in left
                if (row["priority"], row["area"]) == (priority, area)
            ]
        )
    }


def need_tables(paper):
    return [grid for grid in paper.tables if len(grid[0]) == 7]


def test_needs__print_the_gap_the_pledges_and_what_remains(read, data, reckoned, newest):
    tables = need_tables(read["funding-needs", "en", "html"])
    groups = needed(data, reckoned, newest)
    numbers = {row["id"]: row["number"] for row in data["tables"]["activities"]}

    assert len(tables) == len(groups) > 1
    for grid, keys in zip(tables, groups.values(), strict=True):
        rows = [row for row in grid[1:-1] if not is_group(row)]
        assert [row[0] for row in rows] == [numbers[key] for key in keys]
        for row, key in zip(rows, keys, strict=True):
            assert fractions(row[-3:]) == [
                reckoned.sought(key),
                reckoned.pledged[key],
                reckoned.remaining(key),
            ]
        sums = [sum(column) for column in zip(*(fractions(r[-3:]) for r in rows), strict=True)]
        assert fractions(grid[-1][-3:]) == sums


def test_needs__add_up_and_reconcile_with_the_annex(read, data, reckoned, newest, annexes):
    paper = read["funding-needs", "en", "docx"]
    summary = paper.tables[0]
    keys = [key for group in needed(data, reckoned, newest).values() for key in group]

    assert [fractions(row[1:]) for row in summary[1:-1]] == [
        [Fraction(len(group)), *(sum(map(of, group)) for of in (
            reckoned.sought, reckoned.pledged.get, reckoned.remaining,
        ))]
        for group in needed(data, reckoned, newest).values()
    ]  # fmt: skip
    total = fractions(summary[-1][1:])
    assert total[:2] == [len(keys), sum(map(reckoned.sought, keys))]
    line = next(
        text for _, text in paper.texts if text.startswith("Funding to be sought in Annex")
    )
    annex, done, here = (Fraction(amount(part)) for part in re.split("[−=]", line))
    assert annex - done == here == total[1]
    closing = next(g for g in read_html(annexes["annex.en.html"]).tables if len(g[0]) == 10)
    assert annex == amount(closing[-3][-1])
    left_out = [
        key for key, row in newest.items() if row["status"] == "done" and reckoned.sought(key)
    ]
    assert done == sum(map(reckoned.sought, left_out)) > 0
    remark = next(text for _, text in paper.texts if "carried out:" in text)
    assert len(re.findall(r"\d+\.\d+", remark)) == len(left_out)


def test_needs__say_what_a_contribution_buys(read, data):
    tables = need_tables(read["funding-needs", "en", "html"])
    units = {
        (row["activity"], Fraction(row["unit_cost"]))
        for row in data["tables"]["costs"]
        if row["quantity"] and row["unit_cost"]
    }
    by_number = {row["number"]: row["id"] for row in data["tables"]["activities"]}
    lines = [
        (by_number[row[0]], line)
        for grid in tables
        for row in grid[1:-1]
        for line in row[3].split("\n")
        if line
    ]
    assert len(lines) > 20
    for key, line in lines:
        quantity, price = line.rsplit(": ", 1)[1].split(" at EUR\u00a0")
        assert float(quantity) > 0
        assert (key, Fraction(amount(price))) in units


def test_needs__of_another_scenario(example, tmp_path, data):
    other = data["tables"]["scenarios"][1]
    wanted = ("--document", "funding-needs", "--scenario", other["code"], "--lang", "en")
    assert cmswp("export", example, "--out", tmp_path, *wanted).code == 0
    paper = read_html(listing(tmp_path)["funding-needs.en.html"])
    ours = Reckoned({**data, "programme": {**data["programme"], "scenario": other["code"]}})

    assert other["title_en"] in paper.words()
    line = next(
        text for _, text in paper.texts if text.startswith("Funding to be sought in Annex")
    )
    assert amount(line.split("−")[0]) == sum(map(ours.sought, ours.cost))


def test_unpaid_core_activities_without_costs__stand_apart(book, export):
    path = book(
        """
        ## Activities
        | id   | number | area | title | priority |
        | A-01 | '1     | ICC  | One   | core     |
        | A-02 | '2     | ICC  | Two   | high     |

        ## Costs
        | activity | amount |
        | A-02     | 10     |

        ## Funding
        | activity | source | stage | amount |
        """
    )
    paper = read_html(export(path, "--document", "funding-needs")["funding-needs.en.html"])

    assert paper.headings()[-2] == "Activities of core priority not yet costed"
    assert [row[:2] for row in paper.tables[-1][1:]] == [["Capacity-building", ""], ["1", "One"]]


# Staffing


def staff_tables(paper):
    """Give the tables by grade, by year, of posts, and by area."""
    return paper.tables


def own_parts(data):
    """Give what each post is divided into, in fractions of a full-time equivalent."""
    posts = rows_of(data, "posts")
    paid, work = ({key: {} for key in posts} for _ in range(2))
    for row in data["tables"]["postfunding"]:
        share = Fraction(posts[row["post"]]["share"]) * Fraction(row["percent"]) / 100
        paid[row["post"]][row["source"]] = share
    for row in data["tables"]["allocations"]:
        share = Fraction(posts[row["post"]]["share"]) * Fraction(row["percent"]) / 100
        work[row["post"]][row["area"]] = share
    for key, post in posts.items():
        paid[key] = paid[key] or {post["source"]: Fraction(post["share"])}
    return posts, paid, work


def summed(parts, code):
    return sum((part.get(code, Fraction(0)) for part in parts), Fraction(0))


def test_staffing__prints_posts_by_grade_and_source(read, data):
    grid = read["staffing", "en", "docx"].tables[0]
    posts, paid, _ = own_parts(data)
    titles = {row["title_en"]: row["code"] for row in data["tables"]["sources"]}
    sources = [titles[head] for head in grid[0][2:-1]]
    rows = {row[0]: fractions(row[1:]) for row in grid[1:] if not is_group(row)}

    for grade in {post["grade"] for post in posts.values()}:
        keys = [key for key, post in posts.items() if post["grade"] == grade]
        parts = [paid[key] for key in keys]
        assert rows[grade] == [
            len(keys),
            *(summed(parts, source) for source in sources),
            sum(Fraction(posts[key]["share"]) for key in keys),
        ]
    assert rows["Total"] == [
        len(posts),
        *(summed(paid.values(), source) for source in sources),
        sum(Fraction(post["share"]) for post in posts.values()),
    ]


def test_staffing__prints_time_by_area_with_cross_sums(read, data):
    grid = read["staffing", "en", "html"].tables[3]
    posts, _, work = own_parts(data)
    areas = [row["code"] for row in data["tables"]["areas"]]
    rows = {row[0]: fractions(row[1:]) for row in grid[1:] if not is_group(row)}

    for key, post in posts.items():
        cells = rows[f"{post['title_en']} ({post['grade']})"]
        assert cells[-1] == Fraction(post["share"]) == sum(cells[:-1])
        for cell, area in zip(cells, areas, strict=False):
            assert abs(cell - work[key].get(area, 0)) < Fraction(1, 100)
    data_rows = [cells for name, cells in rows.items() if name.endswith(")")]
    assert rows["Total"] == [sum(column) for column in zip(*data_rows, strict=True)]
    assert rows["Total"][-1] == sum(rows["Total"][:-1])


def test_staffing__counts_posts_by_year(read, data):
    grid = read["staffing", "en", "html"].tables[1]
    posts = data["tables"]["posts"]
    totals = [fractions(row[1:]) for row in grid if row[0] == "Total"]
    here = [
        [post for post in posts if (post["start_year"] or 0) <= year <= (post["end_year"] or 9999)]
        for year in map(int, grid[0][1:])
    ]
    assert totals == [
        [len(found) for found in here],
        [sum(Fraction(post["share"]) for post in found) for found in here],
    ]


def test_staffing__never_prints_a_cost(read, data):
    costs = {digits(row["annual_cost"]) for row in data["tables"]["posts"] if row["annual_cost"]}
    assert len(costs) > 5
    for language in LANGUAGES:
        for form in FORMS:
            text = read["staffing", language, form].everything()
            printed = {digits(word) for word in re.findall(r"\d[\d.,\u00a0]*", text)}
            assert not printed & (costs | {cost.removesuffix("00") for cost in costs})


# Progress


def progress_tables(paper):
    return [grid for grid in paper.tables if len(grid[0]) == 9]


def test_progress__prints_expenditure_against_cost(read, data, reckoned, newest):
    activities = rows_of(data, "activities")
    tables = progress_tables(read["progress", "en", "docx"])
    by_area = {}
    for key in newest:
        by_area.setdefault(activities[key]["area"], []).append(key)
    order = list(activities)

    for area, grid in zip(data["tables"]["areas"], tables, strict=True):
        keys = sorted(by_area[area["code"]], key=order.index)
        rows = [row for row in grid[1:] if row[0] in {activities[key]["number"] for key in keys}]
        assert [row[0] for row in rows] == [activities[key]["number"] for key in keys]
        for row, key in zip(rows, keys, strict=True):
            spent, cost = newest[key]["expenditure"], reckoned.cost[key]
            known = cost is not None or reckoned.available[key]
            assert fractions([row[4]]) == [cost]
            assert fractions([row[5]]) == [reckoned.available[key] if known else None]
            if spent is None:
                assert row[6:] == ["not reported", "", ""]
                continue
            assert fractions([row[6]]) == [Fraction(spent)]
            assert fractions([row[8]]) == [reckoned.available[key] - Fraction(spent)]
            percent = Fraction(spent) * 100 / cost
            assert abs(Fraction(amount(row[7])) - percent) <= Fraction(1, 2)
        subtotal = next(row for row in grid if row[0].startswith("Sub-total"))
        for column in (4, 5, 6, 8):
            cells = [row[column] for row in rows if row[column] not in ("", "not reported")]
            assert amount(subtotal[column]) == sum(map(amount, cells))


def test_progress__counts_every_activity_once(read, data, newest):
    grid = read["progress", "en", "html"].tables[0]
    activities = data["tables"]["activities"]
    statuses = ["done", "ongoing", "no-progress", "action-needed"]

    for row, area in zip(grid[1:], [*data["tables"]["areas"], None], strict=True):
        mine = [a["id"] for a in activities if area is None or a["area"] == area["code"]]
        found = [newest[key]["status"] for key in mine if key in newest]
        counts = [*map(found.count, statuses), len(mine) - len(found), len(mine)]
        assert fractions(row[1:]) == counts


def test_progress__and_what_is_not_reported_add_up_to_the_annex(read, reckoned):
    grid = read["progress", "en", "html"].tables[1]
    reported, silent, everything = (fractions(row[1:3]) for row in grid[-3:])

    assert [a + b for a, b in zip(reported, silent, strict=True)] == everything
    assert everything == [
        sum(cost for cost in reckoned.cost.values() if cost is not None),
        sum(reckoned.available.values()),
    ]


def test_earlier_date__takes_the_reports_of_then(book, export):
    path = book(
        """
        ## Programme
        | setting | value      |
        | as_at   | 2024-12-31 |

        ## Progress
        | activity | as_at      | status  | expenditure | note   |
        | ICC-01   | 2025-06-30 | done    | 100         | Later. |
        | ICC-01   | 2024-06-30 | ongoing | 10          | Then.  |
        """
    )
    files = export(path, "--document", "progress", "--document", "funding-needs")
    paper = read_html(files["progress.en.html"])

    assert "Then." in paper.everything()
    assert "Later." not in paper.everything()
    assert "carried out:" not in read_html(files["funding-needs.en.html"]).words()


# What is missing, and what is rounded


@pytest.mark.parametrize(
    ("name", "cell"), [("progress", "Progress"), ("staffing", "Posts"), ("funding-needs", "Texts")]
)
def test_missing_translation__stops_the_paper_that_prints_it(book, tmp_path, name, cell):
    path = book(
        """
        ## Posts
        | id | title_en | grade | source |
        | P1 | Head     | D-1   | CORE   |

        ## Progress
        | activity | as_at      | status  | note_en |
        | ICC-01   | 2024-06-30 | ongoing | Begun.  |

        ## Texts
        | document      | paragraph | kind      | text_en |
        | funding-needs | 1         | paragraph | Give.   |
        """
    )
    done = cmswp("export", path, "--out", tmp_path / "out", "--document", name, "--lang", "fr")

    assert done.code == 1
    assert cell in done.out + done.err
    assert not (tmp_path / "out").exists()
    assert cmswp("export", path, "--out", tmp_path, "--document", name, "--lang", "en").code == 0


def test_rounded_papers__add_up_and_agree_with_the_annex(tmp_path):
    content = dict(read_sample("example"))
    content["programme"] = [{**content["programme"][0], "rounding": "thousand"}]
    path = tmp_path / "rounded.xlsx"
    path.write_bytes(workbook_of(content, Language.EN))
    wanted = ("--document", "annex", "--document", "funding-needs", "--document", "progress")
    done = cmswp("export", path, "--out", tmp_path / "out", *wanted, "--lang", "en")
    assert (done.code, done.err) == (0, "")
    files = listing(tmp_path / "out")
    annex = read_html(files["annex.en.html"])
    shown = {row[0]: row for grid in annex.tables if len(grid[0]) == 11 for row in grid[2:-1]}

    for grid in need_tables(read_html(files["funding-needs.en.html"])):
        rows = [row for row in grid[1:-1] if not is_group(row)]
        for row in rows:
            assert row[-3] == shown[row[0]][-1]
        for column in (-3, -2, -1):
            parts = [amount(row[column]) for row in rows if "<" not in row[column]]
            assert sum(parts) == amount(grid[-1][column])
    for grid in progress_tables(read_html(files["progress.en.html"])):
        for row in grid[1:]:
            if row[0] in shown:
                assert row[4] == shown[row[0]][6]
                if row[8] not in ("", "–") and "<" not in row[6] + row[8]:
                    assert amount(row[5]) - amount(row[6]) == amount(row[8])


def test_paper_without_anything_to_print__is_left_out_of_all(book, export, tmp_path):
    path = book(without=("Costs", "Funding"))
    names = {name.split(".")[0] for name in export(path, "--document", "all", "--lang", "en")}
    assert not names & set(PAPERS)

    for name in PAPERS:
        done = cmswp("export", path, "--out", tmp_path / "none", "--document", name)
        assert done.code == 1
