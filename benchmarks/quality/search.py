"""Plain search for the words of the checklists, without a model."""

import time
from collections.abc import Sequence

from agents.documents import Document, passages_of
from agents.role import Role
from agents.role.matching import Hit, hits_of
from benchmarks.quality.asking import ranked
from benchmarks.quality.claim import Claim, Spent

LISTS = ("red_flags", "questions")
"""The lists of a role that say what is wrong or missing."""


def searched(document: Document, roles: Sequence[Role], arm: str) -> tuple[tuple[Claim, ...], Spent]:
    """The lines that the roles' red flags and questions are found in, best first; of several for a line, the best."""
    began = time.monotonic()
    best: dict[int, Claim] = {}
    for one in card_claims(document, roles, arm):
        best.setdefault(one.first, one)
    return ranked(list(best.values())), Spent(seconds=time.monotonic() - began)


def card_claims(document: Document, roles: Sequence[Role], arm: str) -> list[Claim]:
    """Every red flag or question of the roles with a line that it is found in, best first."""
    passages = passages_of([document])
    found: list[tuple[str, Hit]] = []
    for role in roles:
        hits = hits_of(role, passages)
        found += [(f"card:{role.id}/{name}", hit) for name in LISTS for hit in getattr(hits, name)]
    found.sort(key=lambda one: -one[1].score)
    return [
        Claim(document.name, hit.spot.line, hit.spot.line, hit.item.text, hit.quote, "", rank, arm, source)
        for rank, (source, hit) in enumerate(found, 1)
        if hit.spot
    ]
