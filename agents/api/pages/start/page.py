"""The form that begins a meeting: shown, and carried out."""

import secrets

from starlette.responses import Response

from agents.api.pages import model_now, paths, shell
from agents.api.pages.start import form as start_form
from agents.api.pages.start.choices import Offered
from agents.api.pages.start.given import (
    Given,
    Problem,
    kept,
    like,
    problem_of,
    read,
    refuse_many,
    sent,
    sent_key,
    wished,
)
from agents.api.pages.visit import Visit, page
from agents.documents import Document
from agents.errors import OrchestratorError, UnknownName
from agents.export.html_tags import tag


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
        documents = await read(visit, given)
        made = await _convened(visit, given, documents, _key(given, documents))
    except OrchestratorError as error:
        return await _shown(visit, given, problem_of(visit, error))
    finally:
        await visit.form.close()
    return visit.done("planned", paths.meeting(made))


async def _convened(visit: Visit, given: Given, documents: list[Document], key: str) -> str:
    """The meeting of a form; a form that is sent twice makes one. It takes the place of the plan that it came from."""
    orchestrator = visit.owner.orchestrator
    if key and (known := orchestrator.requests.meeting(key)):
        return known
    every = [*kept(visit, given), *documents]
    refuse_many(every)
    drafted = await visit.owner.meetings.draft(wished(given, every))
    if key and (known := orchestrator.requests.meeting(key)):  # it was sent twice, and nothing is awaited from here on
        return known
    with orchestrator.resources.store.database.write():  # a kill leaves the meeting and its key, or neither
        made = visit.owner.meetings.create(drafted)
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


def _key(given: Given, sent_with: list[Document]) -> str:
    """The name of a form with what was sent in it, so that a form that is sent twice makes one meeting, also when the
    plan that it came from is gone by then; "" for one that has no mark.
    """
    if not given.text("once"):
        return ""
    documents = [(one.name, one.text) for one in sent_with]
    return sent_key(dict(given.texts), {name: [*each] for name, each in given.lists.items()}, documents)


async def _shown(visit: Visit, given: Given, problem: Problem | None = None) -> Response:
    """The form with what was given so far."""
    orchestrator = visit.owner.orchestrator
    before: tuple[Document, ...] = ()
    if given.text("from"):
        try:
            before = orchestrator.get_meeting(orchestrator.meetings.find(given.text("from"))).documents
        except UnknownName:
            before = ()
    offered = Offered(
        list(orchestrator.types.values()),
        sorted(orchestrator.roles.values(), key=lambda role: role.title.lower()),
        before,
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
