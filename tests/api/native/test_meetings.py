import base64
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from agents.api.mcp.shapes import MeetingProgress
from agents.api.native.told import meeting_now
from agents.export import FORMATS
from agents.orchestrator.background.held import MeetingState
from tests.api.native.living import Living, events_of, living
from tests.inputs import ROOT
from tests.ollama_double import OllamaDouble

DESIGN = (ROOT / "examples" / "session_store_proposal.md").read_bytes()
REVIEW = {"type": "architecture_review", "topics": ["May we build this?"]}


@pytest.fixture
def api(ollama: OllamaDouble) -> Iterator[Living]:
    """The API over a model that takes some milliseconds for a word."""
    ollama.pace = 0.01
    with living() as found:
        yield found


def _stream(client: httpx.Client, path: str, **given: Any) -> Iterator[dict[str, Any]]:
    """The events of a stream as they come."""
    with client.stream("GET", path, **given) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        text = ""
        for piece in response.iter_text():
            text += piece
            *whole, text = text.split("\n\n")
            yield from events_of("\n\n".join([*whole, ""]))


def test_a_meeting_from_its_upload_to_the_verdict_on_its_minutes(api: Living) -> None:
    """A document is uploaded, the events are followed, a person sends the meeting to its vote, every format of the
    minutes is there, and a person confirms a decision and reports what became of it.
    """
    form: Any = [("request", (None, json.dumps(REVIEW))), ("files", ("design.md", DESIGN))]
    with api.client() as client, api.client() as other:
        made = client.post("/meetings", files=form, headers={"Idempotency-Key": "k1"})
        assert made.status_code == 201
        again = client.post("/meetings", files=form, headers={"Idempotency-Key": "k1"})
        assert (again.status_code, again.json()["id"]) == (200, made.json()["id"])
        reused = client.post("/meetings", json=REVIEW, headers={"Idempotency-Key": "k1"})
        assert (reused.status_code, "idempotency_key_reused" in reused.json()["error"]) == (422, True)
        path, seen, said = f"/meetings/{made.json()['id']}", list[dict[str, Any]](), False
        for event in _stream(client, f"{path}/events?live=true"):
            seen.append(event)
            if event["event"] == "turn" and not said:
                assert other.post(f"{path}/say", json={"words": "/dance"}).status_code == 400
                assert other.post(f"{path}/say", json={"words": "Hello."}).status_code == 409
                said = other.post(f"{path}/say", json={"words": "/vote"}).json()["taken"]
        numbers = [int(event["id"]) for event in seen if event["id"] and event["event"] != "end"]
        assert numbers == [*range(1, len(numbers) + 1)]
        assert (seen[-1]["event"], seen[-1]["data"]["state"]) == ("end", "closed")
        assert any(event["event"] == "text" for event in seen)
        assert any("straight to the vote" in event["data"]["text"] for event in seen if event["event"] == "note")
        for form_name in FORMATS:
            found = client.get(f"{path}/minutes", params={"format": form_name})
            assert (found.status_code, bool(found.text)) == (200, True), form_name
        assert client.get(f"{path}/transcript").json()["turns"]
        assert (
            client.post(f"{path}/verdicts", json={"entry": "D1", "verdict": "confirm", "by": "Ada"}).json()["by"]
            == "Ada"
        )
        assert client.post(f"{path}/outcomes", json={"text": "It held.", "how": "good"}).status_code == 201
        assert "It held." in client.get(f"{path}/minutes", params={"format": "markdown"}).text
        page = client.get(path).json()
        assert page["documents"] == ["design.md"]
        assert page["now"]["state"] == "closed"
        over = client.get(f"{path}/events", headers={"Last-Event-ID": f"{len(numbers) + 9}.end"})
        assert over.status_code == 204
        assert client.delete(path).status_code == 204
        assert client.get(path).status_code == 404


