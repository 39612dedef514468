"""Errors as HTTP answers them: a status, and cause and remedy without folders."""

from agents.api.routes import told
from agents.errors import (
    Busy,
    Locked,
    MeetingError,
    ModelError,
    ModelUnavailable,
    OrchestratorError,
    SpaceError,
    StoreError,
    UnknownName,
    UsageError,
)

__all__ = ["status_of", "told"]

_STATUS = (
    (UnknownName, 404),
    (UsageError, 400),
    (Locked, 409),
    (MeetingError, 409),
    (Busy, 429),
    (ModelUnavailable, 503),
    (ModelError, 502),
    (SpaceError, 507),
    (StoreError, 503),
)


def status_of(error: OrchestratorError) -> int:
    """The HTTP status of an error."""
    return next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
