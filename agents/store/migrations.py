"""The layout of the database, as a list of steps to which new ones are only added.

A released step is never changed: a new layout is a new function at the end of ``STEPS``. ``PRAGMA user_version`` counts
the steps that a file has had. Each released layout has an entry in ``LAYOUTS`` and a specimen in
``tests/store/fixtures``.

The SQL is part of the checksums in ``LAYOUTS``, so the words in it stay as they are.
"""

import json
import sqlite3
from collections.abc import Callable
from zlib import crc32

APPLICATION = 0x524F4F4D
"""The ``PRAGMA application_id`` of our files: "ROOM"."""


def m001_first_layout(connection: sqlite3.Connection) -> None:
    """Messages, meetings and their events, actions and their changes, speeds; words of messages and events indexed."""
    for statement in _FIRST_LAYOUT.split(";;"):
        connection.execute(statement)


def m002_totals(connection: sqlite3.Connection) -> None:
    """The totals of each agent's history, which triggers keep up to date whichever version of the program writes."""
    for statement in _TOTALS.split(";;"):
        connection.execute(statement)


def m003_summaries(connection: sqlite3.Connection) -> None:
    """Summaries of older conversation. They stay when the messages they cover are pruned, so no key links the two."""
    for statement in _SUMMARIES.split(";;"):
        connection.execute(statement)


def m004_report_cards(connection: sqlite3.Connection) -> None:
    """What each model did when its answers were known, so that it is asked once."""
    for statement in _REPORT_CARDS.split(";;"):
        connection.execute(statement)


def m005_addresses_without_passwords(connection: sqlite3.Connection) -> None:
    """Addresses of servers as they may be stored, without user name and password, in rows of earlier versions."""
    remove_passwords(connection)


def m006_requests(connection: sqlite3.Connection) -> None:
    """Which request of a program began which meeting."""
    for statement in _REQUESTS.split(";;"):
        connection.execute(statement)


def remove_passwords(connection: sqlite3.Connection) -> None:
    """Take user names and passwords out of the addresses in a file of any layout, which stays as it is."""
    for number, machine in connection.execute("SELECT number, machine FROM speeds WHERE machine LIKE '%@%'").fetchall():
        connection.execute("UPDATE speeds SET machine = ? WHERE number = ?", (_without_password(machine), number))
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'report_cards'").fetchall():
        return  # before layout 4
    rows = connection.execute("SELECT number, model, machine, day, card FROM report_cards ORDER BY number DESC")
    known = set()
    for number, model, machine, day, card in rows.fetchall():
        place = _without_password(machine)
        if (model, place) in known:  # the newest stays of those that now have one address
            connection.execute("DELETE FROM report_cards WHERE number = ?", (number,))
        elif place != machine:
            text = json.dumps({**json.loads(card), "machine": place}, ensure_ascii=False)
            seal = crc32("\x1f".join((model, place, day, text)).encode())
            sql = "UPDATE report_cards SET machine = ?, card = ?, seal = ? WHERE number = ?"
            connection.execute(sql, (place, text, seal, number))
        known.add((model, place))


def _without_password(address: str) -> str:
    """An address without user name and password, as ``agents.settings.address`` has it; a step depends on nothing."""
    scheme, mark, rest = address.partition("://")
    if not mark:
        scheme, rest = "", address
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"


STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    m001_first_layout,
    m002_totals,
    m003_summaries,
    m004_report_cards,
    m005_addresses_without_passwords,
    m006_requests,
)

VERSION = len(STEPS)
"""The layout this version of the program writes."""


LAYOUTS = {1: 3060535236, 2: 3283481833, 3: 2724499328, 4: 1005843593, 5: 1005843593, 6: 3307908335}
"""A checksum of the statements that create the tables of each layout; see ``Database.layout_checksum``."""


def migrate(connection: sqlite3.Connection, upto: int = VERSION) -> int:
    """Take the steps that a file has not had yet; returns the number of steps taken.

    Args:
        connection: inside a write transaction, so that two processes do not take the same step.
        upto: the layout to stop at.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    for step in STEPS[version:upto]:
        step(connection)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    if version < upto:
        connection.execute(f"PRAGMA user_version = {upto}")
    return max(0, upto - version)


_FIRST_LAYOUT = """
CREATE TABLE messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    agent TEXT NOT NULL,
    session TEXT NOT NULL,
    author TEXT NOT NULL,
    at TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    pinned INTEGER NOT NULL,
    octets INTEGER NOT NULL,
    seal INTEGER NOT NULL,
    text TEXT NOT NULL
);;
CREATE INDEX messages_by_agent ON messages (agent);;
CREATE INDEX messages_by_session ON messages (agent, session);;
CREATE INDEX messages_pinned ON messages (agent) WHERE pinned;;
CREATE VIRTUAL TABLE messages_words USING fts5 (
    agent, text, content = 'messages', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
);;
CREATE TRIGGER messages_added AFTER INSERT ON messages BEGIN
    INSERT INTO messages_words (rowid, agent, text) VALUES (new.number, new.agent, new.text);
END;;
CREATE TRIGGER messages_removed AFTER DELETE ON messages BEGIN
    INSERT INTO messages_words (messages_words, rowid, agent, text) VALUES ('delete', old.number, old.agent, old.text);
