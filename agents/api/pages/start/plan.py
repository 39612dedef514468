"""A meeting before it begins: who takes part, what it costs, and what will not be shown."""

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from starlette.responses import Response

from agents.api.pages import model_now, paths, shell
from agents.api.pages.amounts import counted, headline
from agents.api.pages.start import plan_view
from agents.api.pages.start.fields import trouble
from agents.api.pages.start.given import Problem, problem_of, sent_key
from agents.api.pages.start.plan_view import Chosen
from agents.api.pages.start.planned import planned
from agents.api.pages.visit import Visit, is_quiet, page
from agents.errors import Busy, MeetingError, OrchestratorError, UsageError
from agents.export.html_tags import Html, lines, tag
from agents.meeting.codec import values
from agents.meeting.record import DECISION_MAKER, Turn
from agents.orchestrator.background.held import GOING_ON, MeetingState
from agents.orchestrator.forks import turns_said
from agents.orchestrator.request_again import with_seats

if TYPE_CHECKING:
    from agents.meeting.journal import Event
    from agents.meeting.spec import MeetingSpec
    from agents.orchestrator import AgentOrchestrator

_FORKING: "WeakKeyDictionary[AgentOrchestrator, asyncio.Lock]" = WeakKeyDictionary()
"""Lets each owner fork one meeting after the other, so that a form that is sent twice makes one fork."""
SOON_SECONDS = 0.3
"""How long the answer to "Start" waits, to be able to say that the meeting cannot begin."""


async def page_of(
    visit: Visit, state: MeetingState, problem: Problem | None = None, chosen: Chosen | None = None
) -> Response:
    """The plan of a meeting that has not begun; of a fork, what it keeps.

    Args:
        visit: the request.
        state: how far the meeting is.
        problem: why a form was not carried out; None if none was sent.
        chosen: who was ticked in a form that was not carried out.
    """
    orchestrator = visit.owner.orchestrator
    spec, events = orchestrator.get_meeting(state.id), orchestrator.meetings.journal(state.id).events()
    title = _heading(spec)
    is_over = state.status == "abandoned"
    head: list[Html | None] = [
        tag("p", f"{spec.kind.title} \u00b7 {'cancelled' if is_over else 'not begun yet'}", class_="eyebrow"),
        tag("h1", title),
    ]
    if problem is None and not is_over:
        head.append(await model_now.notice(visit) or _failed(state))
    elif problem and chosen is None:
        head.append(trouble(problem))
    if is_over:
        body: list[Html | None] = [
            tag("p", "This meeting was cancelled before it began. Nobody spoke."),
            plan_view.seats_only(spec),
        ]
    elif events:
        body = _fork(visit, spec, events)
    else:
        body = await _plan(visit, spec, chosen, problem)
    return shell.page(
        title if problem is None else f"{title}: not possible yet",
        tag("header", lines(*head), class_="plan-head"),
        *body,
        _ending(state, can_go_back=not events),
        look=shell.Look(kind="wide planning"),
        status=problem.status if problem else 200,
    )


def _heading(spec: "MeetingSpec") -> str:
    more = len(spec.topics) - 1
    about = headline(spec.topics[0].text)
    return f"{about} and {counted(more, 'more topic')}" if more else about


def _failed(state: MeetingState) -> Html | None:
    """Why the meeting stopped before anybody spoke."""
    return tag("p", tag("strong", f"It could not begin: {state.error}"), class_="notice") if state.error else None


async def _plan(visit: Visit, spec: "MeetingSpec", chosen: Chosen | None, problem: Problem | None) -> list[Html | None]:
    """What a meeting costs, with the forms that start it and change its seats; why its seats were not changed."""
    plan = await planned(visit, spec.id)
    orchestrator = visit.owner.orchestrator
    roles = sorted(orchestrator.roles.values(), key=lambda role: role.title.lower())
    person = spec.person if spec.person != DECISION_MAKER else ""
    ticked = chosen or Chosen(spec.speakers, spec.wishes.chair, person, bool(spec.decider))
    notes = [tag("li", note) for note in spec.notes]
    seats = tag(
        "section",
        lines(
            tag("h2", "Seats"),
            trouble(problem) if problem and chosen else None,
            plan_view.seats(spec, roles, ticked, paths.meeting(spec.id, "seats"), person=not model_now.by_rule(visit)),
        ),
        class_="who",
        id="seats",
    )
    rest = tag(
        "div",
        lines(
            plan_view.topics(spec),
            tag("h2", "Documents, and what will not be shown", id="documents") if plan.coverage else None,
            plan_view.documents(spec, plan) if plan.coverage else None,
            *([tag("h2", "Notes"), tag("ul", lines(*notes))] if notes else []),
            tag("h2", "Course and cost"),
            plan_view.course(spec, plan),
            plan_view.controls(plan),
            plan_view.models(plan),
            tag("h2", "Chosen"),
            plan_view.choices(spec),
        ),
        class_="rest",
    )
    return [
        plan_view.in_short(spec, plan),
        plan_view.fits(spec, plan),
        _start(visit, spec.id),
        tag("div", seats, rest, class_="planned"),
    ]


