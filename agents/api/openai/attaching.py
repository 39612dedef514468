"""By which names a request is known again, so that one that is sent twice gets the same answer."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from agents.api.openai.fields import ApiProblem
from agents.api.openai.meeting_text import FIRST
from agents.api.openai.runs import Run, Runs
from agents.orchestrator.background.held import GOING_ON

if TYPE_CHECKING:
    from agents.api.openai.requests import ChatMessage, ChatRequest
    from agents.orchestrator.background.owners import Owner

FINGERPRINT_SECONDS = 1800.0
"""How long after its last use a request is the same one when only its words say so."""
RETRY_SECONDS = 86_400.0
"""The same for a program that says that it sends the request again."""
MOST_EARLIER = 50
"""How many earlier messages of a user are looked up at most."""
_NO_CHATS = ("", "local", "none", "null", "undefined")
"""What programs write where there is no chat, or one that is not kept; many chats share it."""
_NAMED = re.compile(re.escape(FIRST).replace(r"\{\}", r"([\w-]{1,80})"))
_BEFORE = re.compile(r"[^\w\n>]{0,8}(?:\[[^\]\n]{1,30}\]|\w{1,20}:)?[^\w\n>]{0,8}")
"""What may stand before the name of a meeting at the begin of a line: signs, and who speaks, as in "**[AI]** "."""
_LONGEST_BEFORE = 50
_THOUGHTS = re.compile(r"\s*<(?P<tag>think|thinking|details)\b[^>\n]{0,200}>", re.IGNORECASE)
"""How the remarks begin that programs put before an answer."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The names of a request.

    Attributes:
        said: of what the program itself says that it is one request: an idempotency key, or chat and message of the
            user; "" for nothing.
        once: whether it is an idempotency key: then the answer is the same also after it was delivered.
        fingerprint: of the model, the messages and the documents, in its chat; of a meeting without instructions, in
            which programs write the time.
        talk: of the model and the messages alone, without instructions.
        chat: of the chat that it belongs to, or "".
    """

    said: str
    once: bool
    fingerprint: str
    talk: str
    chat: str

    def every(self) -> tuple[str, ...]:
        """Those by which the same request is found again: by its words only where nothing else is said. Beside an
        idempotency key stands the body that it came with.
        """
        return (self.said, self.body) if self.once else (self.said or self.fingerprint,)

    @property
    def body(self) -> str:
        """The name of an idempotency key with the words that came with it."""
        return _key("body", self.said, self.fingerprint)


def keys_of(request: "ChatRequest") -> Keys:
    """The names of a request, of one owner."""
    model, said, chat_id = request.model, "", _chat_id(request)
    if request.idempotency_key:
        said = _key("once", request.idempotency_key)
    elif chat_id and request.message_id:
        said = _key("message", model, chat_id, request.message_id)
    chat = _key("chat", model, chat_id) if chat_id else ""
    talk = list(_talk(request.messages))
    words = talk if request.kind == "meeting" else _words(request.messages)
    documents = (part for one in request.documents for part in (one.name, one.text))
    same = _key("same", model, chat_id, *words, *documents)
    return Keys(said, bool(request.idempotency_key), same, _key("talk", model, *talk), chat)


def earlier_talk(request: "ChatRequest") -> list[str]:
    """The names of the same conversation up to an earlier message of the user, the latest first; of a long conversation
    only the last ones.
    """
    talk = [one for one in request.messages if one.role != "system"]
    places = [number for number, one in enumerate(talk) if one.role == "user"][-MOST_EARLIER - 1 : -1]
    if not places:
        return []
    digest, wanted, found = _digest(request.model), set(places), []
    for number, one in enumerate(talk[: places[-1] + 1]):
        _add(digest, one.role, one.text)
        if number in wanted:
            found.append(_named("talk", digest))
    return found[::-1]


def named_meetings(request: "ChatRequest") -> Iterator[str]:
    """What stands as the id of a meeting at the begin of a line of the earlier answers, the latest answer first."""
    for message in reversed(request.messages):
        if message.role != "assistant":
            continue
        text, first = message.text, _after_thoughts(message.text)
        for named in _NAMED.finditer(text, first):
            nearest = max(first, named.start() - _LONGEST_BEFORE)
            line = max(first, text.rfind("\n", nearest, named.start()) + 1)
            if named.start() - line <= _LONGEST_BEFORE and _BEFORE.fullmatch(text, line, named.start()):
                yield named[1]


def check_once(owner: "Owner", runs: Runs, keys: Keys) -> None:
    """Refuse an idempotency key that came with other words before.

    Raises:
        ApiProblem: 422, it did.
    """
    if not keys.once:
        return
    run, requests = runs.find(keys.said), owner.orchestrator.requests
    is_other = run is not None and (run.end is None or run.end.error is None) and runs.find(keys.body) is not run
    began = requests.meeting(keys.said)
    if is_other or (began and requests.meeting(keys.body) != began):
        raise ApiProblem(
            422,
            "This Idempotency-Key came with another request before.",
            "Send another key with another request.",
            code="idempotency_key_reused",
        )


def attached(runs: Runs, keys: Keys, *, again: bool) -> Run | None:
    """The answer that a request gets because it was sent before; None for a new one.

    Args:
        runs: the answers of the owner.
        keys: the names of the request.
        again: whether the program says that it sends the request again.
    """
    run = runs.find(keys.said or keys.fingerprint)
    if run is None or (run.end is not None and run.end.error is not None):
        return None
    # The same message, after an answer that was delivered, asks for another answer.
    return run if again or keys.once or run.end is None or not run.delivered else None


def meeting_of(owner: "Owner", keys: Keys, *, again: bool) -> str:
    """The meeting that this same request began, or ""; the meeting is remembered as used now."""
    requests = owner.orchestrator.requests
    found = requests.meeting(keys.said) if keys.said else ""
    if not keys.said and (same := requests.meeting(keys.fingerprint)):
        recent = requests.meeting(keys.fingerprint, RETRY_SECONDS if again else FINGERPRINT_SECONDS) == same
        of_chat = bool(keys.chat) and requests.meeting(keys.chat) == same
        goes_on = owner.meetings.state(same).status in GOING_ON
        found = same if recent or of_chat or goes_on else ""
    if found:
        remember(owner, keys.every(), found)
    return found


def remember(owner: "Owner", keys: Iterable[str], meeting_id: str) -> None:
    """Store durably that requests with these names belong to a meeting."""
    for key in filter(None, keys):
        owner.orchestrator.requests.remember(key, meeting_id)


def _after_thoughts(text: str) -> int:
    """The place at which an answer begins, after remarks that are set apart."""
    place = 0
    while (found := _THOUGHTS.match(text, place)) and (
        end := re.compile(f"</{found['tag']}>", re.IGNORECASE).search(text, found.end())
    ):
        place = end.end()
    return place


def _chat_id(request: "ChatRequest") -> str:
    """The id of the chat, or "" for one that other chats may have, too."""
    word = request.chat_id.strip().lower()
    return "" if word in _NO_CHATS or word.startswith("local:") else request.chat_id


def _talk(messages: "Iterable[ChatMessage]") -> Iterator[str]:
    """The conversation without instructions."""
    return _words(message for message in messages if message.role != "system")


def _words(messages: "Iterable[ChatMessage]") -> Iterator[str]:
    for message in messages:
        yield message.role
        yield message.text


def _key(kind: str, *parts: str) -> str:
    """A name of bounded length; parts cannot run into each other."""
    return _named(kind, _digest(*parts))


def _digest(*parts: str) -> Any:
    digest = sha256()
    _add(digest, *parts)
    return digest


def _add(digest: Any, *parts: str) -> None:
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(raw))
        digest.update(raw)


def _named(kind: str, digest: Any) -> str:
    return f"openai-{kind}:{digest.hexdigest()}"
