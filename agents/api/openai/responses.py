"""``/v1/responses``: the same answers as in the chat, in the newer form of OpenAI's API, text only."""

import json
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agents.api.access import owner_of
from agents.api.openai.answers import answer
from agents.api.openai.chat import base_of, ignored
from agents.api.openai.deltas import Delta, End
from agents.api.openai.error_form import error_object, refused, stopped, stopping
from agents.api.openai.fields import RESPONSES, ApiProblem, typed
from agents.api.openai.meeting_text import FIRST
from agents.api.openai.requests import ChatMessage, ChatRequest, chat_of, read_object, role_of, text_of
from agents.api.openai.runs import Run
from agents.api.openai.sending import STREAM_HEADERS, Left, Sent, waited_for
from agents.api.reading import in_time
from agents.api.streaming import NOBODY
from agents.errors import OrchestratorError

if TYPE_CHECKING:
    from agents.api.service import Service
    from agents.orchestrator import AgentOrchestrator
    from agents.orchestrator.background.owners import Owner

MOST_ANSWERED = 256
"""How many answers of an owner are kept to be continued by their ids; the oldest is forgotten first."""

_RESPONSE, _ITEM = "resp_", "msg_"
_NOT_TEXT = ("reasoning", "function_call", "web_search_call", "file_search_call", "mcp_call", "mcp_list_tools")
"""Items of a conversation that say nothing to who answers."""
_CALL_RESULT = "function_call_output"
_NAMED = re.compile(re.escape(FIRST).replace(r"\{\}", r"([\w-]{1,80})"))


@dataclass(frozen=True, slots=True)
class _Answered:
    """An answer that can be continued.

    Attributes:
        messages: the conversation before it, without instructions.
        run: the answer.
    """

    messages: tuple[ChatMessage, ...]
    run: Run

    def talk(self) -> tuple[ChatMessage, ...]:
        """The conversation with the answer."""
        return (*self.messages, ChatMessage("assistant", self.run.content))


_ANSWERED: "WeakKeyDictionary[AgentOrchestrator, OrderedDict[str, _Answered]]" = WeakKeyDictionary()
"""The last answers of each owner, by the ids of their runs."""


async def create(request: Request) -> Response:
    """POST /v1/responses."""
    service: Service = request.app.state.service
    try:
        owner = service.owners.get(owner_of(request.scope))
        body = await request.body()
        given = await in_time(len(body), read_object, body)
        messages = conversation(given, _Earlier(owner))
        asked = await in_time(len(body), chat_of, given, messages, dict(request.headers), RESPONSES)
        run = answer(service, owner.name, asked, base_of(request))
        _keep(owner, asked, run)
    except OrchestratorError as error:
        return refused(error, service.settings)
    form = _Form(run, asked, given, service)
    headers = ignored(asked)
    if asked.stream:
        return Sent(run, form, service, {**STREAM_HEADERS, **headers})
    try:
        said, end = await waited_for(run, service, request.receive)
    except Left as left:
        return stopped() if left.stopping else Response(status_code=NOBODY)
    if end.error is not None:
        return refused(end.error, service.settings)
    return JSONResponse(form.whole(said, end), headers=headers)


async def one(request: Request) -> Response:
    """GET /v1/responses/ID: responses are not kept to be read again."""
    service: Service = request.app.state.service
    name = request.path_params["id"]
    problem = ApiProblem(
        404,
        f"There is no response {name[:80]!r} to read again.",
        "Send the same request again: it gets the same answer.",
        param="response_id",
        code="not_found",
    )
    return refused(problem, service.settings)


class _Earlier:
    """Finds answers by the ids that they were given.

    Args:
        owner: whose answers they are.
    """

    def __init__(self, owner: "Owner") -> None:
        self._requests = owner.orchestrator.requests
        self._answered = _ANSWERED.get(owner.orchestrator) or OrderedDict[str, _Answered]()

    def talk(self, response_id: str) -> tuple[ChatMessage, ...]:
        """The conversation with the answer of this id; () for none. After a restart, only its meeting is known."""
        run_id = response_id.removeprefix(_RESPONSE).removeprefix(_ITEM)
        if found := self._answered.get(run_id):
            return found.talk()
        meeting_id = self._requests.meeting(_key(run_id))
        return (ChatMessage("assistant", FIRST.format(meeting_id)),) if meeting_id else ()


