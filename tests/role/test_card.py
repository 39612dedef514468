"""Which questions a document puts on a role's card."""

from agents.role import Role, RoleItem
from agents.role.card import MOST_QUESTIONS, called_for, card_for
from agents.role.file import read_roles
from tests.inputs import PROPOSAL, ROOT

QUESTIONS = (
    RoleItem("Who lands first?", ("landing", "queue")),
    RoleItem("Is there fuel for the way back?", ("fuel", "way back", "tank")),
    RoleItem("Who reads the weather report?", ("storm warning",)),
    RoleItem("Which birds live at the airfield?"),
)
PILOT = Role("pilot", "Pilot", mission="Bring everybody home.", questions=QUESTIONS)


def asked(about: str) -> list[str]:
    """The questions for a text, by their last words."""
    return [item.text.split()[-1] for item in called_for(QUESTIONS, about)]


def test_the_question_with_most_of_its_words_comes_first() -> None:
    """All questions are considered, not the first ones; words count in any form, phrases as they stand."""
    assert asked("We land at noon. The tanks are full and the way back is short.") == ["back?", "first?"]
    assert asked("There were storm warnings.") == ["report?"]
    assert asked("A warning about the way: no storm is on its back.") == []


def test_of_equals_the_one_with_the_rarer_word_comes_first() -> None:
    """A word that is everywhere in the document says less than one that is there once."""
    assert asked("Landing, landing, landing. Fuel.") == ["back?", "first?"]
    assert asked("Landing. Fuel, fuel, fuel.") == ["first?", "back?"]
    assert asked("Landing. Fuel.") == ["first?", "back?"]


def test_a_question_without_watch_words_is_found_by_its_own() -> None:
    """A role file may have no watch words."""
    assert asked("Birds were seen.") == ["airfield?"]


def test_a_card_has_few_questions_and_none_where_none_applies() -> None:
    """A card is the mission alone when the text has none of the words, and has two questions at most."""
    assert card_for(PILOT, "Where do we eat?") == "You are the Pilot. Bring everybody home."
    everything = card_for(PILOT, "The landing queue, fuel in the tank on the way back, a storm warning, birds.")
    assert everything.count("?") == MOST_QUESTIONS
    assert everything.endswith("You ask: Is there fuel for the way back? Who lands first?")


def test_roles_ask_differently_about_the_same_document() -> None:
    """On the example document every invited kind of role has questions of its own."""
    about = PROPOSAL.read_text()
    cards = {name: card_for(role, about).partition("You ask: ")[2] for name, role in read_roles(ROOT / "Role").items()}
    chosen = [card for card in cards.values() if card]
    assert len(chosen) > 20
    assert len(set(chosen)) == len(chosen)
