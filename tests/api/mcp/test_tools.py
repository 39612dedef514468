"""Every tool, called by the SDK's own client over both transports and in both generations of the protocol."""

import asyncio
from typing import Any

import httpx2
import pytest
from mcp import Client, MCPError

from agents.api.mcp import asking
from agents.api.mcp.tools import TOOLS
from agents.orchestrator import AgentOrchestrator
from tests.api.mcp.clients import ERAS, called, connected, over_http, over_stdio, refused, served, words
from tests.inputs import PROPOSAL
from tests.ollama_double import OllamaDouble, faults

MEETING: dict[str, Any] = {"type": "decision", "topic": "Buy or build?", "agents": ["cto", "qa_engineer"]}
PLANNING = {**MEETING, "type": "capacity_planning"}
"""One after which there are actions."""

PLACES = {"stdio": over_stdio, "http": over_http}


async def _in_a_meeting(client: Client) -> str:
    """The tools about a meeting, used one after the other; returns its id."""
    plan = {"name": "plan.md", "text": PROPOSAL.read_text(encoding="utf-8")}
    started = await called(client, "start_meeting", **PLANNING, documents=[plan])
    meeting = str(started["id"])
    assert started["link"] == f"minutes://{meeting}"
    after, said, state = 0, list[Any](), ""
    while state != "closed":
        news = await called(client, "meeting_status", id=meeting, wait_s=50, after=after)
        said += news["new"]
        after, state = news["after"], news["state"]
    assert next(one["place"] for one in said if one["place"].startswith("T")) == "T1"
    assert len({one["number"] for one in said}) == len(said)
    for form, start in (("markdown", "# "), ("json", "{"), ("text", "")):
        found = await called(client, "get_minutes", id=meeting, format=form)
        assert found["minutes"].startswith(start)
        assert "Buy or build?" in found["minutes"] or form == "text"
    held = await called(client, "hold_meeting", **PLANNING, documents=[plan])
    assert (held["id"], held["state"]) == (meeting, "closed")
    assert held["minutes"].startswith("# ")
    assert [one["id"] for one in (await called(client, "list_meetings"))["meetings"]] == [meeting]
    turn = next(one for one in said if one["place"] == "T1")
    quote = turn["text"].split("\n")[0].partition(":")[2].strip() or turn["text"]
    found = await called(client, "verify_quote", quote=quote, meeting=meeting)
    assert {"place": "T1", "speaker": turn["speaker"]}.items() <= found["places"][0].items()
    found = await called(client, "verify_quote", quote="No agent and no document says this.", meeting=meeting)
    assert found == {"verified": False, "places": []}
    return meeting


async def _about_actions(client: Client, meeting: str) -> None:
    actions = (await called(client, "list_actions", meeting=meeting))["actions"]
    assert actions
    assert all(one["agreed"] for one in actions)
    action = actions[0]["id"]
    for change, value in (("assign", "qa engineer"), ("due", "2030-01-31"), ("note", "Soon."), ("done", "It is done.")):
        changed = await called(client, "update_action", id=action, change=change, value=value, by="Ada")
    assert (changed["status"], changed["owner"], changed["due"]) == ("done", "qa_engineer", "2030-01-31")
    assert (await called(client, "update_action", id=action, change="reopen"))["status"] == "open"
    assert "already open" in await refused(client, "update_action", id=action, change="reopen")


async def _asked(client: Client) -> None:
    answer = await called(client, "ask_agent", agent="CTO", question="What would you ask about the zebra first?")
    assert (answer["agent"], answer["state"]) == ("cto", "answered")
    answers = await called(client, "consult", question="What breaks at ten times load?", agents="cto, qa_engineer")
    assert [one["agent"] for one in answers["answers"]] == ["cto", "qa_engineer"]
    found = await called(client, "search_memory", words="zebra")
    assert "[zebra]" in found["found"][0]["text"]


