"""A simple tokenizer, and the template that makes a text of messages.

A token is a control word (``<|eot_id|>``), up to six Latin letters or three digits with the blank before them, a run of
line ends or of blanks, or any other single character. English prose comes to about four characters a token, close to
llama3.2's own. The pieces joined again are the text, so an answer is streamed in the very tokens it is counted in.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

BOS = "<|begin_of_text|>"
_TOKEN = re.compile(r"<\|[a-z_]+\|>| ?[A-Za-z\u00c0-\u024f]{1,6}| ?\d{1,3}|\n+|[ \t]+|.", re.S)
_END = "<|eot_id|>"
_KNOWLEDGE = "Cutting Knowledge Date: December 2023"


def tokenize(text: str) -> list[str]:
    """The tokens of ``text``; joined they are ``text`` again."""
    return _TOKEN.findall(text)


def count(text: str) -> int:
    """The number of tokens in ``text``."""
    return len(tokenize(text))


def render(messages: Sequence[Mapping[str, Any]], tools: Sequence[Any] = ()) -> str:
    """Messages as llama3.2's template prints them.

    All system messages are joined and put first; neighbours of one author become one turn. A turn of the model at the
    end stays open: the model continues it.
    """
    system = "\n\n".join(str(m.get("content", "")) for m in messages if _author(m) == "system")
    turns: list[tuple[str, str]] = []
    for message in messages:
        author, text = _author(message), str(message.get("content", ""))
        if author == "system":
            continue
        if turns and turns[-1][0] == author:
            turns[-1] = (author, f"{turns[-1][1]}\n\n{text}")
        else:
            turns.append((author, text))
    if tools and turns and turns[-1][0] == "user":
        turns[-1] = ("user", f"{json.dumps(list(tools))}\n\n{turns[-1][1]}")
    head = f"{_KNOWLEDGE}\n\n{system}".rstrip()
    said = [_turn("system", head), *(_turn(author, text) for author, text in turns)]
    if turns and turns[-1][0] == "assistant":
        return BOS + "".join(said).removesuffix(_END)
    return BOS + "".join(said) + "<|start_header_id|>assistant<|end_header_id|>\n\n"


def _author(message: Mapping[str, Any]) -> str:
    return str(message.get("role", "")).lower()


def _turn(author: str, text: str) -> str:
    return f"<|start_header_id|>{author}<|end_header_id|>\n\n{text}{_END}"
