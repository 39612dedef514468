"""The ideas of a brainstorm and their dots. The room and the minutes use the same functions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agents.meeting import reading
from agents.meeting.fields import entries_with
from agents.meeting.prompts import IDEA
from agents.meeting.record import Evidence, Item, Turn
from agents.meeting.shared_words import SharedWords

DOTS = 3
"""The most dots of a participant."""
SAME = 0.7
"""Two ideas are the same when an earlier one contains at least this share of the words of the later."""


def ideas_of(turns: Sequence[Turn]) -> dict[str, Item]:
    """The different ideas in the turns of a brainstorm, in the order said, by their ids "I1", "I2" ...

    An idea that nearly repeats an earlier one is left out.
    """
    ideas, known = list[Item](), SharedWords()
    for turn in turns:
        if not reading.contributes(turn):
            continue
        for said in (entry.text for entry in entries_with(turn, IDEA.label, alone=True)):
            mine = frozenset(reading.words(said))
            if not ideas or (mine and not known.sharing(mine, SAME * len(mine))):
                known.add(mine)
                ideas.append(Item(IDEA.label, said, Evidence(turn.id, turn.speaker, said, verified=True)))
    return {f"I{number}": idea for number, idea in enumerate(ideas, 1)}


def most_dots(ideas: Mapping[str, Item]) -> int:
    """The number of dots that each participant has."""
    return min(DOTS, len(ideas))


def count_dots(answers: Iterable[Any], ideas: Mapping[str, Item]) -> Counter[str]:
    """The number of dots of each idea; a participant can give an idea only one."""
    dots: Counter[str] = Counter()
    for answer in answers:
        chosen = answer.get("ideas") if isinstance(answer, Mapping) else None
        named = [name for name in chosen if isinstance(name, str)] if isinstance(chosen, list) else []
        dots.update(dict.fromkeys(named[: most_dots(ideas)], 1))
    return dots


def by_dots(ideas: Mapping[str, Item], dots: Mapping[str, int]) -> list[tuple[Item, int]]:
    """The ideas with their dots, the most dots first; equal ones keep the order said."""
    ranked = sorted(ideas, key=lambda name: (-dots.get(name, 0), int(name[1:])))
    return [(ideas[name], dots.get(name, 0)) for name in ranked]
