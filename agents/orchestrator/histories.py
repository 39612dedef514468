"""The file in which all histories are kept: where it is, how large it is, and whether it is whole."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agents.orchestrator.resources import Resources


@dataclass(frozen=True, slots=True)
class FileSystem:
    """The file system that a folder is on.

    Attributes:
        kind: such as "ext4"; "" when it is not known.
        safe: whether a database is safe there when two programs write at once.
    """

    kind: str
    safe: bool


class Histories:
    """The database file of the data folder.

    Args:
        resources: they open it.
    """

    def __init__(self, resources: "Resources") -> None:
        self._resources = resources

    @property
    def file(self) -> Path:
        """The database file, whether it exists or not."""
        from agents.store.database import NAME

        return self._resources.settings.data_folder / NAME

    def size(self) -> int:
        """Bytes on the disk.

        Raises:
            StoreError: the database is corrupt, or from a newer version.
        """
        return self._resources.store.database.size()

    def traces(self) -> bool:
        """Whether deleted words are still in the write-ahead log, because another process reads what was there before.
        ``memories.compact`` removes them when it has ended.
        """
        return self._resources.store.database.log_size() > 0

    def check(self) -> None:
        """Read everything and check it.

        Raises:
            StoreError: something is damaged; the cause says where.
        """
        self._resources.store.check()

    def check_space(self) -> None:
        """Check, without writing, that the disk has room for another entry.

        Raises:
            SpaceError: it is full.
        """
        from agents.store.sqlite_errors import check_space

        check_space(self._resources.settings.data_folder)

    def digest(self) -> str:
        """A SHA-256 of all conversations, meetings and actions, also those of the owners of a service: the same again
        after a backup and a restore.
        """
        from agents.store.backup.content_hash import contents_in

        return contents_in(self._resources.store.database.path.parent).digest

    @staticmethod
    def file_system(folder: Path) -> FileSystem:
        """The file system that an existing folder is on."""
        from agents.store.database import filesystem_of, is_unsafe_for_wal

        kind = filesystem_of(folder)
        return FileSystem(kind, not is_unsafe_for_wal(kind))
