"""What elements hold stands in the order of the schemas, and what Word lacks is completed."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from packages import unpacked

from cmswp_xl.ooxml import Package, open_package
from cmswp_xl.render.finish import ORDER, W, finish_part, finish_plain_part, put_in_order
from cmswp_xl.render.templates import SHARED_STYLES
from cmswp_xl.resources import template_folder

SCHEMA = "data/openxml/schemas/schemas_openxmlformats_org_wordprocessingml_2006_main.json"
SPACES = {"w": W, "w14": "http://schemas.microsoft.com/office/word/2010/wordml"}
UNORDERED = {"w14:conflictIns", "w14:conflictDel", "w15:footnoteColumns"}
"""What Word writes only while two people edit at once, or newer than what is ordered here."""
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def tag(name):
    prefix, _, local = name.rpartition(":")
    return f"{{{SPACES[prefix or 'w']}}}{local}"


def children(particle):
    """Give the names that a part of a schema lists, in its order."""
    if "Name" in particle:
        yield particle["Name"].partition("/")[2]
    for item in particle.get("Items", []):
        yield from children(item)


def orders():
    """Give each order of the elements that are ordered here, as Microsoft's schemas have it."""
    for kind in json.loads((files("openxml_audit") / SCHEMA).read_text("utf-8"))["Types"]:
        name = kind["Name"].partition("/")[2]
        if name.startswith("w:") and tag(name) in ORDER and kind.get("Particle"):
            yield kind["Name"], tag(name), list(children(kind["Particle"]))


@pytest.mark.parametrize(
    ("parent", "names"), [pytest.param(*order[1:], id=order[0]) for order in orders()]
)
def test_order__is_that_of_the_schema(parent, names):
    known = [name for name in names if name not in UNORDERED and not name.endswith("Change")]
    places = [ORDER[parent][tag(name)] for name in known]
    assert places == sorted(places)


def test_order__covers_every_element_of_which_the_schema_knows_one():
    assert {parent for _, parent, _ in orders()} == set(ORDER)


@given(st.sampled_from(sorted(ORDER)), st.data())
def test_children_in_any_order__are_put_in_the_order_of_the_schema(parent, data):
    order = sorted(ORDER[parent], key=ORDER[parent].__getitem__)
    chosen = data.draw(st.lists(st.sampled_from(order), max_size=8))
    root = etree.Element("root")
    item = etree.SubElement(root, parent)
    for number, name in enumerate(chosen):
        etree.SubElement(item, name).set("n", str(number))
    put_in_order(root)
    expected = sorted(enumerate(chosen), key=lambda pair: ORDER[parent][pair[1]])
    assert [(int(child.get("n")), child.tag) for child in item] == expected


def test_children_of_children__are_put_in_order_too():
    root = etree.fromstring(
        f'<w:style xmlns:w="{W}"><w:pPr><w:jc/><w:pBdr><w:bottom/><w:top/></w:pBdr><w:pStyle/>'
        "</w:pPr><w:name/></w:style>"
    )
    put_in_order(root)
    names = [etree.QName(item).localname for item in root.iter()]
    assert names == ["style", "name", "pPr", "pStyle", "pBdr", "top", "bottom", "jc"]


def test_what_is_not_known__follows_what_is_and_tracked_changes_come_last():
    root = etree.fromstring(
        f'<w:pPr xmlns:w="{W}"><w:pPrChange/><x/><w:jc/><!-- note --><w:pStyle/></w:pPr>'
    )
    put_in_order(root)
    names = [getattr(item.tag, "__name__", item.tag).rpartition("}")[2] for item in root]
    assert names == ["pStyle", "jc", "x", "Comment", "pPrChange"]


def finished(body):
    source = f'<w:document xmlns:w="{W}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    root = etree.fromstring(finish_part(source, "en-GB", landscape=False))
    return [etree.QName(item).localname for item in root.iter()][2:]


ROW = "<w:tr><w:tc><w:tcPr/><w:p/></w:tc></w:tr>"
PLAIN = ["tbl", "tr", "tc", "tcPr", "p", "p", "sectPr"]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (f"<w:tbl>{ROW}</w:tbl><w:p/>", PLAIN),
        (f"<w:tbl>{ROW}<w:tr><w:trPr/></w:tr></w:tbl><w:p/>", PLAIN),
        ("<w:tbl><w:tblPr/><w:tr/></w:tbl><w:p/>", ["p", "sectPr"]),
        ("<w:tbl><w:tr><w:tc><w:tcPr/></w:tc></w:tr></w:tbl><w:p/>", PLAIN),
        ("", ["p", "sectPr"]),
    ],
    ids=["whole", "row without cells", "table without rows", "cell without text", "nothing"],
)
def test_what_loops_and_conditions_left__is_completed(body, names):
    assert finished(body) == names


