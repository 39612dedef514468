"""Reads a tar stream member by member, with a bound on everything that an archive can make a reader do.

``tarfile`` reads extended headers whole before anybody sees a member, so a small compressed archive can take gigabytes.
This reader knows what ``tar`` and ``tarfile`` write for files and folders, and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

FILE, FOLDER = b"0", b"5"
"""The kinds of members that an archive of ours has."""

BLOCK = 512
LARGEST_HEADER = 16_384
"""Bytes of an extended header: far more than the longest name that is accepted."""

LARGEST_HEADERS = 16_000_000
"""Bytes of all extended headers of an archive."""

_PAX, _PAX_GLOBAL, _LONG_NAME, _LONG_LINK = b"x", b"g", b"L", b"K"
_PIECE = 1 << 16


class Unreadable(ValueError):
    """What is read is no tar, or no tar that is accepted."""


class Source(Protocol):
    """Where the bytes come from."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of an archive.

    Attributes:
        name: its path, as written.
        kind: ``FILE``, ``FOLDER``, or the letter of something else.
        size: bytes of its content.
    """

    name: str
    kind: bytes
    size: int


class TarStream:
    """The members of a tar stream, in order.

    Iterate over it, and call ``read`` for the content of the member that came last; what is not read is skipped.

    Args:
        source: the tar, not compressed.
        most: the most members and extended headers.

    Attributes:
        comment: the comment in the global header, or "".
    """

    def __init__(self, source: Source, most: int) -> None:
        self.comment = ""
        self._source = source
        self._most = most
        self._left = 0
        self._padding = 0
        self._headers = 0

    def __iter__(self) -> Iterator[Member]:
        """The members.

        Raises:
            Unreadable: something in it is not accepted.
            EOFError: it ends before its end.
        """
        special: dict[str, str] = {}
        for _number in range(self._most):
            self._skip()
            block = self._exactly(BLOCK)
            if block.count(0) == BLOCK:
                return
            header = _header(block)
            if header.kind in {_PAX, _PAX_GLOBAL, _LONG_NAME, _LONG_LINK}:
                records = self._special(header)
                if header.kind == _PAX_GLOBAL:
                    self.comment = records.get("comment", "")
                else:
                    special |= records
                continue
            size = _size_in(special, header.size)
            self._left, self._padding = size, -size % BLOCK
            yield Member(special.get("path", header.name), header.kind, size)
            special = {}
        raise Unreadable("it has too many members")

    def read(self, size: int) -> bytes:
        """At most so many bytes of the member's content; none at its end."""
        if not self._left or not (piece := self._source.read(min(size, self._left))):
            return b""
        self._left -= len(piece)
        return piece

    def _skip(self) -> None:
        """Read the rest of a member and what follows it up to the next block."""
        self._left, self._padding = self._left + self._padding, 0
        while self._left:
            if not self.read(_PIECE):
                raise EOFError("it is cut off")

    def _special(self, header: Member) -> dict[str, str]:
        """The values in an extended header."""
        self._headers += header.size
        if header.size > LARGEST_HEADER or self._headers > LARGEST_HEADERS:
            raise Unreadable("a header in it is far larger than those of a backup")
        content = self._exactly(header.size)
        self._exactly(-header.size % BLOCK)
        if header.kind in {_LONG_NAME, _LONG_LINK}:
            return {"path": _text(content)} if header.kind == _LONG_NAME else {}
        return _records(content)

    def _exactly(self, size: int) -> bytes:
        pieces = []
        while size:
            piece = self._source.read(size)
            if not piece:
                raise EOFError("it is cut off")
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)


def _header(block: bytes) -> Member:
    """The member that a header block describes."""
    claimed = _number(block[148:156])
    blank = block[:148] + b" " * 8 + block[156:]
    # Some programs of old took the bytes as signed numbers.
    if claimed != sum(blank) and claimed != sum(blank) - 256 * sum(byte > 127 for byte in blank):
        raise Unreadable("a header in it is damaged")
    name, kind = _text(block[:100]), block[156:157]
    prefix = _text(block[345:500]) if block[257:263] == b"ustar\0" else ""
    if kind == b"\0":  # what the oldest archives write for both
        kind = FOLDER if name.endswith("/") else FILE
    return Member(f"{prefix}/{name}" if prefix else name, kind, _number(block[124:136]))


def _records(content: bytes) -> dict[str, str]:
    """The records of a pax header, each of which is its own length, a name and a value."""
    found, at = dict[str, str](), 0
    while at < len(content):
        blank = content.find(b" ", at, at + 8)
        length = _decimal(content[at:blank]) if blank > at else 0
        end = at + length
        name, equals, value = content[blank + 1 : end - 1].partition(b"=")
        if length < blank - at + 4 or end > len(content) or content[end - 1 : end] != b"\n" or not equals:
            raise Unreadable("a header in it is damaged")
        if name.startswith(b"GNU.sparse"):
            raise Unreadable("a file in it has holes")
        found[name.decode("utf-8", "surrogateescape")] = value.decode("utf-8", "surrogateescape")
        at = end
    return found


def _size_in(special: dict[str, str], size: int) -> int:
    """The size in an extended header, if it has one, else the one in the header."""
    return _decimal(special["size"].encode("utf-8", "replace")) if "size" in special else size


def _decimal(digits: bytes) -> int:
    if not digits.isdigit() or len(digits) > 18:
        raise Unreadable("a header in it is damaged")
    return int(digits)


def _number(field: bytes) -> int:
    """A number of a header: octal digits, or bytes behind a mark where these are not enough."""
    if field[0] == 0x80:
        number = int.from_bytes(field[1:], "big")
        if number >= 1 << 62:
            raise Unreadable("a header in it is damaged")
        return number
    digits = field.split(b"\0", 1)[0].strip()
    if not all(0x30 <= byte <= 0x37 for byte in digits):
        raise Unreadable("a header in it is damaged")
    return int(digits or b"0", 8)


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")
