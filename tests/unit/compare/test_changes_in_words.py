"""What a reader is told of changes: in the document's language, and nothing internal."""

from __future__ import annotations

import copy
import datetime as dt
import json
from dataclasses import fields

import pages
import pytest
from jinja2 import meta, nodes
from versions import checkup_of

from cmswp_xl.documents.annex_compared import compared_context
from cmswp_xl.documents.front import PageDocument
from cmswp_xl.documents.revisions import revisions_context
from cmswp_xl.errors import UnfitData
from cmswp_xl.languages import Language, Words
from cmswp_xl.listings.changes import changes_text
from cmswp_xl.page import Table, text
from cmswp_xl.pipeline import Request, build_compared, compared, summary_of_revisions, totals_of
from cmswp_xl.render.templates import template_environment
from cmswp_xl.resources import template_folder
from cmswp_xl.samples import read_sample

EN = Language.EN


def tables(paper, name):
    return [b for b in pages.blocks(paper) if isinstance(b, Table) and b.name == name]


def phrases(comparison, language=EN):
    """Return the phrases of the summary of revisions, by activity or entry."""
    revisions, missing = revisions_context(comparison, language)
    assert missing == []
    return {
        row.key: [pages.whole(p).strip() for p in row.cells[2].paragraphs if p.look != "mark"]
        for table in tables(revisions, "revisions")
        for row in table.rows
    }


def statements(section):
    return [pages.whole(b) for b in section.blocks if not isinstance(b, Table)]


def revised(paper):
    """Return the areas and lists of a summary of revisions."""
    return [part for part in paper.body if part.anchor.startswith(("area-", "part-"))]


def first(content, table, **values):
    return next(
        row for row in content[table] if all(row.get(key) == v for key, v in values.items())
    )


def test_amounts__say_by_how_much_from_what_to_what(content, difference):
    row = first(content, "costs", activity="EDM-01", category="travel", year=2025)
    row |= {"unit_cost": 2050, "amount": 24600}
    assert phrases(difference(content)) == {
        "1.1": [
            (
                "Cost, travel, 2025: increased by 1,800.00, from 22,800.00 to 24,600.00"
                " (12 × 2,050.00 instead of 12 × 1,900.00)"
            )
        ]
    }


def test_stage__says_what_it_was_and_the_amount(content, difference):
    row = first(content, "funding", stage="pledged", activity="EDM-02")
    row["stage"] = "received"
    (told,) = phrases(difference(content))["1.2"]
    assert told.endswith("2026: received (formerly pledged); amount 60,000.00")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (EN, "2026, scenario “base”: decreased by"),
        (Language.FR, "2026, scénario «\u00a0de base\u00a0»\u00a0: diminution de"),
        (Language.ES, "2026, hipótesis “básica”: disminución de"),
    ],
)
def test_money_of_a_scenario__is_said_to_be_of_one(content, difference, language, said):
    first(content, "funding", activity="EDM-02", scenario="BASE")["amount"] = 12500
    (told,) = phrases(difference(content), language)["1.2"]
    assert said in told


def test_totals_that_are_a_minimum__stand_in_french_without_a_clash(content, difference):
    first(content, "costs", activity="EDM-01", category="operating", year=2025)["amount"] = 31000
    revisions, _ = revisions_context(difference(content), Language.FR)
    _, *totals = [item.text for item in pages.section(revisions, "overview").blocks]
    plain = [text.replace("\u00a0", " ") for text in totals]
    assert plain[0].endswith(
        "(auparavant au moins 6 397 836,63, désormais au moins 6 419 236,63)."
    )
    assert not any("de au moins" in text for text in plain)