def conversation(given: Mapping[str, Any], earlier: "_Earlier") -> list[ChatMessage]:
    """The messages of a request: instructions, those that it continues, and those of its input.

    Args:
        given: the fields of the request.
        earlier: finds the answers that it continues.

    Raises:
        ApiProblem: 400, with the name of the field that is wrong.
    """
    messages = list(_input(given.get("input"), earlier))
    previous = given.get("previous_response_id")
    if previous is not None:
        typed("previous_response_id", previous, (str,))
        messages = [*_continued(previous, "previous_response_id", earlier), *messages]
    instructions = given.get("instructions")
    if instructions is not None:
        typed("instructions", instructions, (str,))
        messages = [ChatMessage("system", instructions), *messages]
    if not any(one.role == "user" and one.text.strip() for one in messages):
        raise ApiProblem(400, "There is no message of the user.", "Send one with text.", param="input")
    return messages


def _continued(response_id: str, param: str, earlier: "_Earlier") -> tuple[ChatMessage, ...]:
    found = earlier.talk(response_id)
    if not found:
        raise ApiProblem(
            400,
            f"{param} names no answer that is still known.",
            "Send the whole conversation as input.",
            param=param,
            code="previous_response_not_found",
        )
    return found


def _input(given: Any, earlier: "_Earlier") -> Iterator[ChatMessage]:
    """The messages of the input: text, or items."""
    typed("input", given, (str, list))
    if isinstance(given, str):
        yield ChatMessage("user", given)
        return
    for number, item in enumerate(given):
        where = f"input[{number}]"
        typed(where, item, (dict,))
        kind = item.get("type", "message")
        if kind == "message":
            text = text_of(item.get("content"), f"{where}.content")
            yield ChatMessage(role_of(item.get("role"), f"{where}.role"), text)
        elif kind == "item_reference":
            typed(f"{where}.id", item.get("id"), (str,))
            if item["id"].startswith(_ITEM):  # others refer to what says nothing to who answers
                yield _continued(item["id"], f"{where}.id", earlier)[-1]
        elif kind == _CALL_RESULT:
            yield ChatMessage("tool", text_of(item.get("output"), f"{where}.output"))
        elif kind not in _NOT_TEXT:
            raise ApiProblem(
                400, f"{where} is of type {str(kind)[:40]!r}, and only messages are read.", param=where,
                code="unsupported_value",
            )  # fmt: skip


def _keep(owner: "Owner", asked: ChatRequest, run: Run) -> None:
    """Keep an answer, so that the next request can name it; the meeting that it tells of is stored durably."""
    if asked.helper is not None:
        return
    answered = _ANSWERED.setdefault(owner.orchestrator, OrderedDict())
    talk = tuple(one for one in asked.messages if one.role != "system")
    answered[run.id] = _Answered(talk, run)
    while len(answered) > MOST_ANSWERED:
        answered.popitem(last=False)
    if meeting_id := run.about or _meeting_in(talk):
        owner.orchestrator.requests.remember(_key(run.id), meeting_id)


def _meeting_in(talk: Sequence[ChatMessage]) -> str:
    """The meeting that an earlier answer told of, or ""."""
    named = (_NAMED.match(one.text) for one in reversed(talk) if one.role == "assistant")
    return next((found[1] for found in named if found), "")


def _key(run_id: str) -> str:
    return f"openai-response:{run_id}"


