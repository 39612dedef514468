"""Which sentences are plain, and why others are not."""

import pytest

from agents.meeting.plain import OWN_SPEECH, Doubt, doubts, why_not_plain
from agents.meeting.quoted import outside, quotations, unclosed
from tests.growth import grows_too_fast

PLAIN = """
The QA Engineer will restore the backup by Friday.
Restore the backup by 5 May, no later than noon.
Stop the old server on Friday.
Reject requests without a token.
Run `pg_dump` nightly.
The page went down when the disk filled at 10:04.
Check whether the backup restores.
Tune the alerts to cut false positives.
Do the restore drill with all nodes.
Have the QA Engineer restore a copy.
The limit is 10\u00b2 users and 5 \u00b5s.
See item No. 1 of plan.md:3.
Deploy once a week.
The developers' logs and the users' pages move to S3.
Non-blocking writes go first.
Der QA Engineer wird das Backup am Freitag wiederherstellen.
Le QA Engineer restaure la sauvegarde vendredi.
El QA Engineer restaurar\u00e1 la copia el viernes.
\u30d0\u30c3\u30af\u30a2\u30c3\u30d7\u3092\u5fa9\u5143\u3059\u308b\u3002
\u4e0d\u5177\u5408\u3092\u4fee\u6b63\u3059\u308b\u3002
\u5468\u4e94\u6062\u590d\u5907\u4efd\u3002
Traffic falls to zero at night.
The system should have a backup.
We need to have tested backups.
Write the pending orders to a file.
Add a page allowing users to log out.
Skip the weekly restart.
The job skips the second check after a restart.
Publish the notes after the review.
Say who restores the backup.
Done by Friday, the page goes live.
Non-production nodes (n-1 of them) go first; see ADR 3 (closed).
""".strip().split("\n")

NOT_PLAIN = {
    Doubt.DENIES: """
        The QA Engineer will not restore the backup.
        The QA Engineer won\u2019t restore the backup.
        QA Engineer refuses to delete the logs
        Decline to restore the backup.
        I doubt that the QA Engineer will ever restore the backup.
        It is false that the QA Engineer will restore it.
        It is a lie that all sessions are lost.
        Nobody restores the backup.
        There is no rollback.
        Der QA Engineer wird die Logs nicht l\u00f6schen.
        Wir haben keine Sicherung.
        Le QA Engineer n'efface pas les journaux.
        On ne l'efface jamais.
        El QA Engineer no borrar\u00e1 los registros.
        Nunca borramos los registros.
        QA\u306f\u30ed\u30b0\u3092\u524a\u9664\u3057\u306a\u3044\u3002
        \u30ed\u30b0\u306f\u524a\u9664\u3057\u307e\u305b\u3093\u3002
        QA\u4e0d\u5220\u9664\u65e5\u5fd7\u3002
        \u6211\u4eec\u6ca1\u6709\u5907\u4efd\u3002
        It is a myth that the backup is missing.
        (dropped) The QA Engineer will restore it by Friday.
        [x] The QA Engineer will restore it by Friday.
        Done: the QA Engineer will restore it by Friday.
        N/A - the QA Engineer will restore it by Friday.
        The QA Engineer will refrain from restoring the backup.
        The QA Engineer will skip the restore on Friday.
        The QA Engineer will be prevented from restoring it.
        The QA Engineer will restore it by Friday - scratch that.
        The QA Engineer will restore it by Friday. Ignore this.
        The QA Engineer will restore it by Friday, yeah right.
        \uff2e\uff2f\uff34 the QA Engineer
        n\u200bot the QA Engineer
    """,
    Doubt.CONDITION: """
        Delete the logs only if the QA Engineer will sign.
        Unless we will get a budget, we stay.
        When the audit is over, the QA Engineer will restore it.
        Provided that the audit is over, restore it.
        In case of a fire, delete all.
        Pending approval, the QA Engineer will restore it by Friday.
        The QA Engineer will restore it by Friday, pending budget.
        The QA Engineer will restore it by Friday upon approval.
        The QA Engineer will restore it by Friday after approval.
        The QA Engineer will restore it by Friday, once approved.
        The QA Engineer will restore it by Friday, contingent on the audit.
        The QA Engineer will restore it by Friday, weather permitting.
        The QA Engineer will restore it by Friday, budget allowing.
        Wenn das Audit vorbei ist, l\u00f6schen wir die Logs.
        Falls das Audit vorbei ist, l\u00f6schen wir die Logs.
        Si l'audit est fini, on efface les journaux.
        Si la auditor\u00eda termina, borramos todo.
        \u3082\u3057\u7d42\u308f\u3063\u305f\u3089\u524a\u9664\u3059\u308b\u3002
        \u5982\u679c\u5ba1\u8ba1\u7ed3\u675f\uff0c\u6211\u4eec\u5220\u9664\u65e5\u5fd7\u3002
    """,
    Doubt.POSSIBLE: """
        The QA Engineer might restore the backup.
        The QA Engineer would restore the backup.
        Perhaps the QA Engineer restores it.
        The QA Engineer will tentatively restore it by Friday.
        The QA Engineer will restore it by Friday (TBC).
        The QA Engineer will restore it by Friday (to be confirmed).
        In theory the QA Engineer will restore it by Friday.
        For example, the QA Engineer will restore it by Friday.
        Example: the QA Engineer will restore it by Friday.
        Say the QA Engineer will restore it by Friday.
        Let us assume the QA Engineer will restore it by Friday.
        The QA Engineer should have restored it by Friday.
        The QA Engineer ought to have restored it by Friday.
        The backup apparently works.
        The QA Engineer will restore it by Friday /s
        The QA Engineer will restore it by Friday ;-)
        Der QA Engineer wird vermutlich das Backup wiederherstellen.
        Il se peut que la sauvegarde marche.
        A lo mejor la copia funciona.
        \u30d0\u30c3\u30af\u30a2\u30c3\u30d7\u306f\u5931\u308f\u308c\u305f\u3088\u3046\u3060\u3002
        \u5907\u4efd\u4f3c\u4e4e\u4e22\u5931\u4e86
    """,
    Doubt.ASKS: """
        Will the QA Engineer restore the backup?
        Will the QA Engineer restore the backup
        Ask whether the QA Engineer should restore it.
        Should we restore the backup
        Wird der QA Engineer das Backup wiederherstellen
        Est-ce que le QA Engineer efface les journaux
        \u00bfBorra los registros?
        \u524a\u9664\u3057\u307e\u3059\u304b\u3002
        QA\u5220\u9664\u65e5\u5fd7\u5417
    """,
    Doubt.REPORTS: """
        The CTO said the QA Engineer will restore it.
        They told us to delete the logs.
        The CTO expects that the QA Engineer will restore it by Friday.
        The backup reportedly works.
        The QA Engineer will restore it by Friday (as rumoured).
        Per the plan, the backup works.
        As the CTO put it, the backup works.
        \u30d0\u30c3\u30af\u30a2\u30c3\u30d7\u306f\u5931\u308f\u308c\u305f\u3068\u306e\u3053\u3068\u3067\u3059\u3002
        According to the CTO the logs are gone.
        Der CTO sagte, wir l\u00f6schen die Logs.
        Selon le CTO, on efface les journaux.
        Seg\u00fan el CTO, borramos los registros.
        \u524a\u9664\u3059\u308b\u3068\u8a00\u3063\u305f\u3002
        \u4ed6\u8bf4\u6211\u4eec\u5220\u9664\u65e5\u5fd7\u3002
    """,
    Doubt.QUOTES: """
        Remind him of "I will restore the backup".
        Remind him of \u201cI will restore\u201d.
        Remind him of \u2018I will restore\u2019 today.
        Remind him of 'I will restore' today.
        Denk an \u201eIch l\u00f6sche die Logs\u201c heute.
        Rappelle \u00ab je restaure \u00bb demain.
        Denk an \u00bbIch restauriere\u00ab heute.
        \u300c\u524a\u9664\u3059\u308b\u300d\u3092\u601d\u3044\u51fa\u3059\u3002
        \u300e\u524a\u9664\u3059\u308b\u300f\u3092\u601d\u3044\u51fa\u3059\u3002
        Remember `I will restore it` today.
        > the QA Engineer will restore it
        Remember "I will restore
    """,
    Doubt.STRUCK: """
        ~~the QA Engineer will restore it~~
        Restore ~the backup~ the logs
        r\u0336e\u0336s\u0336t\u0336ore
    """,
    Doubt.SCRIPT: """
        QA \u043d\u0435 \u0443\u0434\u0430\u043b\u0438\u0442 logs
        n\u03bft the QA Engineer
    """,
}


