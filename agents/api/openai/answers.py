"""The answer to a request, whatever its form: found again where the request was sent before, else begun."""

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from agents.api.openai import attaching, commands, follow_up
from agents.api.openai.agent_models import agent_answer, panel_answer
from agents.api.openai.attaching import Keys, keys_of
from agents.api.openai.meeting_models import Room, hold, new_meeting
from agents.api.openai.models import check_model
from agents.api.openai.runs import Run, Runs, told

if TYPE_CHECKING:
    from agents.api.openai.requests import ChatRequest
    from agents.api.service import Service
    from agents.orchestrator import AgentOrchestrator

_RUNS: "WeakKeyDictionary[AgentOrchestrator, Runs]" = WeakKeyDictionary()
"""The answers of each owner; they live as long as the owner's orchestrator."""


def answer(service: "Service", owner_name: str, request: "ChatRequest", base: str) -> Run:
    """Find or begin the answer to a request. Equal requests that arrive at the same time get one answer: nothing is
    awaited between the search and the beginning.

    Args:
        service: the service.
        owner_name: whose request it is.
        request: the request.
        base: the address of the service, as the program wrote it.

    Raises:
        ApiProblem: there is no such model, or the idempotency key came with another request.
        UsageError: there is no topic.
        MaterialMissing: the meeting needs a document.
        Busy: too many meetings wait already.

    Example:
        run = answer(service, owner_of(scope), read_chat(body, headers), "http://localhost:8000/")
        with run.reader():
            async for delta in run.read():
                print(delta.content)
        print(run.end)
    """
    owner = service.owners.get(owner_name)
    check_model(owner.orchestrator, request)
    if request.helper is not None:
        return Run(request.model, told(request.helper.answer))
    runs, keys = _RUNS.setdefault(owner.orchestrator, Runs()), keys_of(request)
    attaching.check_once(owner, runs, keys)
    if request.kind == "meeting":
        return _meeting(Room(owner, runs, base, request.model), request, keys)
    if found := attaching.attached(runs, keys, again=request.is_retry):
        return found
    make = panel_answer(owner, request) if request.kind == "panel" else agent_answer(owner, request)
    run = Run(request.model, make, now=lambda: "The model reads and thinks.", log=owner.orchestrator.resources.log)
    return runs.keep(keys.every(), run)


def _meeting(room: Room, request: "ChatRequest", keys: Keys) -> Run:
    """The answer with a meeting: the one that this request began, that of its chat, or a new one."""
    owner = room.owner
    if found := attaching.meeting_of(owner, keys, again=request.is_retry):
        return room.begin(found) if owner.meetings.state(found).status != "closed" else room.follow(found)
    if run := attaching.attached(room.runs, keys, again=request.is_retry):
        return run
    topic = commands.new_topic(request.user_text)
    earlier = "" if topic else follow_up.meeting_of_chat(owner, request, keys)
    if earlier:
        return room.runs.keep(keys.every(), follow_up.answer_in_meeting(room, earlier, request, keys))
    if not topic and commands.is_command(request.user_text):
        return Run(request.model, told(follow_up.without_meeting(owner, request, keys)))
    # Stored together, and before it is held: a request that is sent again, also after a crash, finds it.
    with owner.orchestrator.resources.store.database.write():
        meeting_id = new_meeting(owner, request, topic or None)
        attaching.remember(owner, (*keys.every(), keys.talk, keys.chat), meeting_id)
    return hold(room, meeting_id)
