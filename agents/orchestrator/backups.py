"""Backups of one data folder and its logs. The histories need not be open for them, and must not be for a restore."""

from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from agents.settings import Settings
    from agents.store.backup import Backup
    from agents.store.backup.manifest import Manifest
    from agents.store.backup.restore import Checked, Restored


class Backups:
    """Creates, checks and restores backups of the data folder that the settings name.

    Args:
        settings: they name the data folder and the log folder.
    """

    def __init__(self, settings: "Settings") -> None:
        self._data, self._logs = settings.data_folder, settings.log_folder

    def create(self, target: Path, *, keep: int | None = None, allow_empty: bool = False) -> "Backup":
        """Back up histories and logs into a new folder in ``target``, while other processes may write to them.

        Args:
            target: the folder of backups; created, for this user only, when it does not exist.
            keep: after success, remove all but this many of the newest good backups of these histories, at least 1;
                None removes none.
            allow_empty: also back up histories that contain nothing.

        Raises:
            Locked: another backup or restore is running.
            SpaceError: no space, or no permission; nothing is left of the attempt.
            StoreError: there is nothing to back up, or it is damaged.
        """
        from agents.store import backup

        return backup.create(self._data, self._logs, target, keep=keep, allow_empty=allow_empty)

    def stream(self, out: IO[bytes], *, allow_empty: bool = False) -> "Backup":
        """Back up into a stream: one tar of the folder that ``create`` would create.

        Raises:
            Locked: another backup or restore is running.
            SpaceError: no space to prepare it.
            StoreError: there is nothing to back up, or it is damaged.
            OSError: the stream cannot be written.
        """
        from agents.store import backup

        return backup.stream(self._data, self._logs, out, allow_empty=allow_empty)

    def list(self, target: Path) -> "list[Backup]":
        """The backups in a folder, oldest first; damaged ones name their problem."""
        from agents.store import backup

        return backup.list_backups(target)

    def find(self, name: str, target: Path) -> Path:
        """The folder of a backup: itself, or the one of this name in ``target``.

        Raises:
            UnknownName: there is none.
        """
        from agents.store import backup

        return backup.find(name, target)

    def verify(self, folder: Path) -> "Manifest":
        """Read a whole backup and check that every byte is as it was written; nothing is written to the disk.

        Raises:
            BackupInvalid: it is not, or it has no manifest.
        """
        from agents.store import backup

        return backup.verify(folder)

    def is_empty(self, folder: Path | None = None) -> bool:
        """Whether nothing was stored yet.

        Args:
            folder: another data folder; None looks into the one of the settings.
        """
        from agents.store.backup.emptiness import is_empty

        return is_empty(folder or self._data)

    def check(self, source: Path | BinaryIO, *, anywhere: bool = False) -> "Checked":
        """Check a backup, or a stream of one, down to the last row on a copy; nothing is changed.

        Args:
            source: a backup's folder, or the stream that ``stream`` wrote.
            anywhere: whether the copy may be in the system's folder for temporary files if the data folder has little
                room.

        Raises:
            BackupInvalid: it cannot be restored.
            SpaceError: no space for the copy.
        """
        from agents.store.backup import restore

        return restore.check(self._data, source, anywhere=anywhere)

    def restore(
        self,
        source: Path | BinaryIO,
        *,
        agreed: "Callable[[Checked], bool]" = lambda _checked: True,
        logs: bool = False,
        into: str = "",
    ) -> "Restored | None":
        """Replace the histories with those of a backup that was checked first.

        Args:
            source: a backup's folder, or the stream that ``stream`` wrote.
            agreed: is asked before anything is replaced.
            logs: also unpack the backup's logs into a folder of their own.
            into: "container" or "local", which must be the place of these histories: agrees to a backup of the other.

        Returns:
            What was restored, and where the old histories are kept; None when ``agreed`` answered no.

        Raises:
            BackupInvalid: it cannot be restored; nothing was changed.
            Locked: another process uses the histories.
            SpaceError: no space; nothing was changed.
            UsageError: the backup is of histories in the other place; nothing was changed.
        """
        from agents.store.backup import restore

        return restore.restore(self._data, source, agreed=agreed, logs=self._logs if logs else None, into=into)

    def check_undo(self) -> dict[str, int] | None:
        """Check what ``undo`` would put back, down to the last row on a copy; nothing is changed.

        Returns:
            Its rows per table; None when there is no room for a copy to check.

        Raises:
            BackupInvalid: it is damaged; ``undo`` would put it back as it is.
            StoreError: there is nothing to put back.
            Locked: another backup or restore is running.
        """
        from agents.store.backup import restore

        return restore.check_undo(self._data)

    def undo(self, *, agreed: Callable[[Path], bool] = lambda _safety: True) -> Path | None:
        """Put back what the latest restore replaced.

        Args:
            agreed: is asked before anything is replaced.

        Returns:
            The folder where the replaced histories are kept; None when ``agreed`` answered no.

        Raises:
            StoreError: there is nothing to put back.
            Locked: another process uses the histories.
        """
        from agents.store.backup import restore

        return restore.undo(self._data, agreed=agreed)