@pytest.mark.parametrize("sentence", PLAIN)
def test_a_plain_sentence_has_no_doubt(sentence: str) -> None:
    """A sentence that says what is, was or will be done is plain."""
    assert why_not_plain(sentence) == ""


@pytest.mark.parametrize(
    ("doubt", "sentence"),
    [(one, line.strip()) for one, lines in NOT_PLAIN.items() for line in lines.strip().split("\n")],
)
def test_a_sentence_that_is_not_plain_says_why(doubt: Doubt, sentence: str) -> None:
    """A denial, condition, question, report, quotation or struck sentence is not plain, in six languages."""
    assert doubt in doubts(sentence)
    assert why_not_plain(sentence)


def test_the_natural_forms_of_a_risk_can_be_allowed() -> None:
    """A caller may allow denials and conditions, but then a quotation still counts."""
    natural = set(Doubt) - OWN_SPEECH
    assert why_not_plain("If Redis fails, no session survives.", natural) == ""
    assert why_not_plain('If Redis "fails", no session survives.', natural) == "it quotes others"


def test_quotations_are_found_by_their_marks() -> None:
    """Each kind of quotation mark is known, and apostrophes end nothing."""
    text = "A \"b\" \u201ec\u201c \u00bbd\u00ab \u00ab e \u00bb \u300cf\u300d 'don't g' `h` the users' page"
    assert [one.words.strip() for one in quotations(text)] == ["b", "c", "d", "e", "f", "don't g", "h"]
    assert outside('Say "x" now') == "Say \u2026 now"
    assert not unclosed(text)
    assert unclosed('one "two')


@pytest.mark.parametrize("piece", ['"', "\u201c", "'a ", "~a ", "`", "if ", "when ", "\u304b", "no. ", "-a", "<!-- "])
def test_reading_takes_linear_time(piece: str) -> None:
    """Four times the text takes at most about four times as long, for the text that is slowest to read."""
    assert not grows_too_fast(lambda length: doubts(piece * (length // len(piece))))