async def _listed(client: Client, meeting: str) -> None:
    assert "qa_engineer" in [one["id"] for one in (await called(client, "list_agents"))["agents"]]
    assert "decision" in [one["id"] for one in (await called(client, "list_meeting_types"))["types"]]
    found = await called(
        client, "verify_quote", quote="ten times the load", text="First.\nIt bears ten times the load."
    )
    assert found["places"][0]["place"] == "text:2"
    listed = {one.uri for one in (await client.list_resources()).resources}
    assert {f"minutes://{meeting}", "role://cto"} <= listed
    templates = (await client.list_resource_templates()).resource_templates
    assert {one.uri_template for one in templates} == {"minutes://{id}", "role://{id}"}
    for uri, start in ((f"minutes://{meeting}", "# "), ("role://cto", "# Chief Technology Officer")):
        [contents] = (await client.read_resource(uri)).contents
        assert getattr(contents, "text", "").startswith(start)
    with pytest.raises(MCPError, match="There is no agent"):
        await client.read_resource("role://nobody")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("era", ERAS)
def test_every_tool_is_called(ollama: OllamaDouble, place: str, era: str) -> None:
    """All tools and resources work, with values that match their schemas, which the client checks."""

    async def play() -> None:
        async with PLACES[place](era) as client:
            assert client.protocol_version == ERAS[era]
            assert {tool.name for tool in (await client.list_tools()).tools} == set(TOOLS)
            meeting = await _in_a_meeting(client)
            await _about_actions(client, meeting)
            await _asked(client)
            await _listed(client, meeting)

    asyncio.run(play())
    assert not ollama.problems


def test_the_tools_are_described_for_small_models(ollama: OllamaDouble) -> None:
    """A description has at most two short sentences, each argument is explained by name or words, and hints say which
    tools only read.
    """
    del ollama
    listed = {name: tool.listed(name) for name, tool in TOOLS.items()}
    for tool in listed.values():
        assert tool.description
        assert len(tool.description) < 160
        assert tool.input_schema["type"] == "object"
        assert tool.output_schema
        assert tool.output_schema["type"] == "object"
    reads = {name for name, tool in listed.items() if tool.annotations and tool.annotations.read_only_hint}
    assert set(listed) - reads == {"start_meeting", "hold_meeting", "ask_agent", "consult", "update_action"}
    assert "$ref" not in str(listed)
    assert "anyOf" not in str([tool.input_schema for tool in listed.values()])
    assert listed["meeting_status"].input_schema["properties"]["wait_s"]["maximum"] == 50


def test_five_equal_calls_begin_one_meeting(ollama: OllamaDouble) -> None:
    """Calls that arrive together, and one with its lists written as text, find the same meeting; another topic begins
    another one.
    """
    del ollama

    async def play() -> None:
        async with over_http() as client:
            written = {"agents": '["cto", "qa_engineer"]', "documents": None, "time_box_minutes": 0}
            calls = [{**MEETING}] * 4 + [{**MEETING, **written}]
            started = await asyncio.gather(*(called(client, "start_meeting", **call) for call in calls))
            assert len({one["id"] for one in started}) == 1
            other = await called(client, "start_meeting", **{**MEETING, "topic": "Now or later?"})
            assert other["id"] != started[0]["id"]
            assert len((await called(client, "list_meetings"))["meetings"]) == 2

    asyncio.run(play())


def test_a_question_that_is_asked_again_is_answered_once(ollama: OllamaDouble) -> None:
    """A client that gave up waiting asks again and gets the answer of the first call; the model is asked once."""
    slow = ollama.inject(faults.slow_first_token(seconds=2.0))

    async def play() -> None:
        async with served() as (url, _):
            question = {"agent": "cto", "question": "What first?"}
            async with connected(url, seconds=1.0) as hasty:
                with pytest.raises(MCPError):
                    await hasty.call_tool("ask_agent", question)
            async with connected(url, "2026-07-28") as patient:
                assert (await called(patient, "ask_agent", **question))["state"] == "answered"

    asyncio.run(play())
    assert slow.hits == 1


