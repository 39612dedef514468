"""What a person can do after an error, in the words of the pages, where an error names methods for programs."""

from dataclasses import replace

from agents.api.problems import Refusal
from agents.api.problems import refusal_of as refusal_for_programs
from agents.errors import OrchestratorError, UnknownName
from agents.settings import Settings

REMEDIES = {
    "topics": "Write what it is about, one topic on a line.",
    "material": "{remedy} Choose a file, or paste its text.",
    "agents left": "Tick at least one seat.",
    "left out": "Take it out of one of the two lists, or choose another seat or chair.",
    "not named": "Tick its seat, or choose another.",
    "names": "Tick somebody, or nobody.",
    "me": "Take no seat, or start the service with a language model in MODEL_NAME.",
    "decide": "Take back that you decide, or choose another type.",
    "council": "Write names of models with commas between them, or nothing.",
    "correction": "Write the words as they should be.",
    "done": "Open it again, if it is not.",
    "open": "Nothing needs to be changed.",
    "last": "Plan one: New meeting.",
    "held": "Wait until it is done, or end or stop it on its page.",
    "seat": "Ask one agent or all, or plan a meeting in which you take a seat.",
    "checklist": "Start the service without a model to finish it, or plan a new meeting.",
    "closed": "Its minutes can be read, compared and shared.",
    "not closed": "Hold it to its end first, on its page.",
    "not begun": "Start it on its page, or wait until its turn comes.",
    "damaged": "Nothing was changed. Whoever runs the service can restore a backup.",
}
"""By what an error is about; ``{remedy}`` is the error's own."""

PLACES = {
    "action": "Actions has all of them.",
    "entry": "The page of the meeting has all its entries.",
    "meeting": "Meetings has all of them, and Search finds them by their words.",
    "meeting type": "New meeting has all types.",
}
"""Where a person finds all things of a kind, by what was looked for."""


def refusal_of(error: OrchestratorError, settings: Settings) -> Refusal:
    """An error as a person is told of it.

    Args:
        error: the error.
        settings: those of the service, whose folders are not named.
    """
    found = refusal_for_programs(error, settings)
    if isinstance(error, UnknownName):
        return replace(found, remedy=f"{error.hint} {PLACES.get(error.about, '')}".strip())
    if error.about not in REMEDIES:
        return found
    return replace(found, remedy=REMEDIES[error.about].format(remedy=found.remedy))
