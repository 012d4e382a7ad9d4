"""The worked example, to be compared with what is made of it."""

from __future__ import annotations

import copy

import pytest
from versions import checkup_of

from cmswp_xl.pipeline import compared
from cmswp_xl.samples import read_sample


@pytest.fixture(scope="session")
def original():
    """The worked example, checked."""
    return checkup_of(read_sample("example"), "old.xlsx")


@pytest.fixture(scope="session")
def example(original):
    """The version of the worked example, with its figures."""
    return compared(original, original).old


@pytest.fixture
def content():
    """The content of the worked example, to be changed."""
    return copy.deepcopy(dict(read_sample("example")))


@pytest.fixture
def difference(original):
    """Give a function that compares the example with changed content."""
    return lambda new: compared(original, checkup_of(new, "new.xlsx"))
