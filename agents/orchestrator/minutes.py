"""Minutes that can be written in every format; those of ``agents.meeting`` know no format (docs/decisions/0025)."""

import json
from dataclasses import fields
from typing import Any, Self

from agents.export import export
from agents.meeting.record import Minutes


class ExportableMinutes(Minutes):
    """The minutes of a meeting, and ways to write them: ``agents.export.FORMATS`` has more formats."""

    __slots__ = ()

    @classmethod
    def of(cls, minutes: Minutes) -> Self:
        """The same minutes, to be written."""
        return cls(**{field.name: getattr(minutes, field.name) for field in fields(minutes)})

    def to_markdown(self) -> str:
        """The minutes as Markdown."""
        return export(self, "markdown")

    def to_html(self) -> str:
        """The minutes as one HTML page, which needs no other file."""
        return export(self, "html")

    def to_json(self) -> str:
        """The minutes as JSON, in the structure of docs/minutes.schema.json."""
        return export(self, "json")

    def to_dict(self) -> dict[str, Any]:
        """The values of ``to_json`` as plain dictionaries, lists, texts and numbers."""
        table: dict[str, Any] = json.loads(self.to_json())
        return table

    def _repr_markdown_(self) -> str:
        """What a notebook shows."""
        return self.to_markdown()
