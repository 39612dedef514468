"""Text files of every common encoding are read, and it is said which one it was."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.documents import document_from_bytes
from agents.errors import DocumentError
from tests.drill import rounds

PLAN = "Plan\nWe move all sessions at once. There is no rollback.\nThe backup was never restored.\n"
ZH = "生产数据库的备份从未恢复过。\n迁移在夜间一次完成，没有回滚方案。\n"
JA = "本番データベースのバックアップは一度も復元を試していません。\n"
RU = "Резервная копия базы заказов ни разу не восстанавливалась.\nПлана отката нет, перенос идёт ночью.\n"
PL = "Kopia zapasowa bazy zamówień nigdy nie została przywrócona.\nNie ma żadnego planu wycofania, a hasło jest wspólne.\n"
TR = "İstanbul'daki yedek hiç geri yüklenmedi; şifre paylaşılıyor ve çok kötü.\n"


@pytest.mark.parametrize(
    ("raw", "text", "said"),
    [
        (PLAN.encode("utf-16"), PLAN, "UTF-16"),
        (b"\xfe\xff" + PLAN.encode("utf-16-be"), PLAN, "UTF-16"),
        (PLAN.encode("utf-16-le"), PLAN, "UTF-16"),
        (PLAN.encode("utf-16-be"), PLAN, "UTF-16"),
        (ZH.encode("utf-16-le"), ZH, "UTF-16"),
        (PLAN.encode("utf-32"), PLAN, "UTF-32"),
        ("The café service loses orders.".encode("cp1252"), "The café service loses orders.", "Windows-1252"),
        (b"diff --git a/x b/x\n+# Stra\xdfe\n", "diff --git a/x b/x\n+# Straße\n", "Windows-1252"),
        ("“It’s safe” – 5 € of £3…".encode("cp1252"), "“It’s safe” – 5 € of £3…", "Windows-1252"),
        ("Öl süß".encode("cp1252"), "Öl süß", "Windows-1252"),
        ("Größe: süß, Öl, ÄÖÜ".encode("cp1252"), "Größe: süß, Öl, ÄÖÜ", "Windows-1252"),
        (
            "Déjà vu, naïve façade, El Niño ¿qué?".encode("cp1252"),
            "Déjà vu, naïve façade, El Niño ¿qué?",
            "Windows-1252",
        ),
        ((ZH * 4).encode("gb18030"), ZH * 4, "GB 18030"),
        (JA.encode("iso2022_jp"), JA, "ISO-2022-JP"),
        ((JA * 4).encode("cp932"), JA * 4, "Shift JIS"),
        ((RU * 4).encode("cp1251"), RU * 4, "Windows-1251"),
        ((PL * 4).encode("cp1250"), PL * 4, "Windows-1250"),
        ((TR * 2).encode("cp1254"), TR * 2, "Windows-1254"),
        ("Það er ekkert öryggisafrit.".encode("cp1252"), "Það er ekkert öryggisafrit.", "Windows-1252"),
    ],
)
def test_text_in_another_encoding_is_read(raw: bytes, text: str, said: str) -> None:
    """By its mark, by the places of its NULs, or by how its letters look; the note names it in one line."""
    found = document_from_bytes("notes.txt", raw)
    assert found.text == text
    assert found.note == f"notes.txt was read as {said}."


def test_utf_8_is_not_worth_a_word() -> None:
    """With or without a mark."""
    for raw in ("naïve – ok".encode(), b"\xef\xbb\xbfplain"):
        assert document_from_bytes("a.md", raw).note == ""


def test_a_few_damaged_letters_do_not_spoil_a_text() -> None:
    """UTF-8 with some bytes that are none stays UTF-8; the first such line is named."""
    found = document_from_bytes("a.log", "Größe süß Öl Straße\n".encode() * 3 + b"cut \xe2\x82\n")
    assert found.text == "Größe süß Öl Straße\n" * 3 + "cut \ufffd\n"
    assert found.note == "a.log has 1 sign that is not UTF-8, the first on line 4; each is shown as \ufffd."


@pytest.mark.parametrize(
    ("raw", "cause"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", "is a binary file"),
        (b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00>\x00", "is a binary file"),
        (b"\xff\xfea", "is marked as UTF-16"),
        (bytes(1000), "is a binary file"),
    ],
)
def test_binary_files_stay_refused(raw: bytes, cause: str) -> None:
    """What is no text is refused with a remedy."""
    with pytest.raises(DocumentError, match=cause) as raised:
        document_from_bytes("x.bin", raw)
    assert raised.value.remedy


@given(st.binary(max_size=80))
@settings(max_examples=rounds(100, 1000), deadline=None)
def test_any_bytes_give_a_text_or_a_reason(raw: bytes) -> None:
    """No bytes crash; what is read and not UTF-8 is said."""
    try:
        found = document_from_bytes("x", raw)
    except DocumentError:
        return
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        assert found.note
