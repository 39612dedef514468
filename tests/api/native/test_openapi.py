import json
from collections import Counter
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from agents.orchestrator import AgentOrchestrator
from agents.store.actions import NewAction
from tests.api.native.living import living
from tests.drill import DRILL, rounds
from tests.inputs import ROOT

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
]
KNOWN = {"agent": "cto", "meeting": "last", "action": "A1", "kind": "decision"}
"""Names that exist, for the parts of paths: random ones would only ever find nothing."""


def _stored() -> None:
    """Store a meeting with minutes, an action and a memory."""
    with AgentOrchestrator(model="rehearsal") as orchestrator:
        attach = [ROOT / "examples" / "session_store_proposal.md"]
        meeting = orchestrator.create_meeting("architecture_review", "May we build this?", attach=attach)
        orchestrator.conduct_meeting(meeting)
        orchestrator.chat_with_agent("cto", "What would you ask first?")
        orchestrator.actions.add(NewAction(
            meeting=meeting, key="1.action.1", series="", topic="May we build this?", task="Set a time-out",
            owner="cto", due=None, due_text="", turn="T1", quote="", verified=False,
        ))  # fmt: skip


def _failures(document: dict[str, Any], url: str, examples: int) -> tuple[list[str], Counter[int]]:
    """What requests that the document describes, and requests that it forbids, find wrong; and the statuses seen."""
    failures: dict[str, str] = {}
    statuses: Counter[int] = Counter()
    for number, found in enumerate(schemathesis.openapi.from_dict(document).get_all_operations()):
        operation = found.ok()  # type: ignore[union-attr]
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode is GenerationMode.NEGATIVE and number % 3 and not DRILL:
                continue  # a test run takes a sample

            @given(case=operation.as_strategy(generation_mode=mode))
            @settings(
                max_examples=examples, deadline=None, database=None, derandomize=True,
                suppress_health_check=list(HealthCheck), phases=[Phase.generate],
            )  # fmt: skip
            def ask(case: Any) -> None:
                known = {name: value for name, value in KNOWN.items() if name in (case.path_parameters or {})}
                if sum(statuses.values()) % 4:
                    case.path_parameters.update(known)
                response = case.call(base_url=url)
                statuses[response.status_code] += 1
                try:
                    case.validate_response(response, checks=CHECKS)
                except BaseException as error:  # noqa: BLE001 - failures come in a group
                    failures.setdefault(f"{case.operation.label}: {str(error)[:80]}", str(error))

            try:
                ask()
            except Unsatisfiable:
                continue  # nothing about this path can be wrong
    return [*failures.values()], statuses


@pytest.mark.filterwarnings("ignore")
@pytest.mark.timeout(1200)
@pytest.mark.usefixtures("ollama")
def test_every_answer_is_as_the_document_describes_it() -> None:
    """Requests made from the OpenAPI document, right and wrong ones, meet no error of the server, no status that is not
    documented and no answer of another shape.
    """
    _stored()
    with living(model_name="rehearsal") as api:
        document = httpx.get(f"{api.url}/openapi.json").json()
        failures, statuses = _failures(document, api.url, rounds(1, 60))
    assert failures == []
    assert {200, 201, 204, 400, 404, 409, 422} >= statuses.keys() >= {200, 404, 422}


def test_the_document_is_complete() -> None:
    """The document has the form of every request, and no reference in it leads nowhere."""
    with living(model_name="rehearsal") as api:
        text = httpx.get(f"{api.url}/openapi.json").text
    document = json.loads(text)
    names = {piece.split('"')[0] for piece in text.split("#/components/schemas/")[1:]}
    assert names <= document["components"]["schemas"].keys()
    assert {"NewMeeting", "Question", "Upload", "Wish", "Fault"} <= names
    for path, methods in document["paths"].items():
        for method, found in methods.items():
            assert found["responses"]["422"]["content"]["application/json"]["schema"]["$ref"].endswith("/Fault"), path
            assert found["description"], (path, method)