def test_stop_resume_fork_and_cancel(api: Living) -> None:
    """A meeting that is stopped can be resumed, one that is closed can be forked, and one that is cancelled is over."""
    with api.client() as client:
        made = client.post("/meetings", json={"topics": ["Buy or build?"], "start": False}).json()
        assert (made["state"], made["turns"]) == ("created", 0)
        path = f"/meetings/{made['id']}"
        assert client.post(f"{path}/say", json={"words": "/vote"}).status_code == 409
        assert client.post(f"{path}/start").json()["state"] == "running"
        assert client.post(f"{path}/answer", json={"text": "Yes."}).status_code == 409
        _until(lambda: client.get(f"{path}/state").json()["turns"] > 0)
        assert client.delete(path).status_code == 409
        stopped = client.post(f"{path}/stop").json()
        assert stopped["state"] == "interrupted"
        assert client.post(f"{path}/resume").json()["state"] == "running"
        _until(lambda: client.get(f"{path}/state").json()["state"] == "closed")
        assert client.post(f"{path}/resume").status_code == 409
        fork = client.post(f"{path}/fork", json={"at": "T1", "start": False})
        assert (fork.status_code, fork.json()["state"]) == (201, "created")
        assert client.post(f"/meetings/{fork.json()['id']}/cancel").json()["state"] == "abandoned"
        rows = client.get("/meetings", params={"status": "abandoned"}).json()
        assert [row["id"] for row in rows] == [fork.json()["id"]]


@pytest.mark.parametrize(("decide", "last"), [(False, "Your vote?"), (True, "Your decision?")])
def test_a_person_answers_in_a_seat(api: Living, decide: bool, last: str) -> None:
    """The state has the short question and its choices; a wrong answer is refused, a right one becomes a turn."""
    with api.client() as client:
        wish = {"topics": ["Buy or build?"], "agents": ["cto", "qa_engineer"], "me": "cto", "decide": decide}
        path = f"/meetings/{client.post('/meetings', json=wish).json()['id']}"
        seen, said = set[str](), {"Why?": "We know how."}
        while (now := client.get(f"{path}/state").json())["state"] in ("queued", "running"):
            if asked := now["question"]:
                if asked == "Your position?" and asked not in seen:
                    assert now["choices"] == ["for", "conditions", "against", "skip"]
                    wrong = client.post(f"{path}/answer", json={"text": "maybe"})
                    assert wrong.status_code == 400
                    assert "for, conditions, against, skip" in wrong.json()["remedy"]
                    other = client.post(f"{path}/answer", json={"text": "for", "question": last})
                    assert other.status_code == 409
                seen.add(asked)
                client.post(
                    f"{path}/answer", json={"text": said.get(asked, (now["choices"] or [""])[0]), "question": asked}
                )
            time.sleep(0.02)
        assert now["state"] == "closed"
        assert {"Your position?", "Why?", last} <= seen
        turns = client.get(path).json()["turns"]
        assert any("We know how" in turn["text"] for turn in turns if turn["speaker"] == "cto")


def test_events_of_a_meeting_that_another_process_holds(api: Living) -> None:
    """A meeting that a terminal holds is followed all the same, to its end."""
    with api.client() as client:
        made = client.post("/meetings", json={"topics": ["Buy or build?"], "start": False}).json()
        path = f"/meetings/{made['id']}"
        with subprocess.Popen([sys.executable, "-m", "agents", "meeting", "resume", made["id"], "-q"]) as process:
            _until(lambda: client.get(f"{path}/state").json()["state"] == "elsewhere")
            assert client.post(f"{path}/start").status_code == 409
            for refused in (client.post(f"{path}/cancel"), client.delete(path)):
                assert refused.status_code == 409
                assert refused.json()["error"].endswith("is held by another process.")
                assert refused.json()["remedy"].startswith("End it there")
            seen = [*_stream(client, f"{path}/events")]
            assert process.wait(30) == 0
        numbers = [int(event["id"]) for event in seen[:-1]]
        assert numbers == [*range(1, len(numbers) + 1)]
        assert seen[-1]["data"]["state"] == "closed"


