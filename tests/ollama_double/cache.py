"""Slots with their prefix cache: the earlier prompts that llama-server keeps, counted in tokens.

A slot keeps the tokens of its last request, prompt and answer. The next request on it evaluates only what follows the
longest common prefix. With ``host_tokens`` the pushed-out contents of slots are kept aside, as llama-server does in the
host's memory; without, as a test wants it that looks for wasted evaluation, only the slots themselves remember.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

SIMILAR = 0.1
"""The share of a prompt that a slot must contain to be chosen before the slot that was idle longest."""
WORTH_SAVING = 0.5
WORTH_LOADING = 0.25


@dataclass(slots=True)
class Slot:
    """One slot, which works on one prompt at a time.

    Attributes:
        number: counted from 0.
        tokens: what its cache holds.
        used: when it was last given out, as a running number.
        busy: whether a request is on it.
    """

    number: int
    tokens: list[str] = field(default_factory=list)
    used: int = 0
    busy: bool = False


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """The number of tokens that two texts have in common from the start."""
    for number, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return number
    return min(len(one), len(other))


class Slots:
    """All slots of one loaded model. It has no lock; its owner uses one."""

    def __init__(self, count: int, host_tokens: int = 0) -> None:
        self.slots = [Slot(number) for number in range(count)]
        self.host_tokens = host_tokens
        self.host: list[list[str]] = []
        self._turn = 0

    def free(self) -> int:
        """The number of idle slots."""
        return sum(not slot.busy for slot in self.slots)

    def take(self, prompt: Sequence[str]) -> tuple[Slot, int]:
        """Take the idle slot that fits ``prompt`` best.

        Returns:
            The slot, and how many tokens of the prompt must be evaluated: all but the common prefix, at least one.
        """
        idle = [slot for slot in self.slots if not slot.busy]
        best = max(idle, key=lambda slot: (common(slot.tokens, prompt), -slot.used))
        shared = common(best.tokens, prompt)
        if shared <= SIMILAR * len(prompt):
            best = min(idle, key=lambda slot: slot.used)
            shared = common(best.tokens, prompt)
        if self.host_tokens:
            shared = self._swap(best, prompt, shared)
        self._turn += 1
        best.used, best.busy = self._turn, True
        return best, max(1, len(prompt) - shared)

    def give_back(self, slot: Slot, tokens: Sequence[str]) -> None:
        """Return a slot; ``tokens`` are now the contents of its cache."""
        slot.tokens, slot.busy = list(tokens), False

    def _swap(self, slot: Slot, prompt: Sequence[str], shared: int) -> int:
        """Save what the slot would lose, and load the saved contents that fit the prompt better."""
        if slot.tokens and shared < WORTH_SAVING * len(slot.tokens):
            saved = list(slot.tokens)
            self.host = [entry for entry in self.host if common(entry, saved) < len(entry)]
            self.host.append(saved)
        kept = shared / len(slot.tokens) if slot.tokens else 0.0
        found = None
        for entry in self.host:
            length = common(entry, prompt)
            keeps = length / len(entry)
            if length > shared and keeps > kept and keeps >= WORTH_LOADING:
                found, shared, kept = entry, length, keeps
        if found is not None:
            self.host.remove(found)
            slot.tokens = found
        while sum(len(entry) for entry in self.host) > self.host_tokens:
            self.host.pop(0)
        return shared
