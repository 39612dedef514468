"""The documents of a meeting, a page at a time, and what was said in it: what ``/read`` shows a person who is asked."""

import re
import shutil
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agents.documents import Document

LEAST_ROWS = 6
"""The fewest rows of a page."""
KEPT_ROWS = 5
"""The rows of the terminal that a page leaves free."""
_TURN = re.compile(r"[Tt](\d{1,6})")


class Pages:
    """Shows documents page by page, and goes on where it was.

    Args:
        documents: the documents.
    """

    def __init__(self, documents: "Sequence[Document]") -> None:
        self._documents = tuple(documents)
        self._document = 0
        self._line = 1

    def read(self, wanted: str, heard: Mapping[str, str]) -> str:
        """What is wanted, as it is printed.

        Args:
            wanted: "" for the next page; a line, ``file:line`` or a file; or the id of a turn.
            heard: the turns that may be read, by id.
        """
        turn = _TURN.fullmatch(wanted)
        if turn:
            said = heard.get(f"T{int(turn[1])}")
            return said or f"You have not heard T{int(turn[1])} yet. Heard: {', '.join(heard) or 'nothing'}."
        if not self._documents:
            return "This meeting has no document."
        return (self._go_to(wanted) if wanted else "") or self._page()

    def _go_to(self, wanted: str) -> str:
        """Go to a place; returns why that is not possible, or ""."""
        name, _, digits = wanted.rpartition(":") if ":" in wanted else ("", "", wanted)
        if not _is_number(digits):
            name, digits = wanted, ""
        if name:
            found = [place for place, one in enumerate(self._documents) if name.casefold() in one.name.casefold()]
            if not found:
                return f"There is no document {name!r}. There is: {', '.join(one.name for one in self._documents)}."
            self._document, self._line = found[0], 1
        lines = len(self._documents[self._document].lines)
        if digits:
            if not 1 <= int(digits) <= lines:
                return f"{self._documents[self._document].name} has lines 1 to {lines}."
            self._line = max(1, int(digits) - _rows() // 2)
        return ""

    def _page(self) -> str:
        document = self._documents[self._document]
        lines, width = document.lines, shutil.get_terminal_size((80, 24)).columns
        first, rows, page = self._line, _rows(), list[str]()
        while self._line <= len(lines) and len(page) < rows:
            number = f"{self._line:>5}  "
            wrapped = textwrap.wrap(lines[self._line - 1], max(20, width - len(number) - 1)) or [""]
            if page and len(page) + len(wrapped) > rows:
                break
            page += [number + wrapped[0], *(" " * len(number) + row for row in wrapped[1:])]
            self._line += 1
        page.append(f"({document.name}, lines {first}-{self._line - 1} of {len(lines)}{self._next(len(lines))})")
        return "\n".join(page)

    def _next(self, lines: int) -> str:
        """What the next page will be; goes on to the next document at the end of one."""
        if self._line <= lines:
            return "; /read goes on"
        self._document, self._line = (self._document + 1) % len(self._documents), 1
        return f"; /read shows {self._documents[self._document].name}"


def _rows() -> int:
    return max(LEAST_ROWS, shutil.get_terminal_size((80, 24)).lines - KEPT_ROWS)


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 9
