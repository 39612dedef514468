"""The reasons of votes, without those that only repeat what was said."""

from collections.abc import Sequence
from dataclasses import replace

from agents.meeting.echoes import Texts
from agents.meeting.record import Ballot


def with_new_reasons(ballots: Sequence[Ballot], entries: Sequence[str], person: str) -> tuple[list[Ballot], list[str]]:
    """The ballots without reasons that add nothing to a turn or an earlier ballot, and a note about them.

    Args:
        ballots: the ballots of a topic.
        entries: what was said in its turns.
        person: role id of the person in the room, whose words stay as they are; "" for nobody.
    """
    said = Texts()
    for entry in entries if any(one.reason or one.would_change for one in ballots) else ():
        said.add(entry)
    out, without = [], 0
    for one in ballots:
        kept = {}
        for name in ("reason", "would_change"):
            text = getattr(one, name)
            if text and one.speaker != person and said.say_all_of(text):
                text, without = "", without + 1
            if text:
                said.add(text)
            kept[name] = text
        out.append(replace(one, **kept))
    note = f"Reasons of votes that are left out, because a turn or an earlier vote says the same: {without}."
    return out, [note] if without else []
