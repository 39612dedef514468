"""Agents and panels in a chat, streamed and whole."""

import threading
import time
from itertools import pairwise

import pytest

from agents.api.openai import pacing
from agents.api.openai.set_apart import Passage
from tests.api.openai.live import Live, asked
from tests.ollama_double import OllamaDouble, faults


def test_an_agent_answers_whole_and_as_it_writes(interface: Live, model: OllamaDouble) -> None:
    """Both forms have the same words, usage and the end; ignored fields are named in a header."""
    model.answer = lambda body: f"{len(body['messages'])} messages, at most {body['options']['num_predict']} tokens"
    talk = ("We have a cache.", "How large?", "Two gigabytes.")
    whole = interface.post(asked("cto", *talk, max_tokens=33, seed=4, tools=[{"type": "function"}]))
    body = whole.json()
    assert body["choices"][0]["message"]["content"] == "4 messages, at most 33 tokens"
    assert body["choices"][0]["finish_reason"] == "stop"
    assert body["usage"]["total_tokens"] == body["usage"]["prompt_tokens"] + body["usage"]["completion_tokens"] > 10
    assert set(whole.headers["x-ignored-fields"].split(", ")) == {"seed", "tools"}
    streamed = interface.stream(asked("cto", *talk, max_tokens=33, stream_options={"include_usage": True}))
    assert (streamed.content, streamed.finish, streamed.done) == ("4 messages, at most 33 tokens", ["stop"], True)
    assert streamed.usage == body["usage"]
    assert streamed.chunks[-1]["choices"] == []
    assert all("event" not in chunk and chunk["object"] == "chat.completion.chunk" for chunk in streamed.chunks)
    assert interface.stream(asked("cto", *talk)).usage is None


def test_a_document_is_shown_with_its_lines(interface: Live, model: OllamaDouble) -> None:
    """A file that a program pastes into the message becomes a document, as for the command ``ask``."""
    interface.post(asked("cto", "```plan.md\n# Plan\n\nMove it on Monday.\n```\nIs Monday fine?"))
    said = model.requests[-1].messages[-1]["content"]
    assert "<passage plan.md" in said
    assert said.count("Move it on Monday.") == 1


def test_an_answer_that_is_cut_says_so(interface: Live, model: OllamaDouble) -> None:
    """An answer that reached its longest length ends with "length"."""
    model.inject(faults.cut())
    assert interface.post(asked("cto", "Cut this.")).json()["choices"][0]["finish_reason"] == "length"


def test_a_panel_answers_in_order(interface: Live, model: OllamaDouble) -> None:
    """Each answer stands under its title, in the order asked, also if a later one is ready first; headings of the model
    cannot look like titles, and what was said before goes along.
    """
    slow = threading.Event()

    def say(body: dict[str, object]) -> str:
        text = str(body["messages"])
        if "Chief Technology Officer" in text.split("user")[0]:
            slow.wait(5)
            return "# CTO\nfirst\n```\nleft open"
        slow.set()
        return "## Chief Technology Officer\nsecond"

    model.answer = say
    streamed = interface.stream(asked("panel:cto,qa_engineer", "We have a cache.", "Aha.", "What breaks?"))
    assert streamed.content == (
        "## Chief Technology Officer\n\n\\# CTO\nfirst\n```\nleft open\n```\n\n"
        "## QA Engineer\n\n\\## Chief Technology Officer\nsecond"
    )
    assert "We have a cache." in str(model.requests[-1].messages)
    assert interface.post(asked("panel:auto", "Is the index useful?")).json()["choices"][0]["message"][
        "reasoning_content"
    ]


def test_a_panel_counts_what_each_role_is_told(interface: Live) -> None:
    """The tokens that were read include the instructions of every role, and not only the words of the chat."""
    one = interface.post(asked("panel:cto", "Is it safe?")).json()["usage"]["prompt_tokens"]
    two = interface.post(asked("panel:cto,qa_engineer", "Is it safe?")).json()["usage"]["prompt_tokens"]
    assert one > 100
    assert two > one + 100


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_passage_is_the_same_in_pieces_of_any_size(size: int) -> None:
    """Headings, underlines and tags become text; code and lists stay."""
    text = "# One\n- item\nTwo\n---\n```py\n# code\n```\n<h1>Three</h1>\n> ## Four\nFive\n===\n`a` - b\n"
    passage = Passage()
    shown = "".join(passage.next(text[at : at + size]) for at in range(0, len(text), size)) + passage.rest()
    assert shown == (
        "\\# One\n- item\nTwo\n\\---\n```py\n# code\n```\n\\<h1>Three\\</h1>\n> \\## Four\nFive\n\\===\n`a` - b\n"
    )


def test_the_header_of_ignored_fields_is_short_and_plain(interface: Live) -> None:
    """A name that is none of a field is a question mark, and only the first twenty are named."""
    strange = {"x\r\nSet-Cookie: a=b": 1, "\u00e4": 1, **{f"f{n}": 1 for n in range(30)}}
    told = interface.post({**asked("cto", "Hello"), **strange}).headers["x-ignored-fields"]
    assert told == ", ".join(["?", "?", *(f"f{n}" for n in range(18))]) + " and 12 more"


def test_a_silent_model_is_bridged(interface: Live, model: OllamaDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first bytes come at once; then comments and real pieces, each with choices, until the answer."""
    monkeypatch.setattr(pacing, "COMMENT_SECONDS", 0.1)
    monkeypatch.setattr(pacing, "CHUNK_SECONDS", 0.25)
    model.inject(faults.slow_first_token(1.2))
    began, times = time.monotonic(), []
    with interface.opened(asked("cto", "Take your time.")) as response:
        lines = []
        for line in response.iter_lines():
            if line:
                lines.append(line)
                times.append(time.monotonic() - began)
    assert times[0] < 0.5
    assert sum(line.startswith(":") for line in lines) >= 4
    assert sum(line.startswith("data: {") for line in lines) >= 6
    assert max(later - earlier for earlier, later in pairwise(times)) < 0.4


def test_a_model_that_fails_is_an_error(interface: Live, model: OllamaDouble) -> None:
    """Whole, it is a status and an error with a code; in a stream, an error object, and no end of an answer."""
    model.inject(faults.not_found(times=None, path="*"))
    whole = interface.post(asked("cto", "Are you there?"))
    assert (whole.status_code, whole.json()["error"]["type"]) == (503, "server_error")
    streamed = interface.stream(asked("cto", "Are you there?"))
    assert (streamed.status, streamed.finish) == (200, [])
    assert streamed.error is not None
    assert streamed.error["code"] == "model_unavailable"


def test_a_helper_task_asks_no_model(interface: Live, model: OllamaDouble) -> None:
    """A title is made by code, and no meeting begins."""
    before = len(model.requests)
    task = "### Task:\nGenerate a concise, 3-5 word title with an emoji summarizing the chat history.\n### Guidelines:\n<chat_history>\nUSER: Hi"
    for name in ("meeting:decision", "cto"):
        answer = interface.post(asked(name, task)).json()["choices"][0]["message"]["content"]
        assert "title" in answer
    assert (len(model.requests), interface.meetings) == (before, [])


def test_too_long_a_message_is_refused(interface: Live) -> None:
    """A question that does not fit the context is an error of the request, and is not retried."""
    refused = interface.post(asked("cto", "word " * 60_000 + "."))
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "context_length_exceeded"
