"""The meeting: held as a user holds it, and its findings read from the JSON that a user gets."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agents.documents import Document
from agents.export.json import to_json
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.request import MeetingRequest
from agents.settings import Settings
from benchmarks.quality.claim import Claim, Spent

TYPE = "architecture_review"
TOPIC = "May this be done as the document describes it?"


def met(
    document: Document, agents: Sequence[str], settings: Settings, seed: int, arm: str, minutes_file: Path
) -> tuple[tuple[Claim, ...], Spent]:
    """Hold a meeting with an empty memory, and keep its minutes.

    Args:
        document: the document.
        agents: who takes part.
        settings: the settings; the data and the log of the meeting are in a folder of their own.
        seed: the seed of every call.
        arm: the arm.
        minutes_file: where the minutes are kept, as JSON.
    """
    with TemporaryDirectory() as folder:
        own = settings.with_flags(
            seed=seed, data_folder=Path(folder) / "data", log_folder=Path(folder) / "log", log_level="INFO"
        )
        with AgentOrchestrator(own) as orchestrator:
            orchestrator.model_label()  # loading the model is not counted
            began = time.monotonic()
            request = MeetingRequest(TYPE, TOPIC, attach=[document], agents=agents)
            minutes = orchestrator.conduct_meeting(orchestrator.convene(request))
            seconds = time.monotonic() - began
        spent = logged(Path(folder) / "log", seconds)
    text = to_json(minutes)
    minutes_file.parent.mkdir(parents=True, exist_ok=True)
    minutes_file.write_text(text, encoding="utf-8")
    return findings(json.loads(text), document, arm), spent


def logged(folder: Path, seconds: float) -> Spent:
    """What the log says that all calls cost: turns, minutes, and questions that no turn shows.

    Where nobody knows how much of a prompt was cached, the whole prompt counts.
    """
    evaluated = written = calls = 0
    for file in folder.glob("*.log"):
        for line in file.read_text(encoding="ascii").splitlines():
            entry = json.loads(line)
            if "reply_tokens" in entry:
                evaluated += entry.get("evaluated_tokens", entry["prompt_tokens"])
                written += entry["reply_tokens"]
                calls += 1
    return Spent(evaluated, written, calls, seconds)


def findings(minutes: dict[str, Any], document: Document, arm: str) -> tuple[Claim, ...]:
    """The findings in minutes about one document, in their order.

    Raises:
        KeyError: these minutes have no findings.
    """
    found = [one for topic in minutes["topics"] for one in topic["findings"] if one["file"] == document.name]
    return tuple(
        Claim(
            document.name, one["first"] or 0, one["last"] or 0, one["why"], one["quote"], one["change"] or "", rank,
            arm, arm,
        )
        for rank, one in enumerate(found, 1)
    )  # fmt: skip
