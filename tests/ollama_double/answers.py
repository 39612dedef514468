"""The default answers of the double: plain sentences of its own, and words quoted from the documents.

The same prompt always gets the same answer. Labelled lines are written where they are asked for, positions and votes
differ from title to title, quotes really stand where they are said to stand, and JSON follows its schema: so a meeting
held on the double has something to decide, to quote and to disagree about.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from tests.ollama_double.scene import Scene, clip, read
from tests.ollama_double.schema import follow
from tests.ollama_double.sentences import sentence, task
from tests.token_odds import either

LEANING = (0, 0, 0, 0, 1, 1, 1, 2, 2, 3)
"""The allowed words in the order of preference: the first is chosen most often, but never by all speakers."""
VOTING = {"object": 1, "abstain": 6, "support_with_concern": 22, "support": 50}
"""Out of 50 speakers, how many vote so at most: objections are rare, so that most meetings decide something."""
NEED_A_QUOTE = {"quote", "words"}

_ASKED = re.compile(r"^Write(?: these lines[^\n]*)?:\n((?:[A-Z][A-Za-z ]{1,23}: [^\n]*\n?)+)", re.M)
_ROW = re.compile(r"^([A-Z][A-Za-z ]{1,23}): (.*)$", re.M)
_FIELD = re.compile(r"\((\w+): ([^()]+)\)")
_OTHERS = re.compile(r"^These statements differ from yours: ([^.]+)\.", re.M)
_WAS = re.compile(r"you were ([a-z ]+)\.")
_OPEN = re.compile(r"^(A\d+): ", re.M)
_LOOKED_FOR = re.compile(r"You look for one thing only: ([^(\n]+?) \(")
_POSITIONS = ("for", "for with conditions", "against", "undecided")


def default_answer(body: Mapping[str, Any]) -> str:
    """An answer to a chat or generate request."""
    scene = read(body)
    wanted = body.get("format")
    if isinstance(wanted, dict):
        properties = wanted.get("properties", {})
        choose = partial(_moving if "move" in properties else _leaning, scene)
        if "vote" in properties:
            choose = partial(_voting, scene, properties["vote"].get("enum", ()))
        return _pointing(scene, wanted) or follow(
            wanted, partial(_said, scene), choose, partial(_left_out, scene), partial(_matched, scene)
        )
    if wanted == "json":
        return json.dumps({"answer": _prose(scene)}, ensure_ascii=False)
    if "REBUT:" in scene.last and "REVISE:" in scene.last:
        return _exchange(scene)
    if asked := _ASKED.search(scene.last):
        return "\n".join(line for label, ask in _ROW.findall(asked[1]) for line in _lines(scene, label, ask))
    return _prose(scene)


def default_odds(body: Mapping[str, Any]) -> dict[str, float]:
    """What an answer of one token begins with, if the question ends with two words to choose from."""
    options = body.get("options") or {}
    return either(read(body).last) if options.get("num_predict") == 1 else {}


def _leaning(scene: Scene, count: int, more: int = 0) -> int:
    return min(int(scene.pick(LEANING, more)), count - 1)


def _moving(scene: Scene, count: int, more: int = 0) -> int:
    """A move in an exchange: any of them, and the position after the one that the question names."""
    was = _WAS.search(scene.last)
    if was and count == len(_POSITIONS):
        return (_POSITIONS.index(was[1]) + 1) % count
    return (scene.seed + more) % count


def _voting(scene: Scene, options: Sequence[str], count: int) -> int:
    """The place of the speaker's vote, in any order of the options."""
    vote = next(vote for vote, below in VOTING.items() if scene.seed % 50 < below)
    return options.index(vote) if vote in options else count - 1


def _left_out(scene: Scene, name: str) -> bool:
    """Whether a value that may be null is left out; a matter of the speaker and the field."""
    return name in {"action", "question"} and (scene.seed >> len(name)) % 4 == 0


def _lines(scene: Scene, label: str, ask: str) -> list[str]:
    """The lines with one label."""
    one_of = re.match(r"one of: (.+)", ask)
    if one_of:
        allowed = one_of[1].split(", ")
        return [f"{label}: {allowed[_leaning(scene, len(allowed))]}"]
    if "or: none" in ask and _left_out(scene, label.lower()):
        return [f"{label}: none"]
    if label == "Report":
        return [f"{label}: {text}" for text in _reports(scene)]
    fields = [
        f"{name}: {allowed.split(', ')[_leaning(scene, allowed.count(',') + 1, len(label))]}"
        for name, allowed in _FIELD.findall(ask)
        if "," in allowed
    ]
    return [f"{label}: {_said(scene, label)}" + (f" ({'; '.join(fields)})" if fields else "")]


def _reports(scene: Scene) -> list[str]:
    """A report on each open action that the question lists."""
    return [f"{name} open: {sentence(scene.words, name)}" for name in _OPEN.findall(scene.last)]


