"""The guide for the document unit lists the tags that templates can use, and no others."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from cmswp_xl.documents.cover import Contents
from cmswp_xl.restyling import sample_contexts

GUIDE = (Path(__file__).parents[3] / "docs" / "documents.md").read_text(encoding="utf-8")
TAGS = GUIDE.partition("### The tags")[2].partition("\n## ")[0]
ROWS = [line.split("|")[1] for line in TAGS.splitlines() if line.startswith("| `")]
LISTED = {name for cell in ROWS for name in re.findall(r"`([a-z_]+)", cell)}


def test_tags_of_the_guide__are_the_fields_of_what_documents_print() -> None:
    contexts = {*map(type, sample_contexts().values()), Contents}
    made = {field.name for kind in contexts for field in fields(kind)}

    assert made - {"pictures"} == LISTED
