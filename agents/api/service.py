"""What every part of the service is given."""

import asyncio
import time
from dataclasses import dataclass, field

from agents.orchestrator.background.owners import Owners
from agents.settings import Settings


@dataclass(slots=True)
class Service:
    """The running service.

    Attributes:
        settings: the settings it was started with.
        owners: whose meetings it holds.
        began: when it was started, in seconds of ``time.monotonic``.
        stopping: is set when it is told to end: streams end themselves then.
    """

    settings: Settings
    owners: Owners
    began: float = field(default_factory=time.monotonic)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
