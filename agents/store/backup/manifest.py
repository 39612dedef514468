"""The manifest of a backup: the exact bytes and rows in it. A backup is complete only when it has one."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from agents.errors import BackupInvalid
from agents.store.backup.content_hash import Contents
from agents.store.backup.origin import Origin

NAME = "manifest.json"

FORMAT = 2
"""The newest format of backups; this version reads all."""

WITHOUT_OWNERS = 1
"""The format of backups without histories of owners. Those with them have a newer one, so that a version that does not
know owners refuses them, and never restores a part.
"""

PRODUCT = "multi-agent-orchestrator"

_LARGEST = 32_000_000


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file: its path, its size in bytes and its SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup contains.

    Attributes:
        version: the version of the program that created it.
        created: when it was created, ISO 8601 in UTC.
        layout: the layout of its database; the newest one of several.
        digest: a SHA-256 of all conversations, meetings and actions in it.
        rows: rows per table of its database and those of its owners.
        archives: the archives beside the manifest.
        files: the files in each archive, by the archive's name.
        place: "container" or "local", where the histories are; "" in a backup of an earlier version.
        store: the id of their data folder; "" if it has none, or in a backup of an earlier version.
        format: WITHOUT_OWNERS or FORMAT.
    """

    version: str
    created: str
    layout: int
    digest: str
    rows: dict[str, int]
    archives: tuple[FileEntry, ...]
    files: dict[str, tuple[FileEntry, ...]]
    place: str = ""
    store: str = ""
    format: int = WITHOUT_OWNERS

    @property
    def origin(self) -> Origin:
        """Which histories it is of."""
        return Origin(self.place, self.store)

    @property
    def contents(self) -> Contents:
        """The contents of its databases in short."""
        return Contents(self.layout, self.rows, self.digest)

    def unpacked_bytes(self, archive: str) -> int:
        """Bytes of all files in one of its archives."""
        return sum(file.size for file in self.files.get(archive, ()))

    def rendered(self) -> bytes:
        """The bytes of its file, which contain a checksum of the rest."""
        body = {"product": PRODUCT, "format": self.format, **asdict(self)}
        return _rendered({**body, "sha256": _checksum(body)})


def read(path: Path) -> Manifest:
    """Read a manifest and check that every byte of it is as it was written.

    Raises:
        BackupInvalid: it is damaged, or from a newer version.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise _damaged(path, "it is far too large")
        # A copy through another system may have changed the line ends; nothing else may differ.
        raw = path.read_bytes().replace(b"\r\n", b"\n")
        body = json.loads(raw.decode("ascii"))
    except OSError as error:
        raise _damaged(path, error.strerror or "it cannot be read") from None
    except (ValueError, RecursionError):
        raise _damaged(path, "it is not JSON") from None
    if not isinstance(body, dict) or body.get("product") != PRODUCT:
        raise _damaged(path, "it was not written by this program")
    claimed = body.pop("sha256", None)
    if claimed != _checksum(body) or raw != _rendered({**body, "sha256": claimed}):
        raise _damaged(path, "its checksum does not match")
    if body.get("format") not in (WITHOUT_OWNERS, FORMAT):
        raise BackupInvalid(
            f"{path.parent} is a backup in format {body.get('format')}; this version reads formats up to {FORMAT}.",
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
            place=str(body.get("place", "")),
            store=str(body.get("store", "")),
            format=int(body["format"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _damaged(path, "a part of it is missing") from None
    if any(Path(entry.path).name != entry.path for entry in manifest.archives):
        raise _damaged(path, "it names archives outside its folder")
    return manifest


def _entry(raw: Mapping[str, Any]) -> FileEntry:
    return FileEntry(str(raw["path"]), int(raw["size"]), str(raw["sha256"]))


def _rendered(body: Mapping[str, Any]) -> bytes:
    return (json.dumps(body, indent=1) + "\n").encode("ascii")


def _checksum(body: Mapping[str, Any]) -> str:
    return sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def _damaged(path: Path, detail: str) -> BackupInvalid:
    return BackupInvalid(
        f"{path} cannot be trusted: {detail}.", "Use another backup; `backups.list` lists them.", about="manifest"
    )