@pytest.mark.parametrize("holder", ["{}", "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl><w:p/>"])
def test_after_a_last_table__comes_a_paragraph_that_takes_no_room(holder):
    names = finished(holder.format(f"<w:tbl>{ROW}</w:tbl>"))
    after = names.index("p") + 1
    assert names[after : after + 5] == ["p", "pPr", "spacing", "rPr", "sz"]


def settings(*items):
    return f'<w:settings xmlns:w="{W}">{"".join(items)}</w:settings>'.encode()


def mode(value):
    uri = "http://schemas.microsoft.com/office/word"
    return f'<w:compatSetting w:name="compatibilityMode" w:uri="{uri}" w:val="{value}"/>'


@pytest.mark.parametrize(
    "items",
    [
        ("<w:zoom/>", "<w:rsids/>"),
        ("<w:zoom/>", "<w:compat/>", "<w:rsids/>"),
        ("<w:zoom/>", f"<w:compat>{mode(12)}</w:compat>", "<w:rsids/>"),
        ("<w:zoom/>", f"<w:compat>{mode(14)}{mode(14)}</w:compat>", "<w:rsids/>"),
    ],
)
def test_settings__have_word_lay_out_as_it_does_today(items):
    root = etree.fromstring(finish_plain_part(settings(*items), "en-GB"))
    assert [etree.QName(item).localname for item in root] == ["zoom", "compat", "rsids"]
    (setting,) = root.iter(tag("compatSetting"))
    assert (setting.get(tag("name")), setting.get(tag("val"))) == ("compatibilityMode", "15")


def test_settings_without_what_follows__end_with_how_word_lays_out():
    root = etree.fromstring(finish_plain_part(settings("<w:zoom/>"), "en-GB"))
    assert [etree.QName(item).localname for item in root] == ["zoom", "compat"]


def test_what_the_makers_program_left__goes_with_its_relationships():
    kinds = "http://schemas.openxmlformats.org/package/2006"
    relations = f'<Relationships xmlns="{kinds}/relationships">{{}}</Relationships>'
    item = '<Relationship Id="{0}" Type="{1}/{0}" Target="{2}"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}/content-types">'
        '<Default Extension="xml" ContentType="text/xml"/>'
        '<Override PartName="/docProps/app.xml" ContentType="a"/>'
        '<Override PartName="/word/document.xml" ContentType="d"/></Types>',
        "_rels/.rels": relations.format(
            item.format("officeDocument", OFFICE, "word/document.xml")
            + item.format("extended-properties", OFFICE, "/docProps/app.xml")
        ),
        "word/_rels/document.xml.rels": relations.format(
            item.format("styles", OFFICE, "styles.xml")
            + item.format("stylesWithEffects", OFFICE, "old.xml")
        ),
        **dict.fromkeys(("docProps/app.xml", "word/old.xml"), "gone"),
        **dict.fromkeys(("word/document.xml", "word/styles.xml"), "kept"),
    }
    data = {name: text.encode() for name, text in parts.items()}
    package = Package(data)
    package.leave_out({"extended-properties", "stylesWithEffects"}, "", "word/document.xml")
    kept = unpacked(package.to_bytes())
    assert set(parts) - set(kept) == {"docProps/app.xml", "word/old.xml"}
    assert b"".join(kept.values()).count(b"kept") == 2
    left = b"".join(kept.values())
    assert b"old.xml" not in left
    assert b"app.xml" not in left
    assert b'Target="styles.xml"' in left
    assert b'PartName="/word/document.xml"' in left


def test_frames_of_the_shipped_styles__stand_within_the_margins():
    package = open_package((template_folder() / SHARED_STYLES).read_bytes(), SHARED_STYLES)
    styles = etree.fromstring(package.read("word/styles.xml"))
    framed = 0
    for properties in styles.iterfind(f"{tag('style')}/{tag('pPr')}"):
        for line in properties.iterfind(f"{tag('pBdr')}/*"):
            if line.tag in (tag("left"), tag("right")):
                room = int(line.get(tag("space"))) * 20 + int(line.get(tag("sz"))) * 2.5
                assert int(properties.find(tag("ind")).get(line.tag)) >= room
                framed += 1
    assert framed >= 6