def test_money__that_came_or_went_is_named(content, difference):
    gone = content["costs"].pop(0)
    content["funding"].append(
        {
            "activity": "EDM-01",
            "year": 2026,
            "source": "VC",
            "donor": "GOV-A",
            "stage": "confirmed",
            "amount": 70,
            "in_kind": "yes",
        }
    )
    told = phrases(difference(content))["1.1"]
    assert gone["category"] == "travel"
    assert told == [
        "Cost, travel, 2024: deleted: 22,200.00",
        (
            "Funding – Voluntary contributions (Donor government A), in kind, 2026: added: 70.00,"
            " confirmed"
        ),
    ]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (EN, "changed in another language only (French)"),
        (Language.FR, "… plus haut niveau. Et plus."),
    ],
)
def test_text__is_shown_in_the_languages_of_the_document(content, difference, language, expected):
    content["activities"][0]["title_fr"] += " Et plus."
    (told,) = phrases(difference(content), language)["1.1"]
    assert told.endswith(expected) or language is Language.FR
    assert ("Et plus." in told) is (language is Language.FR)


def test_remarks__that_no_document_prints_stay_out_of_it_and_stand_in_the_report(
    content, difference
):
    first(content, "costs", activity="EDM-01")["note"] = "Our own guess"
    found = difference(content)
    assert phrases(found) == {}
    assert "Our own guess" in changes_text(found, Words(EN), colour=False, width=100)


def test_lists__are_told_in_words(content, difference):
    row = first(content, "activities", id="EDM-01")
    row |= {"responsible": "EDM; IAC", "mandates": "Res. 13.2 (paras 4–6); Res. 13.2 (para. 9)"}
    found = phrases(difference(content), Language.FR)["1.1"]
    assert "Entité responsable\u00a0: EDM et\u00a0IAC (auparavant EDM)" in found
    assert any(
        "Rés.~13.2 (par. 4~à~6) et Rés.~13.2 (par.~9)".replace("~", "\u00a0") in one
        for one in found
    )


def test_internal_fields__are_named_in_the_report_only(content, difference):
    content["posts"][0]["annual_cost"] = 987654
    found = difference(content)
    assert phrases(found) == {}
    report = changes_text(found, Words(EN), colour=False, width=100)
    assert "changed (internal; not shown)" in report
    assert "987" not in report


def test_order_and_numbers__are_told_in_few_words(content, difference):
    rows = content["activities"]
    rows.insert(0, rows.pop(2))
    rows[3]["number"], rows[4]["number"] = "1.40", "1.50"
    revisions, _ = revisions_context(difference(content), EN)
    (area,) = revised(revisions)
    assert statements(area) == ["Renumbered: 1.4 becomes 1.40 and 1.5 becomes 1.50"]
    (row,) = tables(revisions, "revisions")[0].rows
    assert row.key == "1.3"
    assert text(row.cells[2]).endswith("first (formerly after 1.2)")


def test_activity__that_moved_is_told_in_both_areas(content, difference):
    first(content, "activities", id="EDM-02").update(area="ICC", number="5.70")
    revisions, _ = revisions_context(difference(content), EN)
    gone, came = revised(revisions)
    assert [
        said.startswith("Moved to another area: 1.2 to “Information") for said in statements(gone)
    ] == [True]
    (table,) = came.blocks
    assert text(table.rows[0].cells[2]).startswith(
        "Moved from another area: from “Executive direction"
    )


def test_new_and_withdrawn_activities__tell_their_money(content, difference):
    row = {**content["activities"][0], "id": "EDM-90", "number": "1.90"}
    content["activities"].append(row)
    assert phrases(difference(content))["1.90"] == ["Cost: not yet costed"]
    content["costs"].append({"activity": "EDM-90", "amount": 500, "category": "travel"})
    content["funding"].append(
        {"activity": "EDM-90", "amount": 200, "source": "CORE", "stage": "received"}
    )
    found = difference(content)
    assert phrases(found)["1.90"] == [
        "Cost: travel: 500.00",
        "Funding: Core budget, received: 200.00",
    ]
    back = compared_of(content, dict(read_sample("example")))
    revisions, _ = revisions_context(back, EN)
    assert pages.said(tables(revisions, "revisions")[0].rows[0].cells[2], "mark") == ["Withdrawn"]
    report = changes_text(back, Words(EN), colour=True, width=80)
    assert "EDM-90" in report


