"""The labelled lines of an answer. All functions are pure."""

from agents.meeting.reading.answers import passed, says_nothing
from agents.meeting.reading.lines import KNOWN, Spoken, is_known, same_label, spoken
from agents.meeting.reading.repetition import word_count

_NO_ITEM = frozenset({"no", "yes", "ok", "okay", "none", "pass", "n/a", "nothing", "done"})


def labelled(text: str, label: str) -> list[str]:
    """What the speaker says under a label, without what means "none"."""
    return [said for said in map(_on_one_line, lines_labelled(text, label)) if not says_nothing(said)]


def _on_one_line(said: str) -> str:
    return " ".join(said.split())


def lines_labelled(text: str, label: str) -> list[str]:
    """What the speaker says under a label, also where it means "none"."""
    lines = spoken(text)
    elsewhere = [one.label for one in lines if one.label and not one.item]
    return [said for one in lines if one.sure and (said := _under(one, label, elsewhere))]


def _under(one: Spoken, label: str, elsewhere: list[str]) -> str:
    """The words that a line says under a label; "" if it says none."""
    if one.text.startswith("~~") and one.text.endswith("~~"):
        return ""
    if one.text.startswith((">", "\uff1e")):
        return ""
    if same_label(one.label, label):
        return one.text
    if not same_label(one.under, label):
        return ""
    is_label = one.label and (one.label in elsewhere or is_known(one.label))
    return "" if is_label else one.whole


def listed(text: str, label: str) -> list[str]:
    """Like ``labelled``, for an answer in which only this label was asked for: without labels, its list items count.

    An item may have one word only, and what introduces the list may be any words that do not say that it is not meant.
    """
    if lines_labelled(text, label):
        return labelled(text, label)
    items = [_on_one_line(one.whole) for one in spoken(text) if one.item and not is_known(one.label)]
    return [item for item in items if _says_something(item)]


def _says_something(item: str) -> bool:
    alone = item.strip(" .!,;*_").lower()
    return word_count(item) > 0 and alone not in _NO_ITEM and not says_nothing(item) and not item.startswith("~~")


def answers_label(text: str, label: str) -> bool:
    """Whether the speaker wrote something under the label, even if it is only "none"."""
    return bool(lines_labelled(text, label)) or passed(text)


def attributed(text: str, labels: list[str]) -> list[tuple[str, str]] | None:
    """What an answer says, each with its label, if all of it stands under these or well-known labels; else None."""
    found: list[tuple[str, str]] = []
    lines = spoken(text)
    elsewhere = [one.label for one in lines if one.label and not one.item]
    for one in lines:
        label = next((label for label in (*labels, *KNOWN) if one.sure and _under(one, label, elsewhere)), "")
        if not label:
            return None
        found.append((label, _on_one_line(_under(one, label, elsewhere))))
    return found or None
