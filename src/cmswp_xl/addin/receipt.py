"""What an installation wrote, kept so that it can be undone: `.cmswp/receipt.json`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cmswp_xl.addin.settings import settings_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cmswp_xl.addin.machine import Machine


@dataclass(frozen=True, slots=True)
class Written:
    """A setting that was written, and the line that stood there before, if any."""

    value: str
    before: str | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was written: the add-in, other files by their digest, settings, documents folder."""

    addin: str
    files: Mapping[str, str] = field(default_factory=dict)
    conf: Mapping[str, Written] = field(default_factory=dict)
    documents: str | None = None


def receipt_file(machine: Machine) -> Path:
    """Give where the receipt is kept."""
    return settings_folder(machine.environ, machine.system) / "receipt.json"


def read_receipt(machine: Machine) -> Receipt | None:
    """Give the receipt of the last installation; None without one that can be read."""
    try:
        kept = json.loads(receipt_file(machine).read_text(encoding="utf-8"))
        conf = {key: Written(str(pair[0]), pair[1]) for key, pair in kept["conf"].items()}
        return Receipt(
            addin=str(kept["addin"]),
            files={str(path): str(digest) for path, digest in kept["files"].items()},
            conf=conf,
            documents=kept["documents"],
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def receipt_text(receipt: Receipt) -> bytes:
    """Write a receipt as the content of its file."""
    kept = {
        "addin": receipt.addin,
        "files": dict(receipt.files),
        "conf": {key: [written.value, written.before] for key, written in receipt.conf.items()},
        "documents": receipt.documents,
    }
    return (json.dumps(kept, ensure_ascii=False, indent=2) + "\n").encode()


def digest(data: bytes) -> str:
    """Give the digest by which a file is known again."""
    return hashlib.sha256(data).hexdigest()