def compared_of(old, new):
    return compared(checkup_of(old), checkup_of(new))


def test_every_table__can_be_told_in_every_language(content, difference):
    """One field of each table is another; nothing fails, and nothing is told twice."""
    texts = {"areas", "sources", "donors", "mandates", "scenarios", "findings", "subjects"}
    texts |= {"recommendations", "evidence", "steps", "needs", "requests", "posts"}
    for name in texts:
        row = content[name][0]
        base = next(key[:-3] for key in row if key.endswith("_en"))
        for language in Language:
            row[f"{base}_{language}"] = f"{row[f'{base}_{language}']} +"
    content["weights"][0]["weight"] -= 5
    content["weights"][1]["weight"] += 5
    content["postfunding"][0]["percent"] -= 1
    content["allocations"][0]["percent"] -= 1
    found = difference(content)
    assert {row.table for row in found.rows} == texts | {"weights", "postfunding", "allocations"}
    for language in Language:
        revisions, missing = revisions_context(found, language)
        assert missing == []
        lists = [part for part in revised(revisions) if part.anchor.startswith("part-")]
        assert len(lists) == len(texts) + 2 - 1
        assert changes_text(found, Words(language), colour=False, width=60)


def test_no_difference__is_said(difference):
    found = difference(read_sample("example"))
    revisions, _ = revisions_context(found, EN)
    assert pages.sentences(revisions) == ["There are no differences between the two versions."]
    assert pages.tables(revisions) == []


def test_figures_only__are_told_when_the_rest_is_the_same(content, difference):
    content["activities"][0]["costing"] = "partial"
    found = difference(content)
    assert found.figures == ()
    assert "No figures change." in changes_text(found, Words(EN), colour=False, width=100)


def test_rounded_figures__differ_as_they_are_shown(content):
    content["programme"][0]["rounding"] = "thousand"
    new = {**content, "costs": [dict(row) for row in content["costs"]]}
    row = first(new, "costs", activity="EDM-01", category="travel", year=2025)
    row |= {"amount": 22801, "quantity": None, "unit_cost": None}
    revisions, _ = revisions_context(compared_of(content, new), EN)
    (effects,) = tables(revisions, "effects")
    differences = [text(row.cells[-1]) for row in effects.rows if row.look != "group"]
    assert differences
    assert all(differences)
    assert "<\u00a01" in differences


def test_names_of_the_templates__are_those_of_the_context():
    for name in ("revisions", "annex-compared"):
        path = template_folder() / name / f"{name}.html.j2"
        tree = template_environment().parse(path.read_text(encoding="utf-8"))
        imported = {node.target for node in tree.find_all(nodes.Import)}
        found = meta.find_undeclared_variables(tree) - imported
        assert found <= {field.name for field in fields(PageDocument)}


def test_compared_annex__says_what_costs_include_as_the_annex_does(content):
    row = first(content, "costs", activity="EDM-01", category="travel", year=2025)
    row |= {"unit_cost": 2050, "amount": 24600}
    sides = [checkup_of(dict(read_sample("example"))), checkup_of(content)]
    both = compared(*sides), *map(totals_of, sides)
    paper, _ = compared_context(*both, EN)
    net = "Costs are net: programme support costs of 13 per cent are added below the total."
    posts = "Costs exclude the posts of the Secretariat."
    assert {net, posts} < {*paper.statements}
    labels = [row.cells[0] for row in pages.table(paper, "totals").rows]
    assert labels[-2:] == ["Programme support costs (13%)", "Grand total"]
    extract, _ = compared_context(*both, EN, "EDM")
    assert {"Costs are net: programme support costs are not included.", posts} < {
        *extract.statements
    }


