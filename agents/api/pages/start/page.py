"""The form that begins a meeting: shown, and carried out."""

import json
import secrets
from hashlib import sha256

from starlette.responses import Response

from agents.api.pages import model_now, paths, shell
from agents.api.pages.start import form as start_form
from agents.api.pages.start.choices import Offered
from agents.api.pages.start.given import Given, Problem, like, problem_of, sent, wished
from agents.api.pages.visit import Visit, page
from agents.documents import Document
from agents.errors import OrchestratorError, UnknownName
from agents.export.html_tags import tag
from agents.orchestrator.request import MeetingRequest


@page
async def form(visit: Visit) -> Response:
    """The form: empty, with a type that the address names, or like a meeting that is stored."""
    given = Given({"type": visit.query("type")})
    if visit.query("from"):
        orchestrator = visit.owner.orchestrator
        given = like(orchestrator.get_meeting(orchestrator.meetings.find(visit.query("from"))))
    return await _shown(visit, given)


@page
async def create(visit: Visit) -> Response:
    """Create the meeting that was asked for; it is not begun. Where that is not possible, the form comes back."""
    given = sent(visit)
    try:
        request = await wished(visit, given)
        made = _convened(visit, given, request)
    except OrchestratorError as error:
        return await _shown(visit, given, problem_of(visit, error))
    finally:
        await visit.form.close()
    return visit.done("planned", paths.meeting(made))


def _convened(visit: Visit, given: Given, request: MeetingRequest) -> str:
    """The meeting of a form; a form that is sent twice makes one. It takes the place of the plan that it came from."""
    orchestrator, key = visit.owner.orchestrator, _key(given, request)
    if key and (known := orchestrator.requests.meeting(key)):
        return known
    with orchestrator.resources.store.database.write():  # a kill leaves the meeting and its key, or neither
        made = orchestrator.convene(request)
        if key:
            orchestrator.requests.remember(key, made)
    if given.text("from"):
        _replace(visit, given.text("from"))
    return made


def _replace(visit: Visit, before: str) -> None:
    """Delete the plan that a form came from, if it is still only a plan."""
    meetings = visit.owner.orchestrator.meetings
    try:
        found = meetings.find(before)
    except UnknownName:
        return
    if visit.owner.meetings.state(found).status == "created" and not meetings.journal(found).events():
        meetings.delete(found)


def _key(given: Given, request: MeetingRequest) -> str:
    """The name of a form with what was sent in it; "" for one that has no mark."""
    if not given.text("once"):
        return ""
    documents = [(one.name, one.text) for one in request.attach if isinstance(one, Document)]
    content = [dict(given.texts), {name: [*each] for name, each in given.lists.items()}, documents]
    return f"page {sha256(json.dumps(content).encode()).hexdigest()}"


async def _shown(visit: Visit, given: Given, problem: Problem | None = None) -> Response:
    """The form with what was given so far."""
    orchestrator = visit.owner.orchestrator
    kept: tuple[Document, ...] = ()
    if given.text("from"):
        try:
            kept = orchestrator.get_meeting(orchestrator.meetings.find(given.text("from"))).documents
        except UnknownName:
            kept = ()
    offered = Offered(
        list(orchestrator.types.values()),
        sorted(orchestrator.roles.values(), key=lambda role: role.title.lower()),
        kept,
        by_rule=model_now.by_rule(visit),
        most_mb=visit.service.settings.api_body_mb,
    )
    once = given.text("once") or secrets.token_urlsafe(12)
    shown = Given({**given.texts, "once": once}, given.lists, given.files)
    return shell.page(
        "New meeting" if problem is None else "New meeting: not possible yet",
        tag("h1", "New meeting"),
        await model_now.notice(visit),
        start_form.form(offered, shown, problem),
        look=shell.Look(paths.NEW, "wide beginning"),
        status=problem.status if problem else 200,
    )
