"""How the time of a function grows with the length of what it is given, as ratios within one run."""

import time
from collections.abc import Callable

SHORT, LONG = 2_000, 8_000
"""The lengths whose times are compared, in letters."""
FACTOR = 9.0
"""Four times the text may take so many times the time; quadratic time would be 16."""
QUICK = 0.003
"""A text of the greater length that takes no more seconds than this is not looked at more closely."""


def seconds(work: Callable[[], object]) -> float:
    """How long this thread works on a call; what other threads and processes take is not counted."""
    began = time.thread_time()
    work()
    return time.thread_time() - began


def grows_too_fast(work: Callable[[int], object]) -> bool:
    """Whether four times the length takes far more than four times the time.

    Args:
        work: what to measure, for a text of a length in letters.
    """
    if seconds(lambda: work(LONG)) < QUICK:
        return False
    for _ in range(3):  # another process may have had the machine
        short = min(seconds(lambda: work(SHORT)) for _ in range(3))
        if seconds(lambda: work(LONG)) < FACTOR * short:
            return False
    return True