def test_owners_see_only_their_own(ollama: OllamaDouble) -> None:
    """The tools work on the histories of whom a request is, also when requests of two come in turn."""
    del ollama

    async def play() -> None:
        async with (
            served() as (url, service),
            connected(url, owner="ada") as ada,
            connected(url, "2026-07-28", owner="bob") as bob,
        ):
            meeting = (await called(ada, "hold_meeting", **MEETING))["id"]
            assert (await called(bob, "list_meetings"))["meetings"] == []
            assert "There is no meeting" in await refused(bob, "get_minutes", id=meeting)
            assert [one["id"] for one in (await called(ada, "list_meetings"))["meetings"]] == [meeting]
            assert (await called(bob, "hold_meeting", **MEETING))["id"] != meeting
            assert {owner.name for owner in service.owners.opened()} == {"ada", "bob"}

    asyncio.run(play())


def test_errors_name_cause_and_remedy(ollama: OllamaDouble) -> None:
    """What is wrong is said with what to do, in the words of the tools and without folders; the call can be repeated."""

    async def play() -> None:
        async with over_http() as client:
            said = await refused(client, "start_meeting", type="descision", topic="x")
            assert (
                said
                == "There is no meeting type 'descision'. Did you mean decision? list_meeting_types lists them all."
            )
            assert (await refused(client, "start_meeting", type="decision", topic=" ")).endswith("Pass topic.")
            said = await refused(client, "ask_agent", agent="qa_enginer", question="Why?")
            assert "Did you mean qa_engineer, " in said
            assert said.endswith("? list_agents lists them all.")
            assert "meeting_status: " not in await refused(client, "meeting_status", id="nothing")
            said = await refused(client, "start_meeting", type="decision", topic="x", agents=7, wait=1)
            assert "agents: " in said
            assert "wait: " in said
            said = await refused(
                client, "start_meeting", type="decision", topic="x", documents=[{"name": "a", "text": ""}]
            )
            assert said.startswith("a is empty.")
            large = {"name": "/etc/a\nb.md", "text": "x" * 5_000_001}
            said = await refused(client, "start_meeting", type="decision", topic="x", documents=[large])
            assert "larger than 5 MB" in said
            assert "\n" not in said
            said = await refused(client, "start_meeting", type="architecture_review", topic="x")
            assert "document" in said
            said = await refused(client, "verify_quote", quote="x")
            assert "either meeting or text" in said
            ollama.down()
            said = await refused(client, "hold_meeting", **MEETING)
            assert "Ollama" in said
            assert str(AgentOrchestrator().settings.data_folder) not in said
            ollama.up()
            assert (await called(client, "hold_meeting", **MEETING))["state"] == "closed"
            assert len((await called(client, "list_meetings"))["meetings"]) == 1
            with pytest.raises(MCPError, match="no tool"):
                await client.call_tool("format_disk", {})

    asyncio.run(play())


def test_only_post_is_answered_over_http() -> None:
    """There are no sessions, so a stream without a request and the end of a session are refused."""

    async def play() -> None:
        async with served() as (url, _), httpx2.AsyncClient(trust_env=False) as http:
            for method in ("GET", "DELETE"):
                answer = await http.request(method, url)
                assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
            accepts = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
            for wrong in ("{", "[]", '{"jsonrpc": "1.0", "method": 7}'):
                answer = await http.post(url, content=wrong, headers=accepts)
                assert answer.status_code == 400
                assert "\n" not in answer.json()["error"]["message"]
                assert "http" not in answer.text

    asyncio.run(play())


def test_a_fault_of_ours_is_not_shown(ollama: OllamaDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that crashes says that it failed, and nothing of the program."""
    del ollama

    async def play() -> None:
        async with over_http() as client:
            monkeypatch.setattr(asking, "standing", lambda _roles: 1 / 0)
            result = await client.call_tool("list_agents", {})
            assert result.is_error
            assert words(result) == "This failed unexpectedly; the log of the service has the cause. Try again."

    asyncio.run(play())
