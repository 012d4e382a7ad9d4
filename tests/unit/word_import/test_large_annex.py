"""An annex with as many rows as no paper has: read in full."""

from __future__ import annotations

import io
import zipfile

from typed_annexes import Typed

ROWS = 2_500
_CELL = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"


def _row(number: int) -> str:
    cells = (f"{number}", "Text.", "100", "40", "10", "50")
    return f"<w:tr>{''.join(map(_CELL.format, cells))}</w:tr>"


def test_thousands_of_rows__are_all_read(rows):
    typed = Typed().heading("Birds")
    typed.activities([("1.1", "Text.", "100", "", "", "100")])
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(typed.data())) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            text = old.read(name)
            if name == "word/document.xml":
                more = "".join(map(_row, range(ROWS)))
                text = text.replace(b"</w:tbl>", more.encode() + b"</w:tbl>", 1)
            new.writestr(name, text)

    found = rows(stream.getvalue())

    assert (len(found["activities"]), len(found["funding"])) == (ROWS + 1, 2 * ROWS)
