"""The annotated copy is of the kind of its workbook, and keeps no broken signature."""

from __future__ import annotations

import io
import zipfile

import pytest
from programs import cmswp

PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SIGNATURE = f"{PACKAGE}/digital-signature"
SHEET = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
KINDS = {
    ".xlsm": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ".xltx": b"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    ".xltm": b"application/vnd.ms-excel.template.macroEnabled.main+xml",
}


def parts(path):
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def pack(path, contents):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in contents.items():
            package.writestr(name, data)
    path.write_bytes(stream.getvalue())
    return path


def of_kind(example, path, content_type):
    contents = parts(example)
    types = contents["[Content_Types].xml"]
    return pack(path, {**contents, "[Content_Types].xml": types.replace(SHEET, content_type)})


def signed(example, path):
    contents = parts(example)
    kinds = "application/vnd.openxmlformats-package.digital-signature-"
    types = (
        f'<Default Extension="sigs" ContentType="{kinds}origin"/>'
        '<Override PartName="/_xmlsignatures/sig1.xml" '
        f'ContentType="{kinds}xmlsignature+xml"/></Types>'
    )
    reference = (
        f'<Relationship Id="rId77" Type="{SIGNATURE}/origin" '
        'Target="_xmlsignatures/origin.sigs"/></Relationships>'
    )
    for name, end, text in (
        ("[Content_Types].xml", b"</Types>", types),
        ("_rels/.rels", b"</Relationships>", reference),
    ):
        contents[name] = contents[name].replace(end, text.encode())
    contents["_xmlsignatures/origin.sigs"] = b""
    contents["_xmlsignatures/sig1.xml"] = (
        b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'
    )
    contents["_xmlsignatures/_rels/origin.sigs.rels"] = (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{SIGNATURE}/signature" '
        'Target="sig1.xml"/></Relationships>'
    ).encode()
    return pack(path, contents)


@pytest.mark.parametrize("ending", KINDS)
def test_copy_of_another_kind_of_workbook__stays_of_that_kind(example, tmp_path, ending):
    path = of_kind(example, tmp_path / f"plan{ending}", KINDS[ending])
    copy = tmp_path / f"copy{ending}"

    assert cmswp("validate", path, "--format", "xlsx", "--output", copy).code == 0
    assert KINDS[ending] in parts(copy)["[Content_Types].xml"]


@pytest.mark.parametrize(
    ("kind", "name"), [(KINDS[".xlsm"], "copy.xlsx"), (SHEET, "copy.xlsm"), (SHEET, "copy.XLTX")]
)
def test_copy_under_the_ending_of_another_kind__is_refused(example, tmp_path, kind, name):
    path = of_kind(example, tmp_path / "plan.xlsm", kind)
    done = cmswp("validate", path, "--format", "xlsx", "--output", tmp_path / name)

    assert done.code == 2
    assert (".xlsx" if kind == SHEET else ".xlsm") in done.err
    assert len(done.err.splitlines()) <= 3
    assert not (tmp_path / name).exists()


def test_copy_of_a_signed_workbook__has_no_signature_and_says_so(example, tmp_path):
    path, copy = signed(example, tmp_path / "plan.xlsx"), tmp_path / "copy.xlsx"
    before = path.read_bytes()
    done = cmswp("validate", path, "--format", "xlsx", "--output", copy)
    found = parts(copy)

    assert done.code == 0
    assert "digital signature" in done.err
    assert not [name for name in found if name.startswith("_xmlsignatures")]
    assert b"digital-signature/origin" not in found["_rels/.rels"]
    assert b"_xmlsignatures" not in found["[Content_Types].xml"]
    assert any(b"digital signature" in data for data in found.values())
    assert path.read_bytes() == before


def test_copy_of_a_workbook_without_a_signature__says_nothing_of_one(example, tmp_path):
    done = cmswp("validate", example, "--format", "xlsx", "--output", tmp_path / "copy.xlsx")

    assert (done.code, done.err) == (0, "")