def test_what_is_said_of_a_meeting_that_is_not_held(api: Living) -> None:
    """Each refusal names the meeting and says what is possible with it now."""
    with api.client() as client:
        made = client.post("/meetings", json={"topics": ["Buy or build?"], "start": False}).json()["id"]
        path = f"/meetings/{made}"
        start = f"POST /api{path}/start holds it."
        assert client.get(f"{path}/minutes").json()["remedy"] == start
        stopped = client.post(f"{path}/stop")
        assert stopped.status_code == 409
        assert stopped.json()["error"] == f"The meeting {made} has not begun: nothing to stop."
        assert stopped.json()["remedy"] == start
        client.post(f"{path}/start")
        assert client.delete(path).json()["remedy"] == f"Stop it first: POST /api{path}/stop."
        client.post(f"{path}/cancel")
        told = client.post(f"{path}/say", json={"words": "/vote"}).json()
        assert "was cancelled" in told["error"]
        assert told["remedy"] == f"POST /api{path}/fork begins it again."


def test_seconds_have_one_decimal_and_few_minutes_are_one() -> None:
    """Numbers for people are not more exact than they are known."""
    state = MeetingState("id", "decision", "x", "running", seconds_left=12.3456)
    assert meeting_now(state)["seconds_left"] == 12.3
    left: dict[str, Any] = {
        "id": "id",
        "state": "running",
        "title": "x",
        "turns": 1,
        "speaker": "",
        "minutes_left": 0.0,
    }
    assert "about 1 min left" in str(MeetingProgress(**left, new=[], after=0, error="", next=""))


def test_no_place_in_the_queue(api: Living) -> None:
    """When as many meetings wait as may, one more is refused with the time to come back, and leaves nothing behind."""
    with api.client() as client:
        answers = [client.post("/meetings", json={"topics": [f"Question {n}?"]}) for n in range(10)]
        assert [answer.status_code for answer in answers] == [201] * 9 + [429]
        assert int(answers[-1].headers["Retry-After"]) > 120
        assert answers[-1].json()["remedy"]
        rows = client.get("/meetings").json()
        assert [row["state"] for row in rows] == ["queued"] * 8 + ["running"]
        for row in rows:
            client.post(f"/meetings/{row['id']}/stop")


def test_streams_end_when_the_service_ends(api: Living) -> None:
    """Streams of events and of answers end within a second after the service is told to end."""
    with api.client() as client:
        made = client.post("/meetings", json={"topics": ["Buy or build?"]}).json()
        events = _stream(client, f"/meetings/{made['id']}/events")
        next(events)
        began = time.monotonic()
        api.stop_streams()
        list(events)
        assert time.monotonic() - began < 1.5


def test_documents_in_a_request(api: Living) -> None:
    """Documents come as text, as base64 or as files, with the limits of the command line; paths are not read."""
    with api.client() as client:
        sent = [{"name": "a.md", "text": "# A\n\nb"}, {"name": "b.txt", "base64": base64.b64encode(b"c\nd").decode()}]
        read = client.post("/documents", json={"documents": sent}).json()
        assert [(one["name"], one["lines"]) for one in read] == [("a.md", 3), ("b.txt", 2)]
        large = client.post("/documents", files={"files": ("large.txt", b"words " * 1_000_000)})
        assert (large.status_code, "larger than 5 MB" in large.json()["error"]) == (400, True)
        picture = client.post("/documents", files={"files": ("p.png", b"\x89PNG\r\n\x1a\n" + bytes(200))})
        assert picture.status_code == 400
        path = client.post("/meetings", json={**REVIEW, "attach": ["/etc/passwd"]})
        assert (path.status_code, path.json()["error"]) == (422, "body.attach: Extra inputs are not permitted.")


def test_owners_do_not_see_each_other(api: Living) -> None:
    """Meetings, actions and memories of one owner are not there for another."""
    with api.client("ada") as ada, api.client("bob") as bob:
        made = ada.post("/meetings", json={"topics": ["Buy or build?"], "start": False}).json()
        ada.post("/agents/cto/pins", json={"text": "Our budget is frozen."})
        assert len(ada.get("/meetings").json()) == len(ada.get("/memory").json()) == 1
        assert bob.get("/meetings").json() == bob.get("/memory").json() == bob.get("/actions").json() == []
        for path in ("", "/state", "/events", "/minutes"):
            assert bob.get(f"/meetings/{made['id']}{path}").status_code == 404
        assert bob.get("/memory/search", params={"words": "budget"}).json() == []


def _until(done: Any) -> None:
    for _ in range(1000):
        if done():
            return
        time.sleep(0.02)
    pytest.fail("it did not happen")