def test_sizes_of_posts__have_two_decimals_and_their_table_no_empty_column(content, difference):
    post = first(content, "posts", id=content["posts"][5]["id"])
    post["share"] = 0.8
    paper, _ = revisions_context(difference(content), EN)
    (table,) = tables(paper, "revisions")
    assert pages.heads(table) == ["Item", "Revision"]
    (row,) = pages.texts(table)
    assert row[1] == "Full-time equivalent: decreased by 0.20, from 1.00 to 0.80"


def test_compared_annex__marks_what_happened(content):
    rows = content["activities"]
    first(content, "activities", id="EDM-02").update(area="ICC", number="5.70")
    first(content, "activities", id="EDM-03")["title_en"] = "Organize meetings"
    first(content, "activities", id="EDM-04")["number"] = "1.44"
    rows.remove(first(content, "activities", id="EDM-06"))
    for name in ("costs", "funding"):
        content[name] = [row for row in content[name] if row["activity"] != "EDM-06"]
    rows.append({**first(content, "activities", id="EDM-01"), "id": "EDM-91", "number": "1.91"})
    first(content, "funding", activity="EDM-01")["source"] = "VC"
    sides = [checkup_of(dict(read_sample("example"))), checkup_of(content)]
    several_totals = [totals_of(side) for side in sides]
    context, missing = compared_context(compared(*sides), *several_totals, EN)
    assert missing == []
    table, note, *_ = context.body[0].blocks
    marks = {row.cells[0]: "; ".join(pages.said(row.cells[1], "mark")) for row in table.rows[:-1]}
    assert marks["1.2"].startswith("Moved to “Information")
    assert marks["1.3"] == "Reworded"
    assert marks["1.44"] == "Formerly 1.4"
    assert marks["1.6"] == "Withdrawn"
    assert marks["1.91"] == "New activity"
    assert list(marks)[:2] == ["1.1", "1.2"]
    assert (note.mark, table.rows[0].cells[1].paragraphs[-1].notes) == ("a", "a")
    assert note.text.startswith("Funding available: core budget ")
    assert pages.heads(table)[2:5] == ["Earlier version", "Revised", "Increase (decrease)"]
    assert table.rows[-1].cells[3].startswith("(")


def test_adopted_version__is_called_approved(content):
    content["programme"][0]["status"] = "adopted"
    old, new = checkup_of(content), checkup_of(dict(read_sample("example")))
    context, _ = compared_context(compared(old, new), totals_of(old), totals_of(new), EN)
    heads = pages.heads(pages.table(context, "activities"))
    assert heads[2:5] == ["Approved", "Revised", "Increase (decrease)"]


def test_compared_annex__lacking_texts_is_refused(content):
    content["activities"][0].pop("title_fr")
    old, new = checkup_of(dict(read_sample("example"))), checkup_of(content)
    with pytest.raises(UnfitData) as caught:
        build_compared(old, new, Request(languages=[Language.FR], formats=["html"]))
    assert [text.key for text in caught.value.values["texts"]] == ["EDM-01"]
    made = build_compared(old, new, Request(languages=[EN, Language.FR], formats=["html"]))
    assert list(made.files) == ["annex-compared.en.html", "manifest.json"]
    assert [(one.document, one.language) for one in made.left_out] == [
        ("annex-compared", Language.FR)
    ]


def test_options__go_before_both_workbooks_of_a_comparison(content):
    old, new = checkup_of(dict(read_sample("example"))), checkup_of(content)
    options = {"rounding": "thousand", "number_style": "point"}
    request = Request(languages=[EN], formats=["html"], trace=True, **options)
    files = build_compared(old, new, request).files
    figures = json.loads(files["annex-compared.en.trace.json"])["figures"]
    by_path = {figure["path"]: figure for figure in figures}
    for name in ("total/cost", "earlier/total/cost"):
        (printed, *_) = by_path[f"annex-compared/{name}"]["printed"]
        assert printed["text"] in {"at least 6.398", "at least 6.399"}


