"""The usual reasons for which a system refuses a file, in words that the catalogues know."""

from __future__ import annotations

import errno

from cmswp_xl.languages import N_

REASONS = {
    errno.ENOENT: N_("the file or folder does not exist"),
    errno.EACCES: N_("access is not allowed"),
    errno.EPERM: N_("access is not allowed"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a part of the path is not a folder"),
    errno.EROFS: N_("the disk is read-only"),
}


def reason_of(error: OSError) -> str:
    """Return the English reason of an error, the system's own words where it is an unusual one."""
    return REASONS.get(error.errno or 0) or error.strerror or ""
