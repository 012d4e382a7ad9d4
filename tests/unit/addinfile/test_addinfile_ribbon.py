"""The XML of the ribbon: of the right shape, with a callback for each of its callbacks."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from lxml import etree

NAMESPACE = "http://schemas.microsoft.com/office/2006/01/customui"
NAMED = {"id", "getLabel"}
TIPS = {"getScreentip", "getSupertip", "imageMso", "onAction"}
ALLOWED = {
    "customUI": (set(), {"onLoad"}, {"ribbon"}),
    "ribbon": (set(), {"startFromScratch"}, {"tabs"}),
    "tabs": (set(), set(), {"tab"}),
    "tab": (NAMED, {"insertAfterMso"}, {"group"}),
    "group": (NAMED, {"imageMso"}, {"button", "dropDown"}),
    "button": (NAMED | TIPS, {"size"}, set()),
    "dropDown": (
        NAMED | TIPS | {"getItemCount", "getItemID", "getItemLabel", "getSelectedItemIndex"},
        {"sizeString"},
        set(),
    ),
}
"""By element: the attributes it needs, those it may have, and its children."""
CONTROL = "ByVal control As IRibbonControl"
RETURNED = "ByRef returned As Variant"
INDEX = "ByVal index As Integer"
SIGNATURES = {
    "onLoad": "ByVal ribbon As IRibbonUI",
    "button.onAction": CONTROL,
    "dropDown.onAction": f"{CONTROL}, ByVal id As String, {INDEX}",
    "getLabel": f"{CONTROL}, {RETURNED}",
    "getScreentip": f"{CONTROL}, {RETURNED}",
    "getSupertip": f"{CONTROL}, {RETURNED}",
    "getItemCount": f"{CONTROL}, {RETURNED}",
    "getSelectedItemIndex": f"{CONTROL}, {RETURNED}",
    "getItemID": f"{CONTROL}, {INDEX}, {RETURNED}",
    "getItemLabel": f"{CONTROL}, {INDEX}, {RETURNED}",
}
"""What Excel calls each callback with, in the order that it gives."""


def name_of(element):
    return etree.QName(element).localname


def callbacks(ribbon):
    for element in ribbon.iter():
        for key, value in element.attrib.items():
            kind = f"{name_of(element)}.{key}"
            if kind in SIGNATURES or key in SIGNATURES:
                yield SIGNATURES.get(kind) or SIGNATURES[key], value


def test_every_element_is_of_the_namespace_and_where_it_may_be(ribbon):
    for element in ribbon.iter():
        assert etree.QName(element).namespace == NAMESPACE
        needed, optional, children = ALLOWED[name_of(element)]
        assert needed <= set(element.attrib) <= needed | optional, element.attrib
        assert {name_of(child) for child in element} <= children


def test_no_id_stands_twice_and_each_is_a_name(ribbon):
    ids = Counter(ribbon.xpath("//@id"))

    assert set(ids.values()) == {1}
    assert all(re.fullmatch(r"cmswp[A-Z][A-Za-z]+", each) for each in ids)


def test_the_tab_has_the_groups_that_were_asked_for(ribbon):
    groups = {
        group.get("id"): [name_of(each) for each in group] for group in ribbon.xpath("//*[@id]")
    }

    assert {name: len(groups[name]) for name in groups if groups[name]} == {
        "cmswpTab": 5,
        "cmswpEnter": 2,
        "cmswpCheck": 3,
        "cmswpTotals": 2,
        "cmswpPublish": 6,
        "cmswpHelp": 2,
    }


def test_every_callback_has_its_sub_with_the_arguments_that_excel_gives(ribbon, sources):
    found = list(callbacks(ribbon))

    assert len(found) > 40
    for signature, value in found:
        module, _, name = value.partition(".")
        assert f"\nPublic Sub {name}({signature})\n" in sources[module]


def test_every_sub_with_a_control_is_a_callback_of_the_ribbon(ribbon, sources):
    subs = re.findall(r"Sub (\w+)\([^)]*IRibbon", sources["CmswpRibbon"])

    assert sorted(subs) == sorted({value.partition(".")[2] for _, value in callbacks(ribbon)})


@pytest.mark.parametrize("part", ["_rels/.rels", "[Content_Types].xml"])
def test_the_package_refers_to_the_ribbon(parts, part):
    text = parts[part].decode()

    assert ('Target="customUI/customUI.xml"' in text) == (part == "_rels/.rels")
    assert "macroEnabled" in text or part == "_rels/.rels"


def test_the_language_list_has_an_entry_for_every_choice(sources):
    from cmswp_xl.messages.labels import PUBLISH_LANGUAGES

    assert f'Split("{" ".join(PUBLISH_LANGUAGES)}")' in sources["CmswpRibbon"]
    assert f"    returned = {len(PUBLISH_LANGUAGES)}\n" in sources["CmswpRibbon"]


def test_the_texts_are_those_of_the_controls_and_no_others(ribbon):
    from cmswp_xl.resources import texts

    controls = texts("ribbon")["controls"]
    assert set(ribbon.xpath("//@id")) == set(controls)
    for element in ribbon.xpath("//*[@getScreentip]"):
        control = controls[element.get("id")]
        assert control["screentip"]
        assert control["supertip"]
