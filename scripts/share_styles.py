"""
Put the styles, lists, page size and margins of `templates/base/styles.docx` into all templates.

Run it after the shared file was changed; a test compares the templates with it.
"""

from __future__ import annotations

from copy import deepcopy

from cmswp_xl.ooxml import open_package, parsed, written
from cmswp_xl.render.finish import W, put_in_order
from cmswp_xl.resources import template_folder

SHARED = ("word/styles.xml", "word/numbering.xml")
DOCUMENT = "word/document.xml"
PAGE = tuple(f"{{{W}}}{name}" for name in ("pgSz", "pgMar"))


def main() -> None:
    """Write the templates that differ."""
    folder = template_folder()
    shared = open_package((folder / "base" / "styles.docx").read_bytes(), "styles.docx")
    page = list(parsed(shared.read(DOCUMENT)).iter(*PAGE))
    for path in sorted(folder.glob("*/*.docx")):
        package = open_package(path.read_bytes(), path.name)
        parts = {part: shared.read(part) for part in SHARED}
        root = parsed(package.read(DOCUMENT))
        *_, section = root.iter(f"{{{W}}}sectPr")
        for item in list(section.iterchildren(*PAGE)):
            section.remove(item)
        section.extend(map(deepcopy, page))
        put_in_order(section)
        parts[DOCUMENT] = written(root)
        changed = {part: data for part, data in parts.items() if package.read(part) != data}
        for part, data in changed.items():
            package.write(part, data)
        if changed:
            path.write_bytes(package.to_bytes(anew=True))


if __name__ == "__main__":
    main()
