"""Which roles a question is for, by its words: in titles, missions, fields of work and lists of the roles. A word that
few roles have says more than one that many have.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from agents.role import Role
from agents.text import STOP_WORDS, words_of

FIELDS = {"names": 6.0, "expertise": 4.0, "mission": 1.4, "duties": 1.4, "watch": 1.5, "lists": 0.4, "skills": 0.4}
"""What a word weighs by where a role has it."""
ENOUGH = 1.5
"""The weight of its words without which a question is not a role's: one watch word, or several words of its lists."""
FULL = 4.0
"""The weight at which a word counts half of what it can."""
PHRASE = 1.5
"""How much more a phrase of the role weighs that is in the question as it stands."""
VERBAL = 0.5
"""The part of its weight that a form with "-ing" gives its word: what is loading is not a load."""
MEANT = 0.5
"""The part of its weight that a word with the same meaning has."""
NEAR = 0.4
"""The part of the best score that a role needs to be asked too."""
LEAST_LETTERS = 4
"""Of a root to which an ending may be added to make another form of its word."""
_ADDED = """
ability able age ance ant ation ative ator ence er ers ing ion ional ity ive ly ment or ors ship y
"""
_ENDINGS = frozenset(_ADDED.split())
"""What makes another form of a word: "deploy" and "deployment", "secur" and "security"."""

_ASKING = """
anybody anyone anything ask best better big branch clear come day days did doing done else enough ever every
everybody everyone everything fast fine first get give go good great happen happens help here hour hours idea keep
kind know last let like little long look lot made make makes making many matter mean million minute minutes much
need needs new next nice nobody nothing ok okay once one open people per please put question real really rid right
run say second see set should show small somebody someone something soon start still sure take takes tell ten thing
things think thousand time times today tomorrow true try two use used uses using want way ways week well whole whom
whose without work works worries worry year years yes yet
"""
COMMON = STOP_WORDS | frozenset(_ASKING.split())
"""Words that say nothing about the field of a question."""


def root(word: str) -> str:
    """A word without its ending of number or tense: "stories" is "story", "caching" is "cach" as "cache" is."""
    if word.endswith("ies") and len(word) > 4:
        word = f"{word[:-3]}y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) >= len(ending) + 3:
            word = word.removesuffix(ending)
            break
    return word.removesuffix("e") if len(word) > 3 else word


_MEANINGS = """
load traffic capacity overload scale scaling scalability throughput peak concurrency bottleneck
break fail failure outage crash down incident
slow latency performance response
money cost costs price budget spend expensive cheap
hack hacked attack attacker exploit breach vulnerability security
password login credential authentication
gdpr privacy consent personal birthday birthdate
lose lost loss backup restore
undo rollback revert
ship release deploy deployment launch rollout
bug defect regression
hire hiring headcount recruit
vendor supplier licence contract procurement
phone mobile app smartphone
screen layout usability interface design
laptop printer desktop workstation helpdesk
wifi internet connection network
query sql database index table
chart dashboard report kpi
docs documentation readme manual
deadline date milestone schedule delay late
llm gpt chatbot prompt model
cloud aws azure gcp
server machine host
disabled blind accessibility wcag
cluster kubernetes container docker
strategy invest investment
"""
_MEANS: dict[str, frozenset[str]] = {}
for _row in _MEANINGS.strip().split("\n"):
    _group = frozenset(root(_word) for _word in _row.split())
    for _word in _group:
        _MEANS[_word] = _MEANS.get(_word, frozenset()) | _group - {_word}


_IN_TITLES = """
admin administrator analyst architect chief dev developer engineer head lead level manager master officer owner system
"""
_TITLES = frozenset(map(root, _IN_TITLES.split()))
"""Words of titles that do not say which field a role has."""
_MULTIPLE = re.compile(
    r"\b(?:\d{1,9} ?x|(?:\d{1,9}|two|three|five|ten|twenty|hundred|thousand) times|tenfold|double)\b", re.I
)
_MORE = "capacity"
"""What a question about a multiple is about, besides its other words."""


@dataclass(frozen=True, slots=True)
class Match:
    """A role that a question may be for.

    Attributes:
        role: its id.
        words: the words of the question that its field has, the most telling first.
        score: how well it fits, to compare with others for the same question.
    """

    role: str
    words: tuple[str, ...]
    score: float


def matching_roles(roles: Mapping[str, Role], question: str) -> list[Match]:
    """The roles that a question may be for, the best first; none where its words say nothing about a field."""
    said = {root(word): word for word in words_of(question)}
    asked = {one: word for one, word in said.items() if word not in COMMON and len(word) > 1}
    if multiple := _MULTIPLE.search(question):
        asked.setdefault(root(_MORE), multiple[0].lower())
    text = f" {' '.join(map(root, words_of(question)))} "
    index = _Index({name: _table(role) for name, role in roles.items()})
    found = [match for name in roles if (match := _match(name, index, asked, text, said))]
    found.sort(key=lambda one: (-one.score, one.role))
    return found


