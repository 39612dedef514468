"""A meeting before it begins, and the forms that start, change, fork, cancel and delete it."""

from dataclasses import replace

import pytest

from agents.api.pages.start import plan_view
from agents.documents import Document
from agents.meeting.coverage import Coverage
from agents.meeting.plan import Plan
from agents.meeting.record import Lines
from agents.meeting.spec import spec_from
from agents.orchestrator import AgentOrchestrator
from tests.api.pages.planning import DESIGN, REVIEW, sent, spec_of, state_of, until
from tests.api.pages.site import HERE, Shown, keep_rich, site
from tests.export.meetings import rich_journal
from tests.ollama_double import OllamaDouble

LONG = "\n".join(f"## Part {n}\n\nStore {n} keeps carts in Redis and loses {n} of them.\n" for n in range(600)).encode()
QUIET = {**HERE, "Accept": "application/json"}


def test_a_plan_says_who_takes_part_what_it_costs_and_what_is_not_shown(ollama: OllamaDouble) -> None:
    """Each seat has its reason, each phase its costs, and each document the lines that nobody will be shown."""
    del ollama
    with site(reading_turns=1) as pages, AgentOrchestrator() as orchestrator:
        path = sent(pages, [("files", ("design.md", DESIGN)), ("files", ("carts.md", LONG))], **REVIEW)
        shown, spec = pages.get(path), spec_of(path)
        plan = orchestrator.plan_of(spec)
        for seat in spec.seats:
            assert f"{seat.title} {seat.reason}" in shown.text
        assert [own["value"] for own in shown.all("input", name_="seat", checked="")] == [*spec.speakers]
        assert f"{plan.total('requests'):,}" in shown.text
        assert f"{plan.total('evaluated'):,}" in shown.text
        assert "Not everything fits" in shown.text
        left = [one for one in plan.unread[1].lines if one.document == "carts.md"]
        assert shown.all("a", href=f"{path}/documents/2?from={left[0].first}#L{left[0].first}")
        assert shown.all("form", action=f"{path}/start")


def test_a_meeting_is_started(ollama: OllamaDouble) -> None:
    """The button leads to the meeting, which is held, and a second click changes nothing, also after its end."""
    del ollama
    with site() as pages:
        path = sent(pages, topics="Buy or build?")
        assert pages.post(f"{path}/start").headers["location"] == path
        pages.client.post(f"{path}/start", headers=HERE)
        until(lambda: state_of(pages, path) == "closed")
        assert pages.post(f"{path}/start").headers["location"] == path


def test_a_meeting_waits_while_the_model_is_busy(ollama: OllamaDouble) -> None:
    """The plan says that the model is busy; a start gives the place in the queue; where no place is left, the plan comes
    back with the cause, and can be started later.
    """
    ollama.pace = 0.05
    with site(api_queue=1) as pages:
        first, second, third = (sent(pages, topics=f"Buy or build {n}?") for n in range(3))
        pages.post(f"{first}/start")
        assert "The model is busy: 1 meeting is held. This meeting will wait for its turn." in pages.get(second).text
        told = pages.client.post(f"{second}/start", headers=QUIET).json()
        assert told == {"said": "The meeting waits for the model, at place 1 in the queue.", "to": second}
        answer = pages.post(f"{third}/start", 429)
        assert int(answer.headers["Retry-After"]) > 0
        shown = Shown(answer.text)
        assert "1 meeting waits for the model already." in shown.text
        assert shown.all("form", action=f"{third}/start")
        assert state_of(pages, third) == "created"
        assert pages.post(f"{second}/delete", 409)


