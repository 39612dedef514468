"""Report cards of models: measure one, and read the stored one."""

from __future__ import annotations

TYPE_CHECKING = False  # like typing.TYPE_CHECKING, without importing typing
if TYPE_CHECKING:
    from collections.abc import Callable

    from agents.meeting.report_card import ReportCard
    from agents.orchestrator.loop import Loop
    from agents.orchestrator.resources import Resources


class ReportCards:
    """What models did when their answers were known.

    Args:
        resources: they open models, roles and the store.
        loop: where the blocking method runs.
    """

    def __init__(self, resources: Resources, loop: Loop) -> None:
        self._resources = resources
        self._loop = loop

    def measure(self, model: str = "", on_progress: Callable[[str], None] | None = None) -> ReportCard:
        """Measure a model: its votes, its statements, its findings; the result is stored and returned.

        Args:
            model: its name; "" is the model in the settings.
            on_progress: is told in one sentence what is measured now.

        Raises:
            UsageError: the model answers by rule, or an event loop is running here.
            ModelUnavailable: it cannot be reached or is not there.
            ModelError: a call failed.
        """
        return self._loop.runner().run(self.ameasure(model, on_progress))

    async def ameasure(self, model: str = "", on_progress: Callable[[str], None] | None = None) -> ReportCard:
        """``measure`` inside an event loop."""
        from agents.orchestrator.quality import measure

        name = model or self._resources.settings.model_name
        return await measure(self._resources, name, on_progress or (lambda _sentence: None))

    def of(self, model: str = "") -> ReportCard | None:
        """The stored report card of a model; None if it was never measured at its address."""
        from agents.orchestrator.quality import card_of

        return card_of(self._resources, model or self._resources.settings.model_name)