END;;
CREATE TRIGGER messages_reworded BEFORE UPDATE OF number, agent, text ON messages BEGIN
    SELECT RAISE(ABORT, 'what was said is not changed');
END;;

CREATE TABLE meetings (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    title TEXT NOT NULL,
    status TEXT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    turns INTEGER NOT NULL,
    events INTEGER NOT NULL,
    seal INTEGER NOT NULL
);;
CREATE TABLE specs (
    number INTEGER PRIMARY KEY REFERENCES meetings (number) ON DELETE CASCADE,
    seal INTEGER NOT NULL,
    spec TEXT NOT NULL
);;
CREATE TABLE events (
    number INTEGER PRIMARY KEY,
    meeting INTEGER NOT NULL REFERENCES meetings (number) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    seal INTEGER NOT NULL,
    data TEXT NOT NULL,
    text TEXT,
    UNIQUE (meeting, seq)
);;
CREATE UNIQUE INDEX events_by_key ON events (meeting, key) WHERE key <> '';;
CREATE VIEW spoken AS SELECT number, text FROM events WHERE text IS NOT NULL;;
CREATE VIRTUAL TABLE spoken_words USING fts5 (
    text, content = 'spoken', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
);;
CREATE TRIGGER events_added AFTER INSERT ON events WHEN new.text IS NOT NULL BEGIN
    INSERT INTO spoken_words (rowid, text) VALUES (new.number, new.text);
END;;
CREATE TRIGGER events_removed AFTER DELETE ON events WHEN old.text IS NOT NULL BEGIN
    INSERT INTO spoken_words (spoken_words, rowid, text) VALUES ('delete', old.number, old.text);
END;;
CREATE TRIGGER events_rewritten BEFORE UPDATE ON events BEGIN
    SELECT RAISE(ABORT, 'what is on the record is not changed');
END;;

CREATE TABLE actions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    meeting TEXT NOT NULL,
    key TEXT NOT NULL,
    series TEXT NOT NULL,
    topic TEXT NOT NULL,
    task TEXT NOT NULL,
    owner TEXT,
    due TEXT,
    due_text TEXT NOT NULL,
    turn TEXT NOT NULL,
    quote TEXT NOT NULL,
    verified INTEGER NOT NULL,
    status TEXT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    seal INTEGER NOT NULL,
    UNIQUE (meeting, key)
);;
CREATE TABLE action_changes (
    number INTEGER PRIMARY KEY,
    action INTEGER NOT NULL REFERENCES actions (number) ON DELETE CASCADE,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    seal INTEGER NOT NULL
);;
CREATE INDEX action_changes_by_action ON action_changes (action);;

CREATE TABLE speeds (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    model TEXT NOT NULL,
    machine TEXT NOT NULL,
    at TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    evaluated INTEGER NOT NULL,
    prompt_seconds REAL NOT NULL,
    reply_tokens INTEGER NOT NULL,
    reply_seconds REAL NOT NULL
);;
CREATE INDEX speeds_by_model ON speeds (model)
"""

_TOTALS = """
CREATE TABLE totals (
    agent TEXT PRIMARY KEY,
    messages INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    octets INTEGER NOT NULL
) WITHOUT ROWID;;
INSERT INTO totals SELECT agent, count(*), sum(tokens), sum(octets) FROM messages GROUP BY agent;;
CREATE TRIGGER messages_counted AFTER INSERT ON messages BEGIN
    INSERT INTO totals VALUES (new.agent, 1, new.tokens, new.octets) ON CONFLICT (agent) DO UPDATE SET
        messages = messages + 1, tokens = tokens + excluded.tokens, octets = octets + excluded.octets;
END;;
CREATE TRIGGER messages_discounted AFTER DELETE ON messages BEGIN
    UPDATE totals SET messages = messages - 1, tokens = tokens - old.tokens, octets = octets - old.octets
        WHERE agent = old.agent;
    DELETE FROM totals WHERE agent = old.agent AND messages = 0;
END
"""


_SUMMARIES = """
CREATE TABLE summaries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    agent TEXT NOT NULL,
    session TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    at TEXT NOT NULL,
    model TEXT NOT NULL,
    seal INTEGER NOT NULL,
    text TEXT NOT NULL
);;
CREATE INDEX summaries_by_session ON summaries (agent, session, last)
"""


_REPORT_CARDS = """
CREATE TABLE report_cards (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    model TEXT NOT NULL,
    machine TEXT NOT NULL,
    day TEXT NOT NULL,
    seal INTEGER NOT NULL,
    card TEXT NOT NULL,
    UNIQUE (model, machine)
)
"""


_REQUESTS = """
CREATE TABLE requests (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    meeting TEXT NOT NULL,
    at TEXT NOT NULL,
    seal INTEGER NOT NULL
)
"""


CHECKSUMMED = {
    "messages": "agent session author text at tokens pinned",
    "summaries": "agent session first last since until text model at",
    "meetings": "id type title status created updated turns events",
    "specs": "spec",
    "events": "meeting seq at kind key data text",
    "actions": ("meeting key series topic task owner due due_text turn quote verified status created updated"),
    "action_changes": "action at who what",
    "report_cards": "model machine day card",
    "requests": "key meeting at",
}
"""The columns that the checksum of each row covers, in this order. A change of the layout: it needs a step."""
