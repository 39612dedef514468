"""The report card of a model as tables and as JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from agents.cli.terminal import tables
from agents.cli.terminal.safe_text import harmless
from agents.meeting.jury import BAR

if TYPE_CHECKING:
    from agents.meeting.report_card import ControlVotes, Found, ReportCard, Statements

WHERE = "docs/models.md says how to read it."


def page(card: "ReportCard", titles: dict[str, str]) -> str:
    """The report card for a reader.

    Args:
        card: the report card.
        titles: role titles by id.
    """
    head = f"Report card of {card.model}{f' at {card.machine}' if card.machine else ''}, {card.day}"
    parts = [tables.wrapped(head)]
    if card.controls:
        rows = [_voted(one, titles) for one in card.controls]
        parts.append(tables.table(["control proposal", "a sane room", "voter", "votes", "told apart"], rows))
    measures = [*_votes(card), *_statements(card.statements), *_found(card.found), *_read(card.read)]
    parts.append(tables.table(["measure", "result", "compare"], measures))
    names = {"controls": "control ballots", "statements": "statements", "found": "findings"}
    costs = [
        [
            names[name],
            cost.calls,
            cost.prompt_tokens,
            _known(cost.evaluated_tokens),
            cost.reply_tokens,
            f"{cost.seconds:.0f} s",
        ]
        for name, cost in card.costs.items()
    ]
    parts.append(tables.table(["cost", "calls", "tokens sent", "read", "written", "time"], costs))
    jury = card.jury
    parts.append(tables.wrapped(f"{jury.sentence} {WHERE}" if jury else WHERE))
    return harmless("\n\n".join(parts))


def as_dict(card: "ReportCard") -> dict[str, Any]:
    """The report card as JSON values."""
    jury = card.jury
    controls = [{**asdict(one), "steady": one.steady, "told": one.told} for one in card.controls]
    judged = (
        {"told": jury.told, "controls": jury.controls, "steady": jury.steady, "bar": BAR, "passes": jury.passes}
        if jury
        else None
    )
    found = {"found": _measured(card.found), "read": _measured(card.read)}
    return {**card.as_dict(), **found, "controls": controls, "jury": judged}


def _measured(found: "Found | None") -> dict[str, Any] | None:
    if found is None:
        return None
    shares = {"precision": round(found.precision, 3), "chance": round(found.chance, 3)}
    return {**asdict(found), **shares, "beats_chance": found.beats_chance}


def _voted(one: "ControlVotes", titles: dict[str, str]) -> list[str]:
    votes = ", ".join(vote.replace("_", " ") or "none" for vote in one.votes)
    told = "yes" if one.told else "no" if one.steady else "no, unsteady"
    return [one.name, "supports" if one.supports else "refuses", titles.get(one.role, one.role), votes, told]


def _votes(card: "ReportCard") -> Iterator[list[str]]:
    jury = card.jury
    if jury:
        needed = f"{BAR * jury.controls:.0f} needed for its votes to count"
        yield ["control proposals told apart", f"{jury.told} of {jury.controls}", needed]
        yield ["steady under reversed options", f"{jury.steady} of {jury.controls}", ""]


def _statements(stated: "Statements | None") -> Iterator[list[str]]:
    if stated:
        yield ["fields of statements there", f"{stated.there} of {stated.asked}", ""]
        yield ["copies and repeats among them", f"{stated.copied} of {stated.there}", "left out of meetings"]


def _found(found: "Found | None") -> Iterator[list[str]]:
    if found:
        yield ["first findings right", f"{found.first_right} of {found.first}", f"chance: {found.chance:.0%}"]
        yield ["all findings right", f"{found.right} of {found.findings}", f"chance: {found.chance:.0%}"]
        yield ["known flaws found", f"{found.flaws_found} of {found.flaws}", ""]


def _read(read: "Found | None") -> Iterator[list[str]]:
    if read:
        verdict = "more than chance" if read.beats_chance else "no more than chance"
        yield ["findings by reading right", f"{read.right} of {read.findings}", verdict]


def _known(tokens: int | None) -> str:
    return "?" if tokens is None else str(tokens)
