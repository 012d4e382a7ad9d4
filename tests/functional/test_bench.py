"""What `make bench` compares: the large workbook is without fault for both validators."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from programs import PATIENCE, cmswp, environment

import cmswp_xl

SCRIPTS = Path(cmswp_xl.__file__).parents[2] / "benchmarks"

pytestmark = pytest.mark.skipif(not SCRIPTS.is_dir(), reason="not in a checkout")


def script(name, *arguments):
    return subprocess.run(
        [sys.executable, SCRIPTS / name, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=environment(),
    )


def test_large_workbook__has_no_fault_though_tables_are_empty(tmp_path):
    path = tmp_path / "large.xlsx"
    assert script("make_large.py", path, "--activities", "6").returncode == 0
    assert cmswp("validate", path).code == 0
    other = script("with_frictionless.py", path)
    assert (other.returncode, other.stderr) == (0, "")
    assert "activities: 6 rows, 0 errors" in other.stdout
    assert "comments: 0 rows, 0 errors" in other.stdout
    assert script("read_only.py", path).returncode == 0


def test_planted_fault__is_found_by_frictionless(example, tmp_path):
    path = tmp_path / "faulty.xlsx"
    assert script("plant_fault.py", example, path).returncode == 0
    found = script("with_frictionless.py", path)
    assert found.returncode == 1
    assert "NOPE-99" in found.stdout
