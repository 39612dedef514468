"""The report cards of models: one for each model and machine, the latest."""

from dataclasses import replace
from pathlib import Path

from agents.store import Store
from tests.store.specimen import CARD


def test_a_report_card_is_read_back_as_it_was_kept(tmp_path: Path) -> None:
    """A report card is the same value after it was stored, also in a store that is opened later."""
    with Store(tmp_path) as store:
        store.report_cards.keep(CARD)
    with Store(tmp_path) as again:
        assert again.report_cards.of(CARD.model, CARD.machine) == CARD
        again.check()


def test_the_latest_report_card_replaces_the_one_before(tmp_path: Path) -> None:
    """A model that is measured again on the same machine has the new report card only."""
    with Store(tmp_path) as store:
        store.report_cards.keep(CARD)
        store.report_cards.keep(replace(CARD, day="2026-06-01", found=None))
        kept = store.report_cards.of(CARD.model, CARD.machine)
        assert kept is not None
        assert (kept.day, kept.found, kept.statements) == ("2026-06-01", None, CARD.statements)
        assert store.database.rows("SELECT count(*) FROM report_cards") == [(1,)]


def test_models_and_machines_have_their_own_report_cards(tmp_path: Path) -> None:
    """The report card of a model says nothing about another model, or about the same one on another machine."""
    with Store(tmp_path) as store:
        store.report_cards.keep(CARD)
        assert store.report_cards.of("ollama:qwen3:4b", CARD.machine) is None
        assert store.report_cards.of(CARD.model, "http://elsewhere:11434") is None
        store.report_cards.keep(replace(CARD, machine="http://elsewhere:11434", controls=()))
        kept = store.report_cards.of(CARD.model, CARD.machine)
        assert kept == CARD