def clearly_best(found: list[Match], limit: int) -> list[Match]:
    """The first matches, without those that fit much worse than the best."""
    return [one for one in found[:limit] if one.score >= NEAR * found[0].score]


@dataclass(frozen=True, slots=True)
class _Table:
    """The words of a role by their weight: single stems, and phrases as stems between blanks."""

    words: Mapping[str, float]
    phrases: Mapping[str, float]


@lru_cache(maxsize=512)
def _cached(texts: tuple[tuple[str, str], ...]) -> _Table:
    words: dict[str, float] = {}
    phrases: dict[str, float] = {}
    for field, text in texts:
        said = words_of(text)
        if len(said) > 1 and field in {"names", "expertise", "watch"}:
            key = f" {' '.join(map(root, said))} "
            phrases[key] = max(phrases.get(key, 0.0), FIELDS[field])
        share = len(said) if field in {"expertise", "watch"} else 1
        for word in dict.fromkeys(said):
            one = root(word)
            if field != "names" or one not in _TITLES:
                told = VERBAL if word.endswith("ing") else 1.0
                words[one] = words.get(one, 0.0) + told * FIELDS[field] / share
    return _Table(words, phrases)


def _table(role: Role) -> _Table:
    return _cached(tuple(_texts(role)))


def _texts(role: Role) -> Iterator[tuple[str, str]]:
    """Every text of a role with the name of its field."""
    yield from (("names", name) for name in (role.title, *role.aliases))
    yield from (("expertise", word) for word in role.expertise)
    yield "mission", role.mission
    yield from (("duties", text) for text in (*role.decides, *role.consulted_on))
    yield from (("skills", skill.summary) for skill in role.skills.values())
    for item in (*role.questions, *role.red_flags, *role.done):
        yield "lists", item.text
    watched = {word for item in (*role.questions, *role.red_flags, *role.done) for word in item.watch}
    yield from (("watch", word) for word in sorted(watched))


class _Index:
    """The words of all roles.

    Args:
        tables: the words of each role, by its id.
    """

    def __init__(self, tables: Mapping[str, _Table]) -> None:
        self.tables = tables
        self._known: dict[str, dict[str, float]] = {}

    def weights(self, word: str) -> Mapping[str, float]:
        """The weight of a word, in any of its forms, for each role that has it."""
        if word not in self._known:
            forms = _forms(word)
            found = {name: max(table.words.get(form, 0.0) for form in forms) for name, table in self.tables.items()}
            exact = {name: table.words[word] for name, table in self.tables.items() if word in table.words}
            self._known[word] = {name: weight for name, weight in (found | exact).items() if weight}
        return self._known[word]

    def rarity(self, word: str) -> float:
        """How much a word tells roles apart: much where one has nearly all the weight that it has in all roles."""
        weights = self.weights(word).values()
        return math.log(1 + len(self.tables) / max(1.0, sum(weights) / max(weights))) if weights else 0.0

    def rarity_of_phrase(self, phrase: str) -> float:
        """The same for a phrase, by the number of roles that have it."""
        return math.log(1 + len(self.tables) / (1 + sum(phrase in table.phrases for table in self.tables.values())))


def _forms(word: str) -> set[str]:
    """A root with and without each ending that makes another form of its word."""
    if len(word) < LEAST_LETTERS:
        return {word}
    shorter = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    return {word, *(word + ending for ending in _ENDINGS), *(one for one in shorter if len(one) >= LEAST_LETTERS)}


def _match(name: str, index: _Index, asked: Mapping[str, str], text: str, said: Mapping[str, str]) -> Match | None:
    """How well a question is for a role; None where it is not."""
    strength, telling = 0.0, dict[str, float]()
    for one, word in asked.items():
        meant = max((index.weights(other).get(name, 0.0) for other in _MEANS.get(one, ())), default=0.0)
        weight = max(index.weights(one).get(name, 0.0), MEANT * meant)
        if weight:
            strength += weight
            telling[word] = weight / (weight + FULL) * index.rarity(one)
    for phrase, weight in index.tables[name].phrases.items():
        if phrase in text:
            words = " ".join(said.get(one, one) for one in phrase.split())
            telling[words] = PHRASE * weight / (weight + FULL) * index.rarity_of_phrase(phrase)
            strength += weight
    if strength < ENOUGH:
        return None
    return Match(name, tuple(sorted(telling, key=lambda one: -telling[one])), sum(telling.values()))
