"""The body of a request: what is no book, and what claims more than it sends."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("starlette")
pytest.importorskip("limits")

from cmswp_xl.server.middleware import Refusal, check_book, check_call, parse_json

MOST = 1_000


def table(area="A1:B2", **changes):
    found = {"name": "T", "range_address": area, "show_headers": True, "show_totals": False}
    return {**found, **changes}


def sheet(rows=2, columns=2, tables=(), **changes):
    values = [[1] * columns for _ in range(rows)]
    return {"name": "S", "values": values, "tables": list(tables), **changes}


def book(*sheets, **changes):
    found = {"version": "1", "book": {"name": "a.xlsx"}, "names": [], "sheets": list(sheets)}
    return {**found, **changes}


def reason(action, *arguments):
    with pytest.raises(Refusal) as caught:
        action(*arguments)
    return caught.value.reason


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'"text"',
        b"{} {}",
        b"\xef\xbb\xbf{}",
        '{"a": 1}'.encode("utf-16"),
        '{"a": 1}'.encode("utf-16-be"),
        '{"a": 1}'.encode("utf-32"),
        '{"a": "é"}'.encode("latin-1"),
        b'{"a": "\xed\xa0\xbd"}',
        b'{"a": "\\ud83d"}',
        b'{"\\uDE00": 1}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e400}',
        b'{"a": ' + b"1" * 26 + b"}",
        b'{"a": ' + b"1" * 10_000 + b"}",
        b'{"a": 1, "a": 2}',
        b'{"a": [{"b": 1, "b": 1}]}',
        b'{"a": ' + b"[" * 16 + b"]" * 16 + b"}",
        b'{"a": ' + b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_what_is_not_an_object_in_strict_json__is_not_understood(body):
    assert reason(parse_json, body) == "not-understood"


def test_text_of_every_language__is_taken():
    body = b'{"a": "\\u00e9 \\ud83d\\ude00 \xf0\x9f\x98\x80", "b": [1e21, 12345678901234567890]}'

    assert parse_json(body) == {"a": "é 😀 😀", "b": [1e21, 12345678901234567890]}


@pytest.mark.parametrize(
    "content",
    [
        book(),
        book({"name": "S", "values": 1}),
        book(sheet(values=[[1], [1, 2]])),
        book(sheet(values=[[[1]]])),
        book(sheet(values=[[{"a": 1}]])),
        book(sheet(tables=[1])),
        book(sheet(tables=[table(show_headers=None)])),
        book(sheet(tables=[table(range_address=None)])),
        book(sheet(tables=[table("Prices")])),
        book(sheet(tables=[table("A:B")])),
        book(sheet(tables=[table("B2:A1")])),
        book(sheet(tables=[table("A1:XFE2")])),
        book(sheet(used_range_address="Prices")),
        book(sheet(used_range_address=5)),
        book(sheet(), version=1),
    ],
)
def test_what_has_not_the_shape_of_a_book__is_not_understood(content):
    assert reason(check_book, content, MOST) == "not-understood"


@pytest.mark.parametrize(
    "content",
    [
        book(sheet(tables=[table("A1:C2")])),
        book(sheet(tables=[table("A3:B4")])),
        book(sheet(tables=[table("A1:B5100", header_row_range_address=None)])),
        book(*(sheet(tables=[table("A1:B1500")]) for _ in range(5))),
        book(sheet(used_range_address="A1:B3")),
        book(sheet(used_range_address="C3")),
        book(sheet(tables=[table(header_row_range_address="A1:C1")])),
        book(sheet(tables=[table(data_body_range_address="A2:B3")])),
        book(sheet(tables=[table(total_row_range_address="A3:B3")])),
        book(sheet(tables=[table("A1:B2"), table("B2")])),
        book(sheet(tables=[table("A1:A2"), table("B1"), table("A2:B2")])),
        book(sheet(tables=[table("A1")] * 5)),
        book(sheet(0, 0, tables=[table("A1")])),
    ],
)
def test_claims_beyond_the_cells_sent__are_refused(content):
    assert reason(check_book, content, MOST) == "claims-more"


@pytest.mark.parametrize(
    "content",
    [
        book(
            sheet(tables=[table("A1:B2"), table("A3:B3"), table("$C$1:$D$3")], rows=3, columns=4)
        ),
        book(sheet(tables=[table("A1:B20")])),  # rows that are blank are not sent
        book(sheet(tables=[table(header_row_range_address="A1:B1")])),
        book(sheet(used_range_address="B2:B2")),
        book(sheet(values=[["", None], [True, 1.5]])),
        book(sheet(values=[[]], used_range_address=None)),
        book(sheet(values=[[""]], used_range_address="A1")),
    ],
)
def test_books_as_excel_sends_them__are_taken(content):
    check_book(content, MOST)


def test_too_much_of_one_kind__is_refused():
    tables = [table(f"A{row}") for row in range(1, 102)]

    assert reason(check_book, book(sheet(rows=501)), MOST) == "too-many-cells"
    assert reason(check_book, book(*[sheet()] * 1001), 100_000) == "too-many-sheets"
    crowded = book(sheet(rows=1000, columns=100, tables=tables))
    assert reason(check_book, crowded, 1_000_000) == "too-many-cells"


def test_call__is_named_and_counted():
    call = {"func_name": "CMSWP_COST", "args": [[[1, 2]], 3]}

    assert check_call(call, 3) == "CMSWP_COST"
    assert reason(check_call, call, 2) == "too-many-cells"
    assert reason(check_call, {**call, "args": {}}, 3) == "not-understood"
    assert reason(check_call, json.loads('{"func_name": 1, "args": []}'), 3) == "not-understood"
