"""How an answer is read: labelled lines, positions, votes, sentences, PASS, repetitions. All functions are pure.

Import from here: ``clean``, ``labelled``, ``read_position``, ``read_vote``, ``repeats``, ``sentence_around``, ``words``
and every other name in ``__all__``; no module of it.
Never knows: ``agents.meeting.fields``, ``agents.meeting.prompts``, ``agents.model``.
"""

from agents.meeting.reading.answers import (
    cited,
    clean,
    contributes,
    first_word,
    passed,
    says_nothing,
    usable,
    without_marks,
)
from agents.meeting.reading.labels import answers_label, attributed, labelled, lines_labelled, listed
from agents.meeting.reading.lines import Spoken, label_of, spoken, without_emphasis, without_label
from agents.meeting.reading.material import is_material
from agents.meeting.reading.proposal_words import proposal_text
from agents.meeting.reading.repetition import denies, repeats, similar, word_count, words
from agents.meeting.reading.sentences import ended_sentences, first_sentences, normalised, sentence_around
from agents.meeting.reading.votes import (
    contradicts,
    one_position,
    position_in,
    position_value,
    read_position,
    read_vote,
    vote_value,
)

__all__ = [
    "is_material",
    "contradicts",
    "one_position",
    "position_value",
    "vote_value",
    "Spoken",
    "spoken",
    "attributed",
    "lines_labelled",
    "without_emphasis",
    "word_count",
    "answers_label",
    "cited",
    "clean",
    "contributes",
    "denies",
    "ended_sentences",
    "first_sentences",
    "first_word",
    "label_of",
    "labelled",
    "listed",
    "normalised",
    "passed",
    "position_in",
    "proposal_text",
    "read_position",
    "read_vote",
    "repeats",
    "says_nothing",
    "sentence_around",
    "similar",
    "usable",
    "without_label",
    "without_marks",
    "words",
]
