"""The search of a meeting for the patterns and words of the checklists, without a model."""

import time
from collections.abc import Sequence

from agents.documents import Document, passages_of
from agents.meeting.close_reading.pairs import Pair, all_pairs
from agents.role import Role
from benchmarks.quality.asking import ranked
from benchmarks.quality.claim import Claim, Spent


def searched(document: Document, roles: Sequence[Role], arm: str) -> tuple[tuple[Claim, ...], Spent]:
    """The sentences that the roles' red flags and questions lead to, those that match a pattern first; of several for
    a line, the first.
    """
    began = time.monotonic()
    best: dict[int, Claim] = {}
    for claims in card_claims(document, roles, arm):
        for one in claims:
            best.setdefault(one.first, one)
    return ranked(list(best.values())), Spent(seconds=time.monotonic() - began)


def card_claims(document: Document, roles: Sequence[Role], arm: str) -> tuple[list[Claim], list[Claim]]:
    """Every red flag or question of the roles with a sentence that a pattern leads to, and with one that only words
    lead to; each in the order of the meeting's search.
    """
    shown, by_words = all_pairs(roles, [document], passages_of([document]))
    lists = {role.id: {item.text for item in role.red_flags} for role in roles}
    return _claims(shown, lists, arm, 1), _claims(by_words, lists, arm, len(shown) + 1)


def _claims(pairs: Sequence[Pair], flags: dict[str, set[str]], arm: str, first_rank: int) -> list[Claim]:
    return [
        Claim(
            one.document, one.first, one.last, one.item, one.quote, "", rank, arm,
            f"card:{one.role}/{'red_flags' if one.item in flags[one.role] else 'questions'}",
        )
        for rank, one in enumerate(pairs, first_rank)
    ]  # fmt: skip