class _Form:
    """An answer as the events of the responses, or as one response.

    Args:
        run: the answer.
        asked: the request.
        given: its fields.
        service: the service.
    """

    def __init__(self, run: Run, asked: ChatRequest, given: Mapping[str, Any], service: "Service") -> None:
        self._run = run
        self._asked = asked
        self._given = given
        self._settings = service.settings
        self._number = -1

    def begin(self) -> Iterator[bytes]:
        """The response and its only item, which is empty yet."""
        response = self._response("in_progress")
        yield self._event("response.created", response=response)
        yield self._event("response.in_progress", response=response)
        yield self._event("response.output_item.added", output_index=0, item=self._item("in_progress"))
        yield self._event("response.content_part.added", **self._place(), part=_part(Delta()))

    def piece(self, delta: Delta) -> bytes:
        """Words of the answer; what only says how far it is, is told with the whole response."""
        if delta.content:
            return self._event("response.output_text.delta", **self._place(), delta=delta.content, logprobs=[])
        now = {"metadata": {**(self._given.get("metadata") or {}), "status": delta.status or delta.reasoning.strip()}}
        return self._event("response.in_progress", response={**self._response("in_progress"), **now})

    def silence(self) -> bytes:
        """A comment."""
        return b": still here\n\n"

    def end(self, end: End) -> Iterator[bytes]:
        """The whole text, the item and the response; or what went wrong."""
        if end.error is not None:
            yield self._failed(error_object(end.error, self._settings)[1])
            return
        said = self._run.whole()
        yield self._event("response.output_text.done", **self._place(), text=said.content, logprobs=[])
        yield self._event("response.content_part.done", **self._place(), part=_part(said))
        response = self.whole(said, end)
        yield self._event("response.output_item.done", output_index=0, item=response["output"][0])
        yield self._event(f"response.{response['status']}", response=response)

    def stopped(self) -> bytes:
        """The error of a service that ends."""
        return self._failed(stopping())

    def whole(self, said: Delta, end: End) -> dict[str, Any]:
        """The response with its text and its numbers of tokens."""
        status = "incomplete" if end.finish == "length" else "completed"
        read, written = end.usage.prompt, end.usage.reply
        return {
            **self._response(status),
            "incomplete_details": {"reason": "max_output_tokens"} if status == "incomplete" else None,
            "output": [self._item(status, said)],
            "usage": {
                "input_tokens": read,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": written,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": read + written,
            },
        }

    def _failed(self, error: Mapping[str, Any]) -> bytes:
        told = {"code": error.get("code") or "server_error", "message": error["message"]}
        return self._event("response.failed", response={**self._response("failed"), "error": told})

    def _place(self) -> dict[str, Any]:
        return {"item_id": f"{_ITEM}{self._run.id}", "output_index": 0, "content_index": 0}

    def _item(self, status: str, said: Delta | None = None) -> dict[str, Any]:
        content = [_part(said)] if said else []
        return {
            "id": f"{_ITEM}{self._run.id}",
            "type": "message",
            "status": status,
            "role": "assistant",
            "content": content,
        }

    def _response(self, status: str) -> dict[str, Any]:
        given = self._given
        return {
            "id": f"{_RESPONSE}{self._run.id}",
            "object": "response",
            "created_at": self._run.created,
            "status": status,
            "background": False,
            "error": None,
            "incomplete_details": None,
            "instructions": given.get("instructions"),
            "max_output_tokens": given.get("max_output_tokens"),
            "metadata": given.get("metadata") or {},
            "model": self._asked.model,
            "output": [],
            "parallel_tool_calls": False,
            "previous_response_id": given.get("previous_response_id"),
            "reasoning": {"effort": None, "summary": None},
            "store": True,
            "temperature": None,
            "text": {"format": {"type": "text"}},
            "tool_choice": "none",
            "tools": [],
            "top_p": None,
            "truncation": "disabled",
            "usage": None,
        }

    def _event(self, kind: str, **values: Any) -> bytes:
        self._number += 1
        data = {"type": kind, "sequence_number": self._number, **values}
        return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode("utf-8", "replace")


def _part(said: Delta) -> dict[str, Any]:
    cited = [
        {"type": "url_citation", "url": one.url, "title": one.title, "start_index": 0, "end_index": 0}
        for one in said.citations
    ]
    return {"type": "output_text", "text": said.content, "annotations": cited, "logprobs": []}
