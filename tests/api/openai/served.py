"""A service as a process with a double of its own, for all tests of a file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agents.orchestrator import AgentOrchestrator
from agents.settings import Settings
from tests.api.serving import serving
from tests.ollama_double import OllamaDouble


class Place:
    """A service and the double that it asks.

    Attributes:
        url: its address.
        double: the model server.
    """

    def __init__(self, port: int, double: OllamaDouble, data: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.double = double
        self._data = data

    def calls(self) -> int:
        """How many words were asked of the model so far."""
        return len(self.double.requests.chats())

    def meetings(self, topic: str) -> list[str]:
        """The ids of the meetings about a topic."""
        with self._histories() as ours:
            return [row.id for row in ours.list_meetings() if ours.get_meeting(row.id).topics[0].text.startswith(topic)]

    def documents(self, meeting_id: str) -> list[str]:
        """The names of the documents of a meeting."""
        with self._histories() as ours:
            return [one.name for one in ours.get_meeting(meeting_id).documents]

    def _histories(self) -> AgentOrchestrator:
        return AgentOrchestrator(Settings.load(None, self._data.parent, data_folder=self._data))


@contextmanager
def served(home: Path, **variables: str) -> Iterator[Place]:
    """A service with its histories in ``home`` and more settings, where no proxy is between it and the test."""
    with OllamaDouble() as double, pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            patch.delenv(name)
        with serving(
            HOME=str(home),
            AGENTS_DATA_FOLDER=str(home / "data"),
            AGENTS_CONFIG=str(home / "config.toml"),
            CONTROL_BALLOTS="never",
            OLLAMA_BASE_URL=double.url,
            **variables,
        ) as (_, port):
            yield Place(port, double, home / "data")
