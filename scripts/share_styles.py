"""
Put the styles and lists of `templates/base/styles.docx` into all Word templates.

Run it after the shared file was changed; a test compares the templates with it.
"""

from __future__ import annotations

from cmswp_xl.ooxml import open_package
from cmswp_xl.resources import template_folder

SHARED = ("word/styles.xml", "word/numbering.xml")


def main() -> None:
    """Write the templates whose styles differ."""
    folder = template_folder()
    shared = open_package((folder / "base" / "styles.docx").read_bytes(), "styles.docx")
    for path in sorted(folder.glob("*/*.docx")):
        package = open_package(path.read_bytes(), path.name)
        changed = [part for part in SHARED if package.read(part) != shared.read(part)]
        for part in changed:
            package.write(part, shared.read(part))
        if changed:
            path.write_bytes(package.to_bytes(anew=True))


if __name__ == "__main__":
    main()
