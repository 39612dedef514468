"""Several models in one meeting: deals them over its seats, and checks that they are there."""

from collections.abc import Sequence

from agents.errors import UsageError
from agents.meeting.record import Seat
from agents.model import imported, open_model, provider_of, split_name
from agents.orchestrator.resources import Resources


def named(given: Sequence[str] | str) -> list[str]:
    """The names of the models of a council, each once; a single text may contain several with commas between.

    Raises:
        UsageError: no model is named, or one has no valid name or answers by rule.
    """
    listed = [given] if isinstance(given, str) else list(given)
    names = [name.strip() for text in listed for name in text.split(",") if name.strip()]
    if listed and not names:
        raise UsageError("`council` names no model.", "Pass names of models, or nothing.", about="council")
    for name in names:
        if any(letter.isspace() for letter in name):
            remedy = "Separate the names with commas, such as llama3.2,qwen3:4b."
            raise UsageError(f"{name!r} is not the name of a model.", remedy)
        if provider_of(name).by_rule:
            cause = f"{name} makes checklists by rule, so it cannot take part in a meeting."
            raise UsageError(cause, "Name language models only, such as llama3.2,qwen3:4b.")
    return list(dict.fromkeys(names))


def dealt(names: Sequence[str], seats: Sequence[Seat], lead: str, given: dict[str, str]) -> dict[str, str]:
    """The model of each seat: one after the other in the order of the seats, so that neighbours differ.

    The seat that leads gets the first one, and so does the scribe, under "". A person's seat gets none.

    Args:
        names: the models; for none, nothing is dealt.
        seats: the seats, in speaking order.
        lead: role id of the facilitator.
        given: models that are given for single roles, by role id.
    """
    if not names:
        return {}
    roles = [seat.role for seat in seats if not seat.human]
    first = roles.index(lead) if lead in roles else 0
    models = {role: names[(place - first) % len(names)] for place, role in enumerate(roles)}
    return {"": names[0], **models, **{role: model for role, model in given.items() if role in models}}


def check(resources: Resources, names: Sequence[str]) -> None:
    """Check that each model could answer now, as far as that is known without loading it.

    Raises:
        ModelUnavailable: one cannot be reached or is not there.
        UsageError: one needs a package that is not installed, or has an incomplete name.
    """
    for name in dict.fromkeys(names):
        open_model(name, resources.settings)
        if known := provider_of(name).check:
            imported(known)(split_name(name)[1], resources.settings)
