"""Pictures and bookmarks that loops repeat, or conditions cut, stand once and whole."""

from __future__ import annotations

from lxml import etree

from cmswp_xl.render.finish import W, number_marks

WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"


def numbered(body, first=1):
    """Number a text, and give its marks in short: tag, number, name."""
    root = etree.fromstring(f'<w:body xmlns:w="{W}" xmlns:wp="{WP}">{body}</w:body>')
    number_marks(root, first)
    return [
        (etree.QName(item).localname.removeprefix("bookmark"), *item.attrib.values())
        for item in root.iter()
        if item is not root
    ]


def start(number, name):
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'


def end(number):
    return f'<w:bookmarkEnd w:id="{number}"/>'


def test_repeated_pictures__get_numbers_of_their_own():
    assert numbered('<wp:docPr id="7"/><wp:docPr id="7"/>', 5) == [("docPr", "5"), ("docPr", "6")]


def test_repeated_bookmark__stands_once():
    row = start(0, "_GoBack") + end(0)
    assert numbered(row * 3) == [("Start", "1", "_GoBack"), ("End", "1")]


def test_bookmarks_that_cross__keep_their_ends():
    crossed = start(0, "a") + start(1, "b") + end(0) + end(1)
    marks = numbered(crossed)
    assert marks == [("Start", "1", "a"), ("Start", "2", "b"), ("End", "1"), ("End", "2")]


def test_bookmark_of_one_number_but_another_name__is_kept():
    marks = numbered(start(0, "a") + end(0) + start(0, "b") + end(0))
    assert marks == [("Start", "1", "a"), ("End", "1"), ("Start", "2", "b"), ("End", "2")]


def test_bookmark_without_its_other_end__goes():
    assert numbered(start(0, "a") + end(1)) == []
