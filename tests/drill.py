"""Drills: tests that repeat a kill, a corruption or a key press. A test run takes a sample, ``make drill`` all of it."""

import os

DRILL = os.environ.get("DRILL") == "true"
"""Whether this run is a drill."""


def rounds(sample: int, drill: int) -> int:
    """The number of repetitions in this run.

    Args:
        sample: the number in a test run.
        drill: the number in a drill.
    """
    return drill if DRILL else sample
