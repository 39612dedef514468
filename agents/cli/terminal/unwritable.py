"""Why a file cannot be written: the same words before the work and after it, on this machine and in a call."""

import errno
import os
from pathlib import Path

from agents.cli.terminal.caller import copied_root
from agents.errors import SpaceError


def unwritable(path: Path, error: OSError) -> SpaceError:
    """The error for a file that cannot be written.

    Args:
        path: the file, as the user named it.
        error: why, from the system.
    """
    why = why_unwritable(path, error)
    remedies = {
        errno.EACCES: "Give a file in a folder where you may write.",
        errno.EPERM: "Give a file in a folder where you may write.",
        errno.EROFS: "Give a file in another place.",
        errno.ENXIO: "Give a file in another place.",
        errno.ENOSPC: "Free some space there, or give a file in another place.",
        errno.EDQUOT: "Free some space there, or give a file in another place.",
        errno.ENAMETOOLONG: "Give a shorter name.",
        errno.EEXIST: "Give another name; nothing is overwritten.",
    }
    return SpaceError(
        f"{path} cannot be written: {why}.", remedies.get(error.errno or 0, "Give a file in an existing folder.")
    )


def why_unwritable(path: Path, error: OSError) -> str:
    """The cause in words, for the end of a sentence."""
    if error.errno == errno.EISDIR:
        return "it is a folder"
    if error.errno == errno.EEXIST:
        return "there is such a file already"
    if error.errno == errno.ENXIO or (error.errno == errno.ENOENT and not copied_root() and path.parent.is_dir()):
        return "no file can be made in that folder"
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return f"there is no folder {path.parent}"
    return os.strerror(error.errno) if error.errno else str(error) or type(error).__name__
