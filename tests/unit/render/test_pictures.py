"""Charts in Word templates: drawn in place of the pictures of their names."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
from docx import Document
from docx.shared import Cm
from jinja2 import TemplateRuntimeError
from PIL import Image

from cmswp_xl.charts import BarChart, Series
from cmswp_xl.charts.drawing import png
from cmswp_xl.ooxml import Package
from cmswp_xl.render.docx import place_pictures
from cmswp_xl.render.templates import template_environment

CHART = BarChart(("A",), (Series("Cost", "cost", (Decimal(1),), ("1",)),), 8.5, 3.4)


def stand_in(kind="PNG"):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 16), "white").save(buffer, kind)
    buffer.seek(0)
    return buffer


def word(*names, kind="PNG", head=False):
    """Return the parts of a Word file with pictures of these names, all of the same image."""
    document = Document()
    for name in names:
        shape = document.add_picture(stand_in(kind), Cm(8.5))
        shape._inline.docPr.set("name", name)
    if head:
        document.sections[0].header.paragraphs[0].add_run().add_picture(stand_in(kind))
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as package:
        return {name: package.read(name) for name in package.namelist()}


def placed(parts, charts):
    package = Package(parts)
    place_pictures(package, charts)
    return {name: package.read(name) for name in package.names()}


def opened(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return Document(buffer)


def pictures(parts):
    """Return the pictures that Word would show, in order."""
    document = opened(parts)
    key = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
    blips = document.element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip")
    return [document.part.related_parts[blip.get(key)].blob for blip in blips]


def media(parts):
    return sorted(name for name in parts if name.startswith("word/media/"))


def test_chart__is_drawn_in_place_of_its_stand_in():
    parts = placed(word("costs"), {"costs": CHART})
    assert pictures(parts) == [png(CHART)]
    assert media(parts) == ["word/media/chart-costs.png"]


def test_picture_of_another_name__stays():
    parts = placed(word("costs", "logo"), {"costs": CHART})
    assert pictures(parts) == [png(CHART), stand_in().getvalue()]


def test_chart__takes_the_place_of_every_picture_of_its_name():
    parts = placed(word("costs", "costs"), {"costs": CHART, "other": CHART})
    assert pictures(parts) == [png(CHART)] * 2
    assert len(media(parts)) == 1


def test_stand_in_of_another_format__is_replaced_too():
    parts = placed(word("costs", kind="JPEG"), {"costs": CHART})
    assert pictures(parts) == [png(CHART)]


def test_picture_of_a_header__stays():
    parts = placed(word("costs", head=True), {"costs": CHART})
    assert len(media(parts)) == 2
    assert opened(parts)


@pytest.mark.parametrize("charts", [None, {}])
def test_file_without_charts__is_left_as_it_was(charts):
    parts = word("logo")
    assert pictures(placed(parts, charts)) == pictures(parts)


def test_anything_but_a_chart__is_a_fault_of_the_template():
    template = template_environment().from_string("{{ title|svg }}")
    with pytest.raises(TemplateRuntimeError):
        template.render(title="T")
