"""The add-in that ships, taken apart."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from lxml import etree
from pyopenvba import ExcelFile

ADDIN = Path(__file__).parents[3] / "workbook" / "cmswp.xlam"


@pytest.fixture(scope="session")
def parts():
    """The parts of the package by name."""
    with zipfile.ZipFile(ADDIN) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture(scope="session")
def project():
    """The VBA project."""
    with ExcelFile(ADDIN) as addin:
        yield addin.vba_project()


@pytest.fixture(scope="session")
def sources(project):
    """The VBA sources by the name of the module, lines ended by a line feed."""
    return {each.name: each.source.replace("\r\n", "\n") for each in project.modules}


@pytest.fixture(scope="session")
def ribbon(parts):
    """The XML of the ribbon."""
    return etree.fromstring(parts["customUI/customUI.xml"])