def _start(visit: Visit, meeting_id: str) -> Html:
    """The button that starts a meeting, with what happens if the model is busy."""
    queue = visit.service.owners.queue
    waits = None
    if queue.holding >= queue.slots:
        held = f"{counted(queue.holding, 'meeting')} {'is' if queue.holding == 1 else 'are'} held"
        ahead = f", {queue.waiting} {'waits' if queue.waiting == 1 else 'wait'}" if queue.waiting else ""
        waits = tag("span", f"The model is busy: {held}{ahead}. This meeting will wait for its turn.", class_="soft")
    return tag(
        "form",
        tag("button", "Start the meeting", type="submit", class_="main"),
        waits,
        method="post",
        action=paths.meeting(meeting_id, "start"),
        class_="row go",
    )


def _fork(visit: Visit, spec: "MeetingSpec", events: "list[Event]") -> list[Html | None]:
    """What a fork keeps of the meeting that it comes from."""
    turns = values(events, Turn)
    other = tag("a", "another meeting", href=paths.meeting(spec.forked_from))
    kept = tag("p", "It has the same seats and documents as ", other, ", and keeps no turn: all is asked again.")
    if turns:
        named = turns_said(turn.id for turn in turns)
        begins = f" up to {turns[-1].id}, and keeps {counted(len(turns), 'turn')}: {named} ("
        read = tag("a", "what was said", href=paths.meeting(spec.id, "minutes"))
        kept = tag("p", "It begins like ", other, begins, read, "). The rest is asked again.")
    notes = [tag("li", note) for note in spec.notes]
    return [
        kept,
        _start(visit, spec.id),
        tag("h2", "Seats"),
        plan_view.seats_only(spec),
        *([tag("h2", "Notes"), tag("ul", lines(*notes))] if notes else []),
    ]


def _ending(state: MeetingState, *, can_go_back: bool) -> Html:
    """What else can be done with a plan."""
    words = "Back to the form" if state.status == "created" else "Plan it again"
    return tag(
        "div",
        lines(
            tag("a", words, href=paths.listed(paths.NEW, **{"from": state.id}), class_="back-to")
            if can_go_back
            else None,
            tag(
                "form",
                tag("button", "Delete", type="submit", class_="danger"),
                method="post",
                action=paths.meeting(state.id, "delete"),
            ),
        ),
        class_="row ending",
    )


@page
async def begin(visit: Visit) -> Response:
    """Hold a meeting, or the rest of it, as soon as the model is free."""
    found = visit.meeting()
    try:
        held = visit.owner.meetings.start(found)
        if not held.waits and await held.wait(SOON_SECONDS) and held.error:
            raise held.error
    except OrchestratorError as error:
        state = visit.owner.meetings.state(found)
        if state.status == "closed":  # the button was pressed twice, and it did not take long
            return visit.done("held", paths.meeting(found))
        if is_quiet(visit.request) or state.status != "created":
            raise
        answer = await page_of(visit, state, problem_of(visit, error))
        if isinstance(error, Busy):
            answer.headers["Retry-After"] = str(error.retry_after)
        return answer
    state = visit.owner.meetings.state(found)
    if state.position:
        waits = f"The meeting waits for the model, at place {state.position} in the queue."
        if title := visit.owner.meetings.behind(found):
            waits += f" A person is asked in the meeting before it: {headline(title)}"
        return visit.done("queued", paths.meeting(found), waits)
    return visit.done("begun", paths.meeting(found))


