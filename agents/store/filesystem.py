"""What kind of disk a folder is on, as far as SQLite cares."""

import re
from pathlib import Path

_UNSAFE = re.compile(
    r"virtiofs|9p|fuse.*|nfs.*|cifs|smb.*|vboxsf|vmhgfs|prl_fs|osxfs|fakeowner|drvfs|afs|ceph|glusterfs"
)
"""Network mounts and folders shared with a host: their shared memory or locks do not keep a write-ahead log whole."""

_MOUNTS = Path("/proc/self/mountinfo")


def filesystem_of(folder: Path) -> str:
    """The type of the file system that ``folder`` is on, such as "ext4"; "" where the system does not tell."""
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
    return filesystem_in(mounts, folder.resolve())


def filesystem_in(mounts: str, folder: Path) -> str:
    """The type of the file system that ``folder`` is on, read from the text of a mountinfo file."""
    best, found = -1, ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        point = Path(_unescaped(fields[4]))
        # On the same mount point the later line lies on top of the earlier.
        if len(point.parts) >= best and folder.is_relative_to(point):
            best, found = len(point.parts), after.split(" ", 1)[0]
    return found


def is_unsafe_for_wal(filesystem: str) -> bool:
    """Whether a write-ahead log can be corrupted on such a file system."""
    return _UNSAFE.fullmatch(filesystem) is not None


def _unescaped(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), field)
