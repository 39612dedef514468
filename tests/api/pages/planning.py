"""Meetings that a test plans with the form of the pages, and what became of them."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from agents.meeting.spec import MeetingSpec
from agents.orchestrator import AgentOrchestrator
from tests.api.pages.site import Shown, Site
from tests.inputs import ROOT

DESIGN = (ROOT / "examples" / "session_store_proposal.md").read_bytes()
REVIEW: dict[str, Any] = {"type": "architecture_review", "topics": "May we build this?"}


def spec_of(path: str) -> MeetingSpec:
    """The stored spec of the meeting at an address."""
    with AgentOrchestrator() as orchestrator:
        return orchestrator.get_meeting(path.rsplit("/", 1)[1])


def sent(pages: Site, files: Any = None, status: int = 303, **fields: Any) -> Any:
    """What comes of the form: the address of a plan, or the form again."""
    answer = pages.post("/new", status, files=files or [("files", ("", b""))], **fields)
    return answer.headers["location"] if status == 303 else Shown(answer.text)


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.02)
    pytest.fail("it never was")


def state_of(pages: Site, path: str) -> str:
    """The status of a meeting by the address of its page."""
    return str(pages.client.get(f"/api{path}/state").json()["state"])
