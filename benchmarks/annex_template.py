"""
Make the Word template of annex_script.py, as one would draw it in Word: landscape, two header
rows that repeat, rows that do not split, columns for the years from a loop.
"""

from __future__ import annotations

import sys
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt


def main() -> None:
    document: Any = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = Cm(1.5)
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(8)
    document.add_heading("{{ title }}", 1)
    document.add_paragraph("{{ subtitle }}")
    document.add_paragraph("{%p for statement in statements %}")
    document.add_paragraph("{{ statement }}", style="List Bullet")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p for area in areas %}")
    document.add_heading("{{ area.title }}", 2)
    activities(document)
    document.add_paragraph("{%p for remark in area.remarks %}")
    document.add_paragraph("{{ remark }}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p if area.staff %}")
    staff(document)
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")
    document.add_heading("Total of the programme areas", 2)
    totals(document)
    document.add_heading("Cost and funding by year", 2)
    years(document)
    document.save(sys.argv[1])


def activities(document: Any) -> None:
    loops = ("{%tc for head in heads %}", "{{ head }}", "{%tc endfor %}")
    kinds = ("{%tc for kind in kinds %}", "{{ kind }}", "{%tc endfor %}")
    cells = ("{%tc for amount in row.amounts %}", "{{ amount }}", "{%tc endfor %}")
    grid = table(document, 9)
    fill(grid, 0, ("No.", "Activity", *loops, *kinds, "Funding to be sought"), header=True)
    loop(grid, "{%tr for row in area.rows %}")
    row = fill(grid, 2, ("{{ row.number }}", "", *cells, "", "", "", ""))
    text = grid.cell(2, 1)
    text.text = "{{ row.title }}"
    text.add_paragraph("{%p if row.mark %}")
    text.add_paragraph("").add_run("{{ row.mark }}").bold = True
    text.add_paragraph("{%p endif %}")
    text.add_paragraph("{%p if row.note %}")
    text.add_paragraph("").add_run("{{ row.note }}").italic = True
    text.add_paragraph("{%p endif %}")
    drop(row, 4)
    loop(grid, "{%tr endfor %}")
    total(grid, "area.subtotal", 2)


def staff(document: Any) -> None:
    grid = table(document, 3)
    fill(grid, 0, ("Funding", "Post (grade)", "Time allotted (%)"), header=True)
    loop(grid, "{%tr for group in area.staff %}")
    fill(grid, 2, ("{{ group.heading }}", "", ""))
    loop(grid, "{%tr for line in group.lines %}")
    fill(grid, 4, ("{{ line.source }}", "{{ line.post }}", "{{ line.percent }}"))
    loop(grid, "{%tr endfor %}")
    loop(grid, "{%tr endfor %}")


def totals(document: Any) -> None:
    loops = ("{%tc for head in heads %}", "{{ head }}", "{%tc endfor %}")
    kinds = ("{%tc for kind in kinds %}", "{{ kind }}", "{%tc endfor %}")
    grid = table(document, 8)
    fill(grid, 0, ("Programme area", *loops, *kinds, "Funding to be sought"), header=True)
    loop(grid, "{%tr for area in areas %}")
    cells = ("{%tc for amount in area.subtotal.amounts %}", "{{ amount }}", "{%tc endfor %}")
    drop(fill(grid, 2, ("{{ area.title }}", *cells, "", "", "", "")), 4)
    loop(grid, "{%tr endfor %}")
    total(grid, "total", 1)


def years(document: Any) -> None:
    kinds = ("{%tc for kind in kinds %}", "{{ kind }}", "{%tc endfor %}")
    grid = table(document, 6)
    fill(grid, 0, ("Year", "Cost", *kinds, "Funding to be sought"), header=True)
    loop(grid, "{%tr for row in years %}")
    cells = ("{%tc for amount in row.amounts %}", "{{ amount }}", "{%tc endfor %}")
    drop(fill(grid, 2, ("{{ row.label }}", *cells, "", "")), 2)
    loop(grid, "{%tr endfor %}")


def table(document: Any, columns: int) -> Any:
    return document.add_table(rows=1, cols=columns, style="Table Grid")


def fill(grid: Any, index: int, texts: tuple[str, ...], *, header: bool = False) -> Any:
    row = grid.rows[0] if header else grid.add_row()
    if row is not grid.rows[index]:
        assert row._tr is grid.rows[index]._tr  # noqa: S101, SLF001  the rows are made in order
    for cell, text in zip(row.cells, texts, strict=True):
        cell.text = text
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001  python-docx has no other way
    for name in ("w:cantSplit", "w:tblHeader") if header else ("w:cantSplit",):
        properties.append(OxmlElement(name))
    return row


def loop(grid: Any, tag: str) -> None:
    grid.add_row().cells[0].text = tag


def drop(row: Any, count: int) -> None:
    for cell in row._tr.tc_lst[-count:]:  # noqa: SLF001  as above
        row._tr.remove(cell)  # noqa: SLF001


def total(grid: Any, name: str, lead: int) -> None:
    cells = (f"{{%tc for amount in {name}.amounts %}}", "{{ amount }}", "{%tc endfor %}")
    columns = len(grid.columns)
    blanks = ("",) * (columns - lead - len(cells))
    row = fill(
        grid, len(grid.rows), (f"{{{{ {name}.label }}}}", *("",) * (lead - 1), *cells, *blanks)
    )
    if blanks:
        drop(row, len(blanks))


if __name__ == "__main__":
    main()
