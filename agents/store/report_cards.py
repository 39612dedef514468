"""The report cards of models, one for each model on each machine."""

import json
from dataclasses import replace

from agents.meeting.report_card import ReportCard, card_from
from agents.settings.address import without_password
from agents.store.database import Database
from agents.store.row_checksum import checked_columns, encodable, insert, is_intact
from agents.store.sqlite_errors import damaged

_COLUMNS = checked_columns("report_cards")


class ReportCards:
    """The stored report cards.

    Args:
        database: where they are stored.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def keep(self, card: ReportCard) -> None:
        """Store a report card in the place of an earlier one of the same model on the same machine.

        Raises:
            SpaceError: there is no space for it.
        """
        card = replace(card, machine=without_password(card.machine))
        row = {
            "model": card.model,
            "machine": card.machine,
            "day": card.day,
            "card": json.dumps(card.as_dict(), ensure_ascii=False),
        }
        with self.database.write() as connection:
            whose = (encodable(card.model), encodable(card.machine))
            connection.execute("DELETE FROM report_cards WHERE model = ? AND machine = ?", whose)
            insert(connection, "report_cards", row)

    def of(self, model: str, machine: str) -> ReportCard | None:
        """The report card of a model on a machine; None if it has none.

        Raises:
            StoreError: it is not what was stored.
        """
        whose = (encodable(model), encodable(without_password(machine)))
        sql = f"SELECT {_COLUMNS} FROM report_cards WHERE model = ? AND machine = ?"  # noqa: S608 - our own names
        for row in self.database.rows(sql, whose):
            if not is_intact("report_cards", row):
                raise damaged(self.database.path, f"report card {row[0]} is not what was stored")
            return card_from(json.loads(row[4]))
        return None
