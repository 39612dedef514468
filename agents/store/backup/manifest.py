"""The manifest of a backup: what is in it, to the byte and to the row. A backup without one does not exist."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from agents.errors import BackupInvalid

NAME = "manifest.json"

FORMAT = 1
"""The form of backups this version writes, and the newest it reads."""

PRODUCT = "multi-agent-orchestrator"

_LARGEST = 32_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, by its place, its size in bytes and its SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    Attributes:
        version: of the program that made it.
        created: when, ISO 8601 in UTC.
        layout: the layout of its database.
        digest: what its histories add up to.
        rows: rows per table of the database.
        archives: the archives beside the manifest.
        files: the files in each archive, by the archive's name.
    """

    version: str
    created: str
    layout: int
    digest: str
    rows: dict[str, int]
    archives: tuple[Entry, ...]
    files: dict[str, tuple[Entry, ...]]

    def rendered(self) -> bytes:
        """The manifest as it stands on the disk; it ends with a checksum of itself."""
        body = {"product": PRODUCT, "format": FORMAT, **asdict(self)}
        return _rendered({**body, "sha256": _checksum(body)})


def read(path: Path) -> Manifest:
    """Read a manifest and see that every byte of it is as it was written.

    Raises:
        BackupInvalid: it is damaged, or from a newer version.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise _damaged(path, "it is far too large")
        # A copy by way of another system may have changed the ends of the lines; nothing else may differ.
        raw = path.read_bytes().replace(b"\r\n", b"\n")
        body = json.loads(raw.decode("ascii"))
    except OSError as error:
        raise _damaged(path, error.strerror or "it cannot be read") from None
    except (ValueError, RecursionError):
        raise _damaged(path, "it is not JSON") from None
    if not isinstance(body, dict) or body.get("product") != PRODUCT:
        raise _damaged(path, "it is not one of this program")
    claimed = body.pop("sha256", None)
    if claimed != _checksum(body) or raw != _rendered({**body, "sha256": claimed}):
        raise _damaged(path, "its checksum does not match")
    if body.get("format") != FORMAT:
        raise BackupInvalid(
            f"{path.parent} is a backup of form {body.get('format')}; this version reads {FORMAT}.",
            "Upgrade first, then try again.",
        )
    return _from(body, path)


def _from(body: dict[str, Any], path: Path) -> Manifest:
    try:
        manifest = Manifest(
            version=str(body["version"]),
            created=str(body["created"]),
            layout=int(body["layout"]),
            digest=str(body["digest"]),
            rows={str(name): int(number) for name, number in body["rows"].items()},
            archives=tuple(_entry(raw) for raw in body["archives"]),
            files={str(name): tuple(map(_entry, raws)) for name, raws in body["files"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _damaged(path, "something is missing in it") from None
    if any(Path(entry.path).name != entry.path for entry in manifest.archives):
        raise _damaged(path, "it names archives outside its folder")
    return manifest


def _entry(raw: Mapping[str, Any]) -> Entry:
    return Entry(str(raw["path"]), int(raw["size"]), str(raw["sha256"]))


def _rendered(body: Mapping[str, Any]) -> bytes:
    return (json.dumps(body, indent=1) + "\n").encode("ascii")


def _checksum(body: Mapping[str, Any]) -> str:
    return sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def _damaged(path: Path, detail: str) -> BackupInvalid:
    return BackupInvalid(f"{path} cannot be trusted: {detail}.", "Take another backup: `orchestrator backup list`.")
