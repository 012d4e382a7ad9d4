"""
How long the task pane takes to answer "Validate" on the example, from the click to the list.

A real server and a real browser, over the stand-in for Excel that the tests use. The aim is less
than two seconds; nothing fails here when it takes longer.

    .venv/bin/python benchmarks/task_pane.py workbook/example.xlsx
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "functional")]

PRESSES = 9
AIM = 2.0


def main(path: Path) -> None:
    browser = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if browser is None:
        print("task pane: not measured, as there is no Chromium")
        return
    from officebook import office_book
    from playwright.sync_api import sync_playwright
    from serving import running
    from test_server_pane import QUIET, _routed, validate

    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), "--local", XLWINGS_LICENSE_KEY="noncommercial") as server,
        sync_playwright() as driver,
    ):
        chromium = driver.chromium.launch(executable_path=browser, args=list(QUIET))
        page = chromium.new_page()
        page.route("**/*", lambda route: _routed(route, server.url))
        page.add_init_script(f"globalThis.__book = {json.dumps(office_book(path))}")
        page.goto(f"{server.url}/taskpane.html")
        page.wait_for_selector("#cmswp-pane:not([hidden])")
        times = []
        for _ in range(PRESSES):
            started = time.perf_counter()
            validate(page)
            times.append(time.perf_counter() - started)
        chromium.close()
    usual = statistics.median(times[1:])
    verdict = "met" if usual <= AIM else "NOT MET"
    print(
        f"Validate in the task pane on {path.name}: {usual:.2f} s, the first time {times[0]:.2f} s"
        f" (aim {AIM:g} s: {verdict})"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
