"""Random histories for property tests."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from agents.memory import Remembered

QUICK = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MANY = settings(QUICK, max_examples=100)

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=200)
AGENTS = st.sampled_from(["cto", "qa_engineer", "Ünïcode rôle"])
MESSAGES = st.lists(
    st.builds(
        Remembered,
        number=st.just(0),
        agent=AGENTS,
        session=st.sampled_from(["default", "nightly"]),
        author=st.sampled_from(["user", "assistant", "note"]),
        text=st.sampled_from(["same words", "other words"]) | ANY_TEXT,
        at=st.sampled_from(["2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z"]),
        tokens=st.integers(0, 2**40),
        pinned=st.booleans(),
    ),
    max_size=30,
)
