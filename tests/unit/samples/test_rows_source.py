"""Rows made by a program enter by the same door as a file."""

from __future__ import annotations

import pytest
from sheets import places

from cmswp_xl import samples
from cmswp_xl.errors import BrokenResource
from cmswp_xl.languages import Language
from cmswp_xl.matching import match_tables
from cmswp_xl.samples import RowsSource, read_sample
from cmswp_xl.schema import load_schemas
from cmswp_xl.validate import check_tables


def source(**content):
    return RowsSource(content, load_schemas(), Language.EN)


def test_content_without_rows__has_the_tables_that_must_be_there():
    names = [table.name for table in source().tables()]

    assert names == ["Programme", "Areas", "Activities", "Sources"]


def test_amount_in_quotes__is_the_number_a_cell_would_hold():
    costs = source(costs=[{"activity": "X", "amount": "12.10"}])

    (raw,) = [table for table in costs.tables() if table.name == "Costs"]
    assert 12.1 in raw.rows[0][1]


def test_fault_in_a_row__stands_where_its_cell_would_be():
    content = {"areas": [{"code": "ICC", "title_en": "x", "title_fr": "x", "title_es": "x"}] * 2}
    tables, _ = match_tables(source(**content), load_schemas())

    found = places(check_tables(tables).issues)
    assert [place for place in found if place[2] == "duplicate-key"] == [
        ("Areas", "A2", "duplicate-key"),
        ("Areas", "A3", "duplicate-key"),
    ]


@pytest.mark.parametrize("content", [None, "a: [", "- 1\n- 2\n", "text"])
def test_sample_that_is_missing_or_malformed__is_a_broken_resource(tmp_path, monkeypatch, content):
    path = tmp_path / "broken.yaml"
    if content is not None:
        path.write_text(content)
    monkeypatch.setattr(samples, "sample", lambda _name: path)

    with pytest.raises(BrokenResource):
        read_sample("broken")