def test_summary__of_a_list_lacking_texts_is_refused(content):
    content["recommendations"][0]["status"] = "done"
    content["recommendations"][0].pop("text_es")
    old, new = checkup_of(dict(read_sample("example"))), checkup_of(content)
    with pytest.raises(UnfitData) as caught:
        summary_of_revisions(old, new, Language.ES, "html")
    assert [text.key for text in caught.value.values["texts"]] == ["1.1"]
    assert summary_of_revisions(old, new, Language.FR, "html")


def test_faulty_values__are_told_as_they_stand(content, difference):
    first(content, "funding", activity="EDM-01").update(stage="given", source=None, amount=-1)
    first(content, "costs", activity="EDM-02").update(category="lunch", year=1066)
    first(content, "activities", id="EDM-03").update(area="NONE", number=None)
    content["weights"][0]["criterion"] = None
    found = difference(content)
    assert found.undrawn
    for language in Language:
        report = changes_text(found, Words(language), colour=False, width=100)
        assert "1066" in report
        assert "NONE" in report


def test_progress__is_told_with_its_activity(content, difference):
    row = {"activity": "EDM-01", "as_at": dt.date(2031, 3, 1), "status": "ongoing"}
    content.setdefault("progress", []).append(row)
    (told,) = phrases(difference(content))["1.1"]
    assert told.startswith("Progress as at 1\u00a0March 2031: ongoing")


def test_overview__counts_every_kind_of_change_and_the_totals_apart(content, difference):
    activities = {row["id"]: row for row in content["activities"]}
    activities["EDM-01"]["title_en"] += " Report to the Committee."
    activities["EDM-02"]["priority"] = "high"
    activities["EDM-03"]["number"] = "1.33"
    activities["IAC-04"] |= {"area": "PAG", "number": "4.99"}
    content["activities"].insert(0, content["activities"].pop(6))
    added = {"id": "ICC-90", "number": "5.90", "area": "ICC", "title_en": "Train"}
    content["activities"].append(added)
    row = next(r for r in content["costs"] if r["activity"] == "ICC-02" and "quantity" not in r)
    row["amount"] = float(row["amount"]) + 1000
    first(content, "funding", stage="pledged")["stage"] = "received"

    revisions, _ = revisions_context(difference(content), EN)

    counts, *totals = [item.text for item in pages.section(revisions, "overview").blocks]
    assert counts == (
        "Activities added: 1; activities moved to another area: 1; activities reordered within"
        " their area: 1; activities renumbered: 1; activities reworded: 1; activities with changed"
        " amounts: 1; activities with changed priority: 1; contributions with a changed stage: 1."
    )
    assert totals[0].startswith("Total cost: increased by 1,000.00")


def test_compared_annex__marks_the_words_of_a_reworded_title(content):
    before = copy.deepcopy(content)
    first(before, "activities", id="EDM-01")["title_en"] = "Give overall direction to the staff."
    title = "Give new direction to the staff.\n\nReport."
    first(content, "activities", id="EDM-01")["title_en"] = title
    old, new = checkup_of(before), checkup_of(content)

    paper, _ = compared_context(compared(old, new), totals_of(old), totals_of(new), EN)

    cell = next(r for r in tables(paper, "activities")[0].rows if r.key == "EDM-01").cells[1]
    pieces = [(piece.look, piece.text) for part in cell.paragraphs for piece in part.pieces]
    assert pieces == [
        ("", "Give "),
        ("removed", "overall"),
        ("", " "),
        ("added", "new"),
        ("", " direction to the staff."),
        ("added", "Report."),
    ]
    legend = "Added words are underlined; deleted words are struck through."
    assert legend in paper.statements


def test_summary__is_named_at_the_head_of_each_page_as_other_papers_are(content):
    old, new = checkup_of(dict(read_sample("example"))), checkup_of(content)
    paper, _ = revisions_context(compared(old, new), EN)

    assert paper.head.endswith(" – Summary of revisions")
