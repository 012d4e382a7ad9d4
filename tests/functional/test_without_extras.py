"""The core works, and stays clear of Excel's libraries, where no extra is installed."""

from __future__ import annotations

import subprocess
import sys

import pytest

FORBIDDEN = ("xlwings", "xlwings_server", "fastapi", "uvicorn", "starlette", "pyopenvba")
RUN = """
import sys
for name in {forbidden!r}:
    sys.modules[name] = None  # importing it fails, as where it is not installed
sys.argv = ["cmswp", *{arguments!r}]
from cmswp_xl.__main__ import main
main()
"""
LOADED = """
import sys
from cmswp_xl.cli import run
for arguments in {arguments!r}:
    code = run(arguments)
    found = [name for name in {forbidden!r} if name in sys.modules]
    if code or found:
        sys.exit(f"{{arguments}}: {{code}}, {{found}}")
"""


def _python(text, arguments, folder):
    code = text.format(forbidden=FORBIDDEN, arguments=arguments)
    return subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=folder,
    )


COMMANDS = [
    ("validate", "{book}"),
    ("validate", "{book}", "--format", "html"),
    ("totals", "{book}", "--by", "area"),
    ("unfunded", "{book}"),
    ("export", "{book}", "--out", "out", "--lang", "en"),
    ("new", "fresh.xlsx"),
    ("dump", "{book}"),
    ("rules",),
    ("addin", "status"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_the_core_works_without_any_extra(command, example, tmp_path):
    arguments = [part.format(book=example) for part in command]
    done = _python(RUN, arguments, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_core_loads_no_extra_even_where_it_is_there(example, tmp_path):
    """One process runs all commands: a module that one loads is there after it."""
    arguments = [[part.format(book=example) for part in command] for command in COMMANDS]
    done = _python(LOADED, arguments, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", [("addin", "install"), ("serve", "--local")])
def test_what_needs_an_extra_says_how_to_install_it(command, tmp_path):
    done = _python(RUN, command, tmp_path)
    assert done.returncode == 2
    assert "pip install" in done.stderr or "Excel" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 3
