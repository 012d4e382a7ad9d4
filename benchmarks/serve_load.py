"""
How long checks take on a server that gets many at once, and how long a plain page takes meanwhile.

A real server on this computer: first checks of the example one after the other, then fifty at the
same moment, each over a connection of its own, while a plain page is asked for again and again.
The aim is that 95 of 100 checks are answered within 8 seconds; nothing fails here otherwise.

    .venv/bin/python benchmarks/serve_load.py workbook/example.xlsx
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "functional")]

SINGLE = 5
AT_ONCE = 50
AIM = 8.0


def main(path: Path) -> None:
    from serving import payload, running

    body = json.dumps(payload(path)).encode()
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), "--local") as server,
    ):

        def check() -> None:
            answered(server.post("/cmswp/check", body).status)

        def page() -> None:
            answered(server.ask("GET", "/taskpane.html").status)

        check()
        page()
        single = statistics.median(timed(check) for _ in range(SINGLE))
        with ThreadPoolExecutor(AT_ONCE + 1) as pool:
            started, over = threading.Barrier(AT_ONCE), threading.Event()
            pages = pool.submit(asked_until, over, page)
            checks = [pool.submit(together, started, check) for _ in range(AT_ONCE)]
            times = sorted(check.result() for check in checks)
            over.set()
            waits = pages.result()
    late = statistics.quantiles(times, n=20)[-1]
    verdict = "met" if late <= AIM else "NOT MET"
    print(
        f"{AT_ONCE} checks of {path.name} at once: p95 {late:.2f} s, median"
        f" {statistics.median(times):.2f} s, last {times[-1]:.2f} s (aim for p95 {AIM:g} s:"
        f" {verdict})\n"
        f"one check alone: {single:.3f} s; p95 is {late / single:.1f} times that\n"
        f"a plain page meanwhile: median {statistics.median(waits):.3f} s, longest"
        f" {max(waits):.3f} s, {len(waits)} times"
    )


def answered(status: int) -> None:
    if status != 200:  # noqa: PLR2004  of HTTP
        message = f"The server answered with {status}."
        raise SystemExit(message)


def timed(action: Callable[[], None]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def together(started: threading.Barrier, action: Callable[[], None]) -> float:
    started.wait()
    return timed(action)


def asked_until(over: threading.Event, page: Callable[[], None]) -> list[float]:
    found = [timed(page)]
    while not over.wait(0.1):
        found.append(timed(page))
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
