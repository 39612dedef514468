"""``/api/consult`` and ``/api/workflows``: several agents, each on its own or one after the other."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Depends, Request

from agents.api.native.bodies import read, taking
from agents.api.native.faults import documented
from agents.api.native.forms import Consultation, NewStep, Work
from agents.api.native.owned import Mine
from agents.api.native.shapes import Panel, WorkDone
from agents.api.native.streams import STREAM, Tell, answered, noting
from agents.documents import Document
from agents.errors import ModelError, UsageError
from agents.workflow import Step, parse_step

router = APIRouter(tags=["panels"])


@router.post(
    "/consult", response_model=Panel, responses={**documented(502), **STREAM}, openapi_extra=taking(Consultation)
)
async def consult(
    request: Request, mine: Mine, sent: tuple[Consultation, list[Document]] = Depends(read(Consultation))
) -> Any:
    """Ask several agents the same. With ``stream``, the events are text, answer, note and done."""
    asked, documents = sent
    if "auto" in asked.agents and len(asked.agents) > 1:
        raise UsageError("auto chooses the agents, and others are named too.", "Name agents, or auto alone.")

    async def work(tell: Tell) -> dict[str, Any]:
        notes: list[str] = []
        answers = await mine.orchestrator.amulti_agent_consultation(
            asked.question, "auto" if asked.agents in ([], ["auto"]) else asked.agents, attach=documents,
            remember=asked.remember, on_text=lambda who, piece: tell("text", {"agent": who, "text": piece}),
            on_answer=lambda answer: tell("answer", asdict(answer)), on_note=noting(tell, notes),
        )  # fmt: skip
        failed = [answer for answer in answers if answer.error]
        if len(failed) == len(answers):
            raise ModelError("No agent could answer.", failed[0].error)
        return {"answers": [asdict(answer) for answer in answers], "notes": notes}

    return await answered(request, work, stream=asked.stream)


@router.post("/workflows", response_model=WorkDone, responses=STREAM, openapi_extra=taking(Work))
async def run_workflow(request: Request, mine: Mine, sent: tuple[Work, list[Document]] = Depends(read(Work))) -> Any:
    """Have agents work one after the other. With ``stream``, the events are text, step, note and done."""
    asked, documents = sent
    steps = [_step(given, number) for number, given in enumerate(asked.steps, 1)]

    async def work(tell: Tell) -> dict[str, Any]:
        notes: list[str] = []
        results = await mine.orchestrator.acollaborative_task(
            asked.task, steps, attach=documents, on_note=noting(tell, notes),
            on_text=lambda name, piece: tell("text", {"step": name, "text": piece}),
            on_step=lambda result: tell("step", asdict(result)),
        )  # fmt: skip
        return {"steps": [asdict(result) for result in results], "notes": notes}

    return await answered(request, work, stream=asked.stream)


def _step(given: NewStep | str, number: int) -> Step:
    if isinstance(given, str):
        return parse_step(given, number)
    return Step(given.name or f"{number}. {given.agent}", given.agent, given.task, given.skill)
