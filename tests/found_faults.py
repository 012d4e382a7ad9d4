"""The checks of a content, and the cells they point to."""

from __future__ import annotations

from cmswp_xl.cells import address
from cmswp_xl.languages import Language, Words
from cmswp_xl.make.book import HEADER_ROW, Book, Formats
from cmswp_xl.make.checks import list_checks
from cmswp_xl.make.formulas import References
from cmswp_xl.samples import read_sample
from cmswp_xl.schema import load_schemas

SCHEMAS = load_schemas()
EXAMPLE = read_sample("example")


def checks_of(content, language=Language.EN):
    references = References(SCHEMAS, Words(language))
    return list_checks(
        Book(None, SCHEMAS, content, language, Words(language), None, references, Formats(None))
    )


def cell(table, field, row):
    """Give the address of a field in a row of the content, from 0; -1 is that of the headings."""
    schema = SCHEMAS[table]
    number = [item.name for item in schema.fields].index(field)
    if schema.form:
        return address(HEADER_ROW + 2 + number, 2)
    return address(HEADER_ROW + 2 + row, number + 1)
