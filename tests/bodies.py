"""Bodies of documents in Word as text, the tables in their places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cmswp_xl.render.body import BodyWriter

_PLACE = re.compile(r'<w:tbl table="(\d+)"/>')


def with_tables(write: BodyWriter, text: object, room: int | None = None) -> str:
    """Put the tables that were written into their places; as wide as they are without a room."""
    return _PLACE.sub(lambda place: write.tables[int(place[1])].xml(room), str(text))