def test_a_start_without_a_model_says_why(ollama: OllamaDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the model cannot be reached, the plan comes back with the cause, and nothing is lost."""
    del ollama
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://127.0.0.1:9")
    with site() as pages:
        path = sent(pages, topics="Buy or build?")
        answer = pages.client.post(f"{path}/start", headers=HERE)
        assert answer.status_code in {303, 503}  # the cause may come later than the answer
        until(lambda: state_of(pages, path) == "created")
        shown = pages.get(path)
        assert "cannot answer now" in shown.text or "could not begin" in shown.text
        assert shown.all("form", action=f"{path}/start")


def test_the_seats_are_changed_and_nothing_else(ollama: OllamaDouble) -> None:
    """One seat less, one more, another chair and a seat for the person: the new plan has exactly these, with the same
    documents and choices, and the plan before is gone.
    """
    del ollama
    with site() as pages:
        path = sent(
            pages, [("files", ("design.md", DESIGN)), ("files", ("design.md", b"# Costs\n\nTen a month.\n"))], **REVIEW,
            series="Sessions", people="Ada", baseline="yes", held="2026-12-24", council="llama3.2", time_box="600",
            me="cto", words="We need it.",
        )  # fmt: skip
        before = spec_of(path)
        chosen = [*(name for name in before.speakers if name != "devops_engineer"), "tech_lead"]
        answer = pages.post(f"{path}/seats", seat=chosen, chair="tech_lead", me="cto", decide="yes")
        made = spec_of(answer.headers["location"])
        assert set(made.speakers) == set(chosen)
        assert (made.facilitator, made.person, made.decider) == ("tech_lead", "cto", "cto")
        for name in ("topics", "documents", "series", "names", "control", "held", "words"):
            assert getattr(made, name) == getattr(before, name), name
        assert (made.wishes.time_box, made.wishes.council) == (600, ("llama3.2",))
        pages.get(path, 404)
        shown = pages.get(answer.headers["location"])
        assert shown.all("option", value="tech_lead", selected="")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"seat": []}, "No participant is left. Tick at least one seat."),
        ({"seat": ["cto"], "chair": "qa_engineer"}, "QA Engineer is to lead, but is not one of those who take part."),
        ({"seat": ["cto"], "me": "qa_engineer"}, "QA Engineer is the seat of a person, but is not one of those"),
        ({"seat": ["cto", "king"]}, "There is no agent 'king'."),
    ],
)
def test_seats_that_cannot_be_keep_the_choice(ollama: OllamaDouble, fields: dict[str, list[str]], words: str) -> None:
    """The plan comes back with the cause and with what was ticked, and is still there."""
    del ollama
    with site() as pages:
        path = sent(pages, topics="Buy or build?")
        shown = Shown(pages.post(f"{path}/seats", 400, **fields).text)
        assert words in shown.text
        ticked = [own["value"] for own in shown.all("input", name_="seat", checked="")]
        assert ticked == [name for name in fields["seat"] if name != "king"]
        assert len(shown.all("div", role="alert")) == 1
        pages.get(path)


def test_a_meeting_is_deleted_only_when_that_is_meant(ollama: OllamaDouble) -> None:
    """The first click asks; the second one deletes; from then on every form of it says that it is not there."""
    del ollama
    with site() as pages:
        path = sent(pages, topics="Buy or build?")
        asked = Shown(pages.post(f"{path}/delete", 200).text)
        assert "this cannot be undone" in asked.text
        pages.get(path)
        assert pages.client.post(f"{path}/delete", headers=QUIET).status_code == 400
        assert pages.post(f"{path}/delete", sure="yes").headers["location"] == "/"
        pages.get(path, 404)
        for part in ("start", "seats", "cancel", "delete", "fork"):
            pages.post(f"{path}/{part}", 404, at="T1", seat="cto")


def test_a_meeting_that_is_held_is_neither_deleted_nor_changed(ollama: OllamaDouble) -> None:
    """While a meeting is held, it cannot be deleted and its seats cannot be changed; it can be cancelled."""
    ollama.pace = 0.05
    with site() as pages:
        path = sent(pages, topics="Buy or build?")
        pages.post(f"{path}/start")
        until(lambda: state_of(pages, path) == "running")
        assert "Stop it first." in Shown(pages.post(f"{path}/delete", 409, sure="yes").text).text
        pages.post(f"{path}/seats", 409, seat="cto")
        assert pages.post(f"{path}/cancel").headers["location"] == path
        assert state_of(pages, path) == "abandoned"


def test_a_plan_that_is_cancelled_stays_readable(ollama: OllamaDouble) -> None:
    """A meeting that was cancelled before it began says so, and can be planned again."""
    del ollama
    with site() as pages:
        path = sent(pages, topics="Buy or build?")
        pages.post(f"{path}/cancel")
        shown = pages.get(path)
        assert "This meeting was cancelled before it began." in shown.text
        assert not shown.all("form", action=f"{path}/start")
        assert shown.all("a", href=f"/new?from={path.rsplit('/', 1)[1]}")


@pytest.mark.parametrize(("at", "words"), [("T2", "up to T2, and keeps 2 turns: T1 to T2"), ("0", "keeps no turn")])
def test_a_fork_says_what_it_keeps_and_can_be_started(ollama: OllamaDouble, at: str, words: str) -> None:
    """A fork has the seats and the turns of the other meeting, and begins with its button."""
    del ollama
    meeting = keep_rich()
    with site() as pages:
        answer = pages.post(f"/meetings/{meeting}/fork", at=at)
        path = answer.headers["location"]
        shown = pages.get(path)
        assert words in shown.text
        assert shown.all("a", href=f"/meetings/{meeting}")
        assert shown.all("form", action=f"{path}/start")
        assert not shown.all("input", name_="seat")
        pages.post(f"{path}/seats", 409, seat="cto")
        assert (
            "This meeting has no turn T99." in Shown(pages.post(f"/meetings/{meeting}/fork", 400, at="T99").text).text
        )


def test_what_is_not_shown_of_many_documents_stays_small() -> None:
    """With the most documents and topics, a page names lines that are not shown within its limit, and says that there
    is more.
    """
    names = [f"{'design' * 30}{number}.md" for number in range(64)]
    spec = spec_from(rich_journal().events()[0].data)
    spec = replace(spec, documents=tuple(Document(name, "A line.\n") for name in names))
    left = tuple(Lines("", first, first, f"Part {first} " * 50) for first in range(1, 1_000, 2))
    rows = {
        topic: tuple(Coverage(name, 4_000, 2_000 - topic, 50, 8, left=left) for name in names) for topic in range(1, 21)
    }
    shown = plan_view.documents(spec, Plan((), None, coverage=rows))
    assert len(shown) < 150_000
    assert f"{20 * 64 - plan_view.MOST_SHOWN:,} more parts of this list are not named here." in shown


def test_a_plan_names_the_models_of_a_council_and_the_test_of_their_votes(
    ollama: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With several models, the plan says what each is asked; where their votes were never tested, what that costs."""
    ollama.add("qwen3:4b")
    monkeypatch.setenv("CONTROL_BALLOTS", "auto")
    with site() as pages:
        shown = pages.get(sent(pages, topics="Buy or build?", council="llama3.2, qwen3:4b"))
        assert len(shown.all("table")) == 2
        assert "qwen3:4b 2 " in shown.text
        assert "control ballots" in shown.text
