"""What a prompt contains: the speaker, the topic, the documents and the earlier turns."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

QUOTE_WORDS = 8
LEAST_QUOTE_WORDS = 4

_TITLE = re.compile(r"You are the ([^.\n]+)\.")
_TOPIC = re.compile(r"^(?:The topic is|Topic): (.+)$", re.M)
_PASSAGE = re.compile(r"<passage (?P<name>[^\n]+?):\d+(?:-\d+)?(?: \([^\n]*\))?>\n(?P<lines>.*?)\n</passage>", re.S)
_NUMBERED = re.compile(r"^(\d+): (.+)$", re.M)
_ENTRY = re.compile(r"^\[(T\d+)\] [^\n]*:\n(.*?)(?=^\[T\d+\] |\Z)", re.M | re.S)
_LABEL = re.compile(r"^[A-Z][A-Za-z ]{1,23}: +")


@dataclass(frozen=True, slots=True)
class Scene:
    """A prompt as the default answers see it.

    Attributes:
        last: the last message.
        title: the speaker's title, or "".
        topic: the topic, in the words of the prompt.
        places: lines of documents: their place ("design.md:12") and their words.
        said: turns so far: their id and their words.
        seed: a number that differs from one speaker to the next, and is the same every time.
    """

    last: str
    title: str
    topic: str
    places: tuple[tuple[str, str], ...]
    said: tuple[tuple[str, str], ...]
    seed: int

    @property
    def words(self) -> int:
        """A number for what the speaker says now: later in a discussion it says something else."""
        return self.seed + len(self.said)

    def pick(self, things: tuple[Any, ...], more: int = 0) -> Any:
        """One of several values, chosen by the speaker."""
        return things[(self.seed + more) % len(things)]

    def quote(self, more: int = 0) -> str:
        """A few words quoted from the prompt: from a document, from a turn, or from the topic."""
        lines = [line for _, text in self.said for line in text.split("\n")]
        sources = [words for _, words in self.places] or lines
        quotes = tuple(q for q in (clip(source) for source in sources) if len(q.split()) >= LEAST_QUOTE_WORDS)
        return self.pick(quotes, more) if quotes else clip(self.topic)


def read(body: Mapping[str, Any]) -> Scene:
    """The scene of a chat or generate request."""
    messages = body.get("messages") or [
        {"content": body.get("system") or ""},
        {"content": body.get("prompt") or ""},
    ]
    texts = [str(message.get("content") or "") for message in messages]
    last, before = texts[-1], "\n\n".join(texts[:-1])
    titled = _TITLE.search(last) or _TITLE.search(texts[0])
    topic = _TOPIC.findall(last) or _TOPIC.findall(before) or [last.strip().rsplit("\n", 1)[-1]]
    who = titled[1] if titled else last
    places = [
        (f"{passage['name']}:{number}", line)
        for text in texts
        for passage in _PASSAGE.finditer(text)
        for number, line in _NUMBERED.findall(passage["lines"])
    ]
    said = [(turn, text.strip()) for each in texts[:-1] for turn, text in _ENTRY.findall(each)]
    seed = int(hashlib.sha256(who.encode("utf-8", "replace")).hexdigest()[:8], 16)
    return Scene(last, titled[1] if titled else "", topic[-1], tuple(places), tuple(said), seed)


def clip(line: str, words: int = QUOTE_WORDS) -> str:
    """The first words of a line, without a label, quotation marks or Markdown marks."""
    plain = _LABEL.sub("", line.strip().lstrip("#*->| ").strip())
    until = re.split(r"[\"\u201c\u201d|`]", plain)
    longest = max(until, key=lambda part: len(part.split()))
    return re.sub(r"^\W+", "", " ".join(longest.split()[:words])).rstrip(" .,;:")
