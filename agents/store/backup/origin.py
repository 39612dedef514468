"""Which histories a backup is of: those in a container or local ones, and the id of their data folder."""

import re
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

CONTAINER, LOCAL = "container", "local"

IN_IMAGE = Path("/app/agent_memories")
"""The data folder of the image; no local one has this path."""

ID = ".store-id"
"""The file with the id of a data folder. It is in no backup: restored elsewhere, histories get another one."""

_FORM = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Origin:
    """Which histories a backup is of.

    Attributes:
        place: CONTAINER or LOCAL; "" when it is not known, as for a backup of an earlier version.
        store: the id of the data folder; "" when it is not known.
    """

    place: str = ""
    store: str = ""

    def is_same(self, other: "Origin") -> bool:
        """Whether both are known, and the same."""
        return bool(self.place and self.store) and self == other


def place_of(data: Path) -> str:
    """Where a data folder is: CONTAINER or LOCAL."""
    return CONTAINER if data == IN_IMAGE else LOCAL


def origin_of(data: Path) -> Origin:
    """Which histories are in a data folder, which gets an id now if it has none and can be written.

    The caller makes sure that no other backup of it is made meanwhile.
    """
    file, fresh = data / ID, data / f"{ID}.new"
    try:
        found = file.read_text(encoding="ascii").strip() if file.exists() else ""
        if not _FORM.fullmatch(found):
            found = token_hex(8)
            fresh.write_text(f"{found}\n", encoding="ascii")
            fresh.replace(file)
    except (OSError, ValueError):
        fresh.unlink(missing_ok=True)  # a full disk must not stop a backup
        found = ""
    return Origin(place_of(data), found)