@page
async def seats(visit: Visit) -> Response:
    """Make the plan again with exactly the chosen seats; the plan before is deleted."""
    me, decide = visit.text("me"), visit.text("decide") == "yes"
    chosen = Chosen(visit.texts("seat"), visit.text("chair"), me, decide)
    orchestrator = visit.owner.orchestrator
    key = sent_key("seats", visit.path("meeting"), *chosen.seats, chosen.chair, me, str(decide))
    if known := orchestrator.requests.meeting(key):  # the form was sent twice, and its plan is gone
        return visit.done("seated", paths.meeting(known))
    found = visit.meeting()
    state = _only_planned(visit, found)
    try:
        request = with_seats(
            orchestrator.roles,
            orchestrator.types,
            orchestrator.get_meeting(found),
            list(chosen.seats),
            chair=chosen.chair,
            me=me,
            decide=decide,
        )
        drafted = await visit.owner.meetings.draft(request)
        if known := orchestrator.requests.meeting(key):  # it was sent twice, and nothing is awaited from here on
            return visit.done("seated", paths.meeting(known))
        _only_planned(visit, found)  # it may have begun meanwhile
        with orchestrator.resources.store.database.write():  # a kill leaves the plan and its key, or neither
            made = visit.owner.meetings.create(drafted)
            orchestrator.requests.remember(key, made)
    except OrchestratorError as error:
        if is_quiet(visit.request):
            raise
        return await page_of(visit, state, problem_of(visit, error), chosen)
    orchestrator.meetings.delete(found)
    return visit.done("seated", paths.meeting(made))


def _only_planned(visit: Visit, meeting_id: str) -> MeetingState:
    """The state of a meeting that is only a plan.

    Raises:
        MeetingError: it has begun, or waits for the model.
    """
    state = visit.owner.meetings.state(meeting_id)
    if state.status != "created" or visit.owner.orchestrator.meetings.journal(meeting_id).events():
        raise MeetingError("The seats of a meeting that has begun cannot be changed.", "Make a new plan like it.")
    return state


@page
async def cancel(visit: Visit) -> Response:
    """Cancel a meeting: it cannot be resumed, and what was said stays."""
    found = visit.meeting()
    if visit.owner.meetings.held(found):
        await visit.owner.meetings.stop(found)
    _not_elsewhere(visit, found)
    visit.owner.orchestrator.abandon_meeting(found)
    return visit.done("cancelled", paths.meeting(found))


@page
async def delete(visit: Visit) -> Response:
    """Delete a meeting for good, after a question whether that is meant; a second click finds it deleted."""
    requests, key = visit.owner.orchestrator.requests, sent_key("delete", visit.path("meeting"))
    if visit.text("sure") == "yes" and requests.is_deleted(key):
        return visit.done("deleted", paths.HOME)
    found = visit.meeting()
    state = visit.owner.meetings.state(found)
    if visit.owner.meetings.held(found):
        raise MeetingError("The meeting is held now, or waits for the model.", "Stop it first.")
    _not_elsewhere(visit, found)
    if visit.text("sure") != "yes":
        if is_quiet(visit.request):
            raise UsageError("Nothing was deleted.", "Say that you are sure.")
        return _sure(state)
    requests.remember(key, found)
    visit.owner.orchestrator.meetings.delete(found)
    return visit.done("deleted", paths.HOME)


def _sure(state: MeetingState) -> Response:
    """The question whether a meeting is to be deleted."""
    lost = f"{counted(state.turns, 'turn')} and its minutes are" if state.turns else "The plan and its documents are"
    kept = " Its actions in the register stay there." if state.turns else ""
    return shell.page(
        "Delete a meeting",
        tag("h1", "Delete this meeting?"),
        tag("p", tag("strong", headline(state.title))),
        tag("p", f"{lost} gone for good; this cannot be undone.{kept}"),
        tag(
            "form",
            tag("input", type="hidden", name="sure", value="yes"),
            tag("button", "Delete it for good", type="submit", class_="danger"),
            tag("a", "Keep it", href=paths.meeting(state.id)),
            method="post",
            action=paths.meeting(state.id, "delete"),
            class_="row sure",
        ),
    )


def _not_elsewhere(visit: Visit, meeting_id: str) -> None:
    """Check that no other process holds a meeting.

    Raises:
        MeetingError: one does.
    """
    if visit.owner.meetings.state(meeting_id).status in GOING_ON:
        raise MeetingError("Another process holds this meeting.", "End it there, or wait for its end.")


@page
async def fork(visit: Visit) -> Response:
    """A new meeting that begins like this one up to a turn; it is not begun."""
    found, at, once = visit.meeting(), visit.text("at"), visit.text("once")
    orchestrator, key = visit.owner.orchestrator, sent_key("fork", found, at, once)
    async with _FORKING.setdefault(orchestrator, asyncio.Lock()):
        made = orchestrator.requests.meeting(key) if once else ""
        if not made:
            made = await orchestrator.afork_meeting(found, at)
            if once:
                orchestrator.requests.remember(key, made)
    return visit.done("forked", paths.meeting(made))