def _said(scene: Scene, label: str, number: int = 0) -> str:
    """The words after a label, or of a text field of that name."""
    kind = label.lower()
    if kind in NEED_A_QUOTE:
        return scene.quote(number)
    if kind in {"fact", "event"} and scene.places:
        place, words = scene.pick(scene.places, 5 * number + len(kind))
        return f'the documents say "{clip(words)}" ({place})'
    if kind == "action":
        day = scene.pick(("Friday", "2026-12-04"), number)
        return f"{scene.title or 'colleague'} will {task(scene.words, number)} by {day}"
    if kind == "task":
        return f"{task(scene.words, number)} by {scene.pick(('Friday', '2026-12-04'), number)}"
    if kind == "report":
        return (_reports(scene) or [sentence(scene.words, kind)])[0]
    if kind == "question":
        return f"who can say when {_inside(sentence(scene.words, kind, number)).rstrip('.')}?"
    if kind == "proposal":
        return f"go on if this is fixed first: {_inside(sentence(scene.words, kind, number))}"
    own = sentence(scene.words, kind, number)
    return f'{own} See "{scene.quote(len(kind) + number)}".' if scene.places else own


def _inside(text: str) -> str:
    return text[:1].lower() + text[1:]


_CHOICE = re.compile(r"^\d+\. (.+?): .+ \((no|exactly 1|1 to 4|0 to 4) findings?(?: of (.+))?\)$", re.M)
_FINDING = re.compile(r"^(\d+)\. ([A-Z][\w ]*): .+ \[T\d+\]$", re.M)


def _fitting(scene: Scene, filled: dict[str, Any]) -> dict[str, Any]:
    """A proposal whose findings are of the kind that its choice takes, and as many as it takes."""
    takes = {name: (count, kinds.split(" or ")) for name, count, kinds in _CHOICE.findall(scene.last)}
    count, kinds = takes.get(filled["choice"], ("no", []))
    numbers = [int(number) for number, label in _FINDING.findall(scene.last) if label in kinds]
    return {**filled, "findings": numbers[: {"no": 0, "exactly 1": 1}.get(count, 2)]}


def _matched(scene: Scene, filled: dict[str, Any]) -> dict[str, Any]:
    """A filled object whose quote is from the turn that it names, or whose findings go with its choice."""
    if "choice" in filled and "findings" in filled:
        return _fitting(scene, filled)
    named = filled.get("turn")
    text = next((text for turn, text in scene.said if turn == named), "")
    return {**filled, "quote": _longest(text)} if text and "quote" in filled else filled


def _longest(text: str) -> str:
    return clip(max(text.split("\n"), key=lambda row: len(row.split())))


def _exchange(scene: Scene) -> str:
    """REBUT, REVISE or PASS, chosen by the speaker, with words from the turn that it names."""
    others = _OTHERS.search(scene.last)
    named = set(others[1].split(", ")) if others else set()
    turns = tuple((turn, text) for turn, text in scene.said if turn in named)
    if not turns or scene.seed % 3 == 0:
        return "PASS"
    turn, text = scene.pick(turns)
    quote, why = _longest(text), sentence(scene.words, "why")
    if scene.seed % 3 == 1:
        return f'REBUT: {turn} says "{quote}", and that leaves out my work. {why}'
    was = _WAS.search(scene.last)
    moved = next(position for position in _POSITIONS[1:] if not was or position != was[1])
    return f'REVISE: {turn} says "{quote}", and I had not weighed that. {why}\nPosition: {moved}'


def _prose(scene: Scene) -> str:
    who = f"As {scene.title} I" if scene.title else "I"
    return (
        f'{who} read: "{clip(scene.last.strip().rsplit(chr(10), 1)[-1], 20)}". '
        f'What weighs most here is "{scene.quote()}". {sentence(scene.words, "talk")}'
    )


def _pointing(scene: Scene, schema: Mapping[str, Any]) -> str:
    """An answer that names turns and copies their words, if the schema asks for that; otherwise ""."""
    listed = schema.get("properties", {}).get("items", {})
    item = listed.get("items", {}) if isinstance(listed, dict) else {}
    fields = item.get("properties", {}) if isinstance(item, dict) else {}
    if not {"turn", "quote"} <= fields.keys():
        return ""
    label = _LOOKED_FOR.search(scene.last)
    found = []
    for turn, text in scene.said:
        rows = [row for row in text.split("\n") if label and row.startswith(f"{label[1]}: ")]
        quote = clip(rows[0]) if rows else ""
        if turn not in fields["turn"].get("enum", (turn,)) or len(quote.split()) < 2:
            continue
        owners = [owner for owner in fields.get("owner", {}).get("enum", ()) if quote.startswith(owner)]
        owner = {"owner": (*owners, "unassigned")[0]} if "owner" in fields else {}
        found.append({"turn": turn, "quote": quote, **owner})
    return json.dumps({"items": found[: listed.get("maxItems", 12)]}, ensure_ascii=False)
