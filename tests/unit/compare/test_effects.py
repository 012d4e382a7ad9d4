"""What follows from typed changes in sums, told apart from them."""

from __future__ import annotations

from decimal import Decimal

from versions import checkup_of

from cmswp_xl.compare import Level, Undrawn, grouped
from cmswp_xl.pipeline import compared


def by_level(comparison, figure):
    return {
        (item.level.value, item.key): item.difference
        for item in comparison.figures
        if item.figure == figure
    }


def test_one_amount__changes_activity_area_total_and_what_is_added(content, difference):
    row = next(r for r in content["costs"] if r["activity"] == "EDM-01")
    row |= {"amount": row["amount"] + 1000, "quantity": None, "unit_cost": None}
    found = difference(content)
    assert by_level(found, "cost") == {
        ("activity", "EDM-01"): 1000,
        ("area", "EDM"): 1000,
        ("total", ""): 1000,
        ("support-costs", ""): 130,
        ("grand-total", ""): 1130,
    }
    assert [change.table for change in found.rows] == ["costs"]


def test_figures__of_parts_add_up_to_the_total(content, difference):
    content["activities"] = [a for a in content["activities"] if a["id"] != "ICC-03"]
    for name in ("costs", "funding", "recommendations"):
        content[name] = [r for r in content[name] if r.get("activity") != "ICC-03"]
    numbers = {row["number"] for row in content["recommendations"]}
    content["steps"] = [s for s in content["steps"] if s["recommendation"] in numbers]
    content["steps"] = [{**s, "seq": i} for i, s in enumerate(content["steps"], 1)]
    for row in content["findings"]:
        row.pop("recommendations", None)
    for name in ("needs", "requests"):
        content[name] = []
    content["subjects"] = [
        s for s in content["subjects"] if any(n.split(".")[0] == str(s["point"]) for n in numbers)
    ]
    found = difference(content)
    assert found.undrawn == ()
    cost = by_level(found, "cost")
    assert cost["activity", "ICC-03"] == cost["area", "ICC"] == cost["total", ""] < 0


def test_currency__that_changed_leaves_figures_out(content, difference):
    content["programme"][0]["currency"] = "USD"
    for row in content["funding"]:
        row.pop("original_amount", None)
    found = difference(content)
    assert (found.undrawn, found.figures) == ((Undrawn.CURRENCY,), ())
    changed = [c.field for row in found.rows for c in row.changes]
    assert set(changed) == {"currency", "original_amount"}


def test_errors__leave_figures_out_and_typed_changes_in(content):
    good = checkup_of(content)
    bad = checkup_of({**content, "costs": [{**content["costs"][0], "activity": "NONE"}]})
    assert compared(bad, good).undrawn == (Undrawn.OLD_ERRORS,)
    found = compared(good, bad)
    assert found.undrawn == (Undrawn.NEW_ERRORS,)
    assert found.rows


def test_area_that_is_renamed_in_case_only__stays_the_same(content, difference):
    content["areas"][0]["code"] = "edm"
    assert not difference(content)


def test_groups__hold_each_change_once(content, difference):
    content["costs"][0]["note"] = "Other"
    content["activities"][1]["area"] = "ICC"
    content["activities"][1]["number"] = "5.77"
    content["allocations"][0]["percent"] -= 5
    content["posts"][0]["grade"] = "D-2"
    content["donors"].append({"code": "NEW", "name_en": "N", "name_fr": "N", "name_es": "N"})
    content["weights"][0]["weight"] -= 1
    content["programme"][0]["revision"] = "2"
    found = difference(content)
    groups = grouped(found)
    area, other = groups.areas
    assert (area.key, [a.key for a in area.activities]) == ("EDM", ["EDM-01"])
    assert [a.key for a in area.gone] == ["EDM-02"]
    assert [row.table for row in area.staff] == ["allocations"]
    assert [a.key for a in other.activities] == ["EDM-02"]
    assert [row.table for row in groups.lists] == ["posts", "weights", "donors"]
    assert groups.settings is not None


def test_blank__counts_as_nothing_in_a_difference(content, difference):
    free = next(a["id"] for a in content["activities"] if a["id"] == "ICC-12")
    content["costs"] = [r for r in content["costs"] if r["activity"] != free]
    before = difference(content)
    content["costs"].append({"activity": free, "amount": 50, "support_cost": "excluded"})
    after = difference(content)
    change = by_level(after, "cost")["total", ""] - by_level(before, "cost").get(
        ("total", ""), Decimal(0)
    )
    assert change == 50
    assert {item.level for item in after.figures} <= set(Level)
