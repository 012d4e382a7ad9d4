"""The page model: heads of tables, cells in their places, groups, runs of blocks."""

from __future__ import annotations

from cmswp_xl.page import Cell, Column, Paragraph, Row, Section, Table, captioned


def table(rows, columns=3, over=""):
    heads = [Column(f"c{i}", "amount" if i else "text", 100 * (i + 1)) for i in range(columns)]
    if over:
        heads = [heads[0], *(Column(c.head, c.look, c.width, over) for c in heads[1:])]
    return Table("t", "A table", tuple(heads), tuple(rows))


def cell(text, **place):
    return Cell((Paragraph(text),), **place)


def test_head__is_one_row_unless_columns_stand_together():
    (head,) = table([]).head
    assert [(c.text, c.span, c.down) for c in head] == [("c0", 1, 1), ("c1", 1, 1), ("c2", 1, 1)]

    upper, lower = table([], over="Both").head
    assert [(c.text, c.span, c.down, c.width) for c in upper] == [
        ("c0", 1, 2, 100),
        ("Both", 2, 1, 500),
    ]
    assert [(c.text, c.opens) for c in lower] == [("", False), ("c1", True), ("c2", True)]


def test_head__is_one_row_where_what_stands_over_columns_is_all_that_they_have():
    columns = (Column("", over="Item"), Column("", over="Item"), Column("Now"))
    (head,) = Table("t", "A table", columns, ()).head
    assert [(c.text, c.span, c.down) for c in head] == [("Item", 2, 1), ("Now", 1, 1)]


def test_cell_over_columns__takes_their_widths_and_loses_their_look():
    rows = [Row((cell("Sum", span=2), "5"), "total")]
    ((_, cells),) = table(rows).placed()
    assert [(c.span, c.width, c.look, c.scope) for c in cells] == [
        (2, 300, "text", "row"),
        (1, 300, "amount", ""),
    ]


def test_cell_over_rows__goes_on_in_each_of_them():
    rows = [
        Row((cell("A", down=3), "1", "2")),
        Row(("3", "4")),
        Row((cell("B", down=2), "6")),
        Row(("C", "8")),
    ]
    found = [
        [(c.goes_on, c.paragraphs[0].text) for c in cells] for _, cells in table(rows).placed()
    ]
    assert found == [
        [(False, "A"), (False, "1"), (False, "2")],
        [(True, "A"), (False, "3"), (False, "4")],
        [(True, "A"), (False, "B"), (False, "6")],
        [(False, "C"), (True, "B"), (False, "8")],
    ]


def test_groups__begin_at_headings_and_the_total_stands_apart():
    group = Row((cell("Group", span=3),), "group")
    rows = [group, Row(("a", "", "")), group, Row(("b", "", "")), Row(("all", "", ""), "total")]
    found = [[row.look for row, _ in part] for part in table(rows).groups]
    assert found == [["group", ""], ["group", ""], ["total"]]
    assert [len(list(part)) for part in table(rows[1:2] + rows[-1:]).groups] == [2]


def test_group__holds_all_rows_that_a_cell_goes_over():
    sums = [Row((cell("Sum", down=2), "1", "2"), "total"), Row(("3", "4"), "total")]
    rows = [Row((cell("Group", span=3),), "group"), Row(("a", "", "")), *sums]
    assert [len(list(part)) for part in table(rows).groups] == [2, 2]


def test_heading_of_a_group__is_the_heading_of_its_rows():
    ((_, (first,)),) = table([Row((cell("Group", span=3),), "group")]).placed()
    assert first.scope == "rowgroup"


def test_runs__keep_notes_and_lists_together():
    blocks = (Paragraph("a"), Paragraph("n", "note"), Paragraph("m", "note"), Paragraph("b"))
    found = [(look, len(run)) for look, run in Section("", "", blocks).runs]
    assert found == [("", 1), ("note", 2), ("", 1)]


def test_captions__are_numbered_but_for_those_that_a_heading_says():
    one = Table("t", "One", (), ())
    two = Table("t", "Two", (), ())
    sections = (
        Section("a", "Area", (one, Paragraph("Staff", "heading3"), two)),
        Section("b", "Two", (two,)),
        Section("c", "Other", (two, Table("t", "Three", (), (), titled=False))),
    )
    found = [
        (table.titled, table.title)
        for section in captioned(sections, lambda number: f"Table {number}")
        for table in section.blocks
        if isinstance(table, Table)
    ]
    assert found == [
        *((True, "Table 1 – One"), (False, "Two"), (False, "Two")),
        *((True, "Table 2 – Two"), (False, "Three")),
    ]
