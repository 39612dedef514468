"""Pieces of the forms that plan a meeting: fields with their names, and why a form was not carried out."""

from typing import TYPE_CHECKING

from agents.api.pages import shell
from agents.api.pages.start.given import Given, Problem
from agents.export.html_tags import Html, join, lines, tag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.role import Role


def trouble(problem: Problem) -> Html:
    """Why a form is not carried out, and what to do; a browser goes there."""
    return shell.trouble(problem.cause, problem.remedy, id="trouble", tabindex="-1", autofocus="")


def told(problem: Problem | None, *places: str) -> Html | None:
    """Why a form is not carried out, where that is about one of these fields."""
    return trouble(problem) if problem and problem.place in places else None


def role_select(name: str, roles: "Iterable[Role]", chosen: str, nobody: str) -> Html:
    """A field in which one role is chosen, or none.

    Args:
        name: of the field.
        roles: the roles.
        chosen: the id of the one that is chosen, or "".
        nobody: what is shown for none.
    """
    options = [tag("option", role.title, value=role.id, selected="" if role.id == chosen else None) for role in roles]
    return tag("select", lines(tag("option", nobody, value=""), *options), name=name)


def field(name: str, field: Html) -> Html:
    """A field with its name above it."""
    return tag("label", tag("span", name), field, class_="field")


def tick(name: str, value: str, words: str, given: Given, soft: str = "") -> Html:
    """A box to tick, with what it says; ``soft`` is added in a softer colour."""
    box = tag("input", type="checkbox", name=name, value=value, checked="" if given.ticked(name, value) else None)
    return tag("label", box, " ", words, tag("span", f" {soft}", class_="soft") if soft else None)


def invalid(problem: Problem | None, place: str) -> str | None:
    """The value of ``aria-invalid`` for a field."""
    return "true" if problem and problem.place == place else None


def typed(text: str) -> Html | str:
    """The text of a field with several lines; a browser leaves out a line end at its beginning."""
    return join("\n", text) if text.startswith("\n") else text


def finder(words: str, list_id: str, count: str = "") -> Html:
    """A field that narrows a list while one types; without the script of the page, it is not shown.

    Args:
        words: its name.
        list_id: the place of the list.
        count: what is said of the length of the whole list.
    """
    typing = tag("input", type="search", data_narrows=f"#{list_id}", autocomplete="off")
    return tag("p", tag("label", f"{words} ", typing), tag("output", count), hidden="", class_="find")
