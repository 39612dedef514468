"""Answers of the rehearsal model outside meetings: a checklist from the role's own lists."""

import re
from textwrap import shorten

from agents.documents import Passage
from agents.model import PROVIDERS, Prompt
from agents.model.rehearsal.matching import phrase, terms
from agents.model.rehearsal.positions import hits_of, tell

LABEL = PROVIDERS["rehearsal"].label

LISTED = "Not written by a model, only listed; the newest questions were:"
TASK, REMEMBERED, NONE = "The task: ", "I remember: ", "Nothing in it matches"
"""The starts of lines in which a checklist describes itself; a later step leaves them out."""
_MOST_HEADS = 12
_HEAD_CHARACTERS = 60
_MOST_KEPT = 900


def checklist(prompt: Prompt) -> str:
    """A checklist for a question: the items of all three lists that concern it, with the lines that show it."""
    role = prompt.role
    if role is None:
        return f"{LABEL.capitalize()}."
    earlier = [message for message in prompt.transcript if message.turn]
    extra = [Passage("", 1, 1, "", prompt.subject)]
    extra += [Passage(message.turn, 1, 1, "", _own_words(message.text)) for message in earlier]
    hits = hits_of(prompt, role, extra)
    lines = [f"{LABEL.capitalize()}: what the {role.title}'s own lists say about this."]
    lines += _remembered(prompt)
    skill = prompt.asked.skill
    if skill:
        lines.append(f"{TASK}{skill.summary} A model would answer with: {skill.answer}")
    for title, found in (("Red flags", hits.red_flags), ("Questions", hits.questions), ("Done when", hits.done)):
        if found:
            lines += ["", f"{title}:", *(f"- {tell(one)}" for one in found[:3])]
    if not (hits.red_flags or hits.questions or hits.done):
        always = [f"- {item.text}" for item in role.questions[:3]]
        lines += ["", f"{NONE} my watch words. {'I always ask:' if always else 'My mission:'}"]
        lines += always or [f"- {role.mission}"]
    return "\n".join(lines)


def _own_words(text: str) -> str:
    """What an earlier step found, without the rehearsal's lines about itself and its task."""
    lines = text.partition("\n")[2].split("\n")
    own = (LABEL.capitalize(), TASK, REMEMBERED, NONE)
    return "\n".join("" if line.startswith(own) else line for line in lines)


def summary(prompt: Prompt) -> str:
    """A summary of old messages: the starts of their questions, after the summary that a model wrote before."""
    written, _, listed = " ".join(prompt.memory).partition(LISTED)
    heads = re.findall(r'"([^"]*)"', listed)
    heads += [_head(message.text) for message in prompt.transcript if message.author == "user"]
    said = "; ".join(f'"{head}"' for head in heads[-_MOST_HEADS:])
    return f"{written.strip()[:_MOST_KEPT]} {LISTED} {said or 'none'}.".strip()


def _head(text: str) -> str:
    line = " ".join(text.replace('"', "'").split())
    return line if len(line) <= _HEAD_CHARACTERS else f"{line[:_HEAD_CHARACTERS].rsplit(' ', 1)[0]} ..."


def _remembered(prompt: Prompt) -> list[str]:
    """The memories that share words with the question."""
    asked = set(terms(prompt.subject))
    talk = [message.text for message in prompt.transcript if not message.turn and message.author == "user"]
    lines = [
        line for line in (*prompt.memory, *talk) if asked & set(terms(line)) and phrase(line) != phrase(prompt.subject)
    ]
    different = dict.fromkeys(shorten(line, 160, placeholder=" ...") for line in lines)
    return [f"{REMEMBERED}{line}" for line in list(different)[:3]]
