"""
Build the Excel add-in from its sources, without Excel; run by `make addin`.

The package is xlwings' own ribbon add-in template, made in Excel. Its VBA project, ribbon,
settings and document properties are ours, and what the template has against the standard is
mended; every other part stays byte for byte. Parts are stored
without compression: deflate differs between versions of Python, and the file must not.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from vba_project import NAME, vba_project
from vba_texts import help_module, texts_module

from cmswp_xl.storage import write_file

HERE = Path(__file__).parent
ADDIN = HERE.parent / f"{NAME}.xlam"
FUNCTIONS = "cmswp_xl.excel.functions"
RIBBON = "customUI/customUI.xml"
_RIBBON_TYPE = "http://schemas.microsoft.com/office/{}/relationships/ui/extensibility"
SETTINGS = (
    ("UDF Modules", FUNCTIONS),
    ("Use UDF Server", True),
    ("Show Console", False),
    ("Debug UDFs", False),
    # As text, since Python compares it with the word; the folder of a workbook is no place to
    # import from.
    ("Add_Workbook_To_Pythonpath", "false"),
    # Never empty: an empty entry would put the current folder on Python's path.
    ("PYTHONPATH", f"%USERPROFILE%\\.{NAME}"),
)
"""
The settings sheet. A key that stands here is final, even when its value is blank, so there is no
Interpreter_Win: `cmswp addin install` writes it for the user, to .cmswp/cmswp.conf.
"""
_DATE = (1980, 1, 1, 0, 0, 0)
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>CMS Programme'
    "</dc:title><dc:creator>The cmswp-xl developers</dc:creator><dc:description>The ribbon tab and"
    " the worksheet functions of the costed programme of work. Made with the add-in template of"
    " xlwings.</dc:description></cp:coreProperties>"
)


def main() -> None:
    """Write the add-in to its place, or to the file that is named."""
    parser = argparse.ArgumentParser(description="Build the Excel add-in.")
    parser.add_argument("output", nargs="?", type=Path, default=ADDIN)
    write_file(parser.parse_args().output, built())


def built() -> bytes:
    """Return the bytes of the add-in; the same every time."""
    template = _template()
    with zipfile.ZipFile(template) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/vbaProject.bin"] = vba_project(template, _modules())
    parts[RIBBON] = (HERE / "ribbon.xml").read_bytes()
    parts["_rels/.rels"] = _relations(parts["_rels/.rels"])
    parts["docProps/core.xml"] = _CORE.encode()
    parts["xl/workbook.xml"] = _workbook(parts["xl/workbook.xml"])
    parts["xl/worksheets/sheet1.xml"] = _settings(parts["xl/worksheets/sheet1.xml"])
    return _stored(parts)


def _template() -> Path:
    spec = find_spec("xlwings")
    if spec is None or spec.origin is None:
        sys.exit("xlwings is not installed.")
    return Path(spec.origin).parent / "quickstart_addin_ribbon.xlam"


def _modules() -> dict[str, str]:
    """Return the VBA modules of the add-in by name."""
    wrappers = _wrappers()
    return {
        "CmswpRibbon": (HERE / "CmswpRibbon.bas").read_text(encoding="ascii"),
        "CmswpTexts": texts_module(wrappers["functions"]),
        "CmswpHelp": help_module(wrappers["functions"]),
        "xlwings_udfs": wrappers["source"],
    }


def _wrappers() -> dict[str, Any]:
    """Return the wrappers of the worksheet functions, made by a process of its own."""
    command = [sys.executable, str(HERE / "vba_wrappers.py"), FUNCTIONS]
    environment = os.environ | {"PYTHONUTF8": "1"}
    done = subprocess.run(  # noqa: S603  our own script
        command, check=True, stdout=subprocess.PIPE, encoding="utf-8", env=environment
    )
    return dict(json.loads(done.stdout))


def _relations(part: bytes) -> bytes:
    """Let the relation to the ribbon be of the year of the ribbon's namespace, which is 2006."""
    old, new = _RIBBON_TYPE.format(2007), _RIBBON_TYPE.format(2006)
    return _changed(part.decode(), f'"{old}"', f'"{new}"').encode()


def _workbook(part: bytes) -> bytes:
    """
    Name the settings sheet, and leave out the folder in which the template was made.

    The extension that follows the settings of calculation goes too: its resolution is not valid.
    """
    text = _without(_without(part.decode(), "mc:AlternateContent"), "extLst")
    return _changed(text, 'name="_myaddin.conf"', f'name="{NAME}.conf"').encode()


def _without(text: str, element: str) -> str:
    """Return the text of a part without an element that it must have once."""
    left, count = re.subn(rf"<{element}[ >].*?</{element}>", "", text)
    if count != 1:
        sys.exit(f"The template of xlwings does not have {element} once.")
    return left


def _changed(text: str, old: str, new: str) -> str:
    """Return the text of a part with a text that it must have once put into another."""
    if text.count(old) != 1:
        sys.exit(f"The template of xlwings does not have {old} once.")
    return text.replace(old, new)


def _settings(part: bytes) -> bytes:
    """Put our settings on the sheet, in the template's own styles."""
    text = part.decode()
    start = text.index("<sheetData>") + len("<sheetData>")
    rows = "".join(
        f'<row r="{row}">{_cell(f"A{row}", key)}{_cell(f"B{row}", value)}</row>'
        for row, (key, value) in enumerate(SETTINGS, 1)
    )
    written = text[:start] + rows + text[text.index("</sheetData>") :]
    old = '<dimension ref="A1:B13" />'
    if old not in written:
        sys.exit("The settings sheet of xlwings' template is not as expected.")
    return written.replace(old, f'<dimension ref="A1:B{len(SETTINGS)}" />').encode()


def _cell(address: str, value: str | bool) -> str:  # noqa: FBT001  a cell's value
    if isinstance(value, bool):
        return f'<c r="{address}" s="1" t="b"><v>{value:d}</v></c>'
    return f'<c r="{address}" s="1" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def _stored(parts: dict[str, bytes]) -> bytes:
    """Put the parts into a package, the list of types first, then by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            info = zipfile.ZipInfo(name, _DATE)
            info.external_attr, info.create_system = 0o600 << 16, 3
            package.writestr(info, parts[name])
    return buffer.getvalue()


if __name__ == "__main__":
    main()
