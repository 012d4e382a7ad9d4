"""
What all tests share: bounded, repeatable examples for the properties, and the optional group.

The server parts of xlwings are under the PolyForm Noncommercial licence. Their tests run with the
key for noncommercial use, unless CMSWP_NONCOMMERCIAL is 0, which leaves that group of tests out.
"""

from __future__ import annotations

import gc
import os
import time

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "repeatable",
    deadline=None,
    derandomize=True,
    max_examples=40,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repeatable")

PATIENCE = 600
"""Seconds for what another worker makes."""

NONCOMMERCIAL = os.environ.get("CMSWP_NONCOMMERCIAL", "1") != "0"
if NONCOMMERCIAL:  # xlwings looks for its key once, when it is first imported
    os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")


os.environ.pop("CMSWP_LANG", None)  # the program speaks English unless a test asks otherwise
gc.set_threshold(50_000, 20, 20)  # thousands of tests in memory make each collection slow


def pytest_collection_modifyitems(items):
    if NONCOMMERCIAL:
        return
    left_out = pytest.mark.skip(reason="CMSWP_NONCOMMERCIAL is 0")
    for item in items:
        if item.get_closest_marker("noncommercial"):
            item.add_marker(left_out)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """Give a function that has a folder filled by the worker that comes first; others wait."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def folder(name, fill):
        path, done = shared / name, shared / f"{name}.done"
        try:
            path.mkdir()
        except FileExistsError:
            until = time.monotonic() + PATIENCE
            while not done.exists():
                assert time.monotonic() < until, f"{name} was not made"
                time.sleep(0.2)
        else:
            try:
                fill(path)
            finally:
                done.touch()
        return path

    return folder
