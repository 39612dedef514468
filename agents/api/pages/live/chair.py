"""The place from which a person takes part in a meeting that is held: the question that is asked now, and what may be
said, asked and decided about its course at the next pause.
"""

from collections.abc import Mapping
from types import MappingProxyType

from agents.api.pages import paths
from agents.export.html_tags import Html, lines, tag
from agents.meeting.phases import phase_name
from agents.meeting.progress import Board
from agents.meeting.room.interjections import in_words
from agents.meeting.room.questions import Question
from agents.meeting.spec import MeetingSpec
from agents.orchestrator.background.held import Held
from agents.orchestrator.background.seat import RemoteSeat
from agents.text import capital, harmless, one_line

LEAVE_OUT, PASS = "leave_out", "pass_turn"
"""What the field ``instead`` says of a question that is left out, and of a whole turn."""
SAYS_NOTHING = "skip"
"""The choice of a question that is the same as leaving it out."""


def question_form(meeting_id: str, seat: RemoteSeat, said_by: Mapping[str, str] = MappingProxyType({})) -> Html:
    """The question that the person is asked now, with what answers it; nothing where none is asked.

    Args:
        meeting_id: the meeting.
        seat: the person's seat.
        said_by: the titles of the speakers of turns, by the id of the turn.
    """
    asked = seat.asked
    if asked is None:
        return lines()
    told = [harmless(part) for part in seat.told if part != asked.listed]
    about = tag("p", "\n".join(told), class_="about") if told else None
    skip = capital(asked.empty) if asked.empty else "Skip this question"
    passing = (
        tag("button", skip, name="instead", value=LEAVE_OUT),
        tag("button", "Skip my turn", name="instead", value=PASS),
    )
    if asked.free:
        given = lines(
            tag("label", tag("span", "Your answer", class_="hidden"), tag("textarea", "", name="text", rows="3")),
            tag("p", lines(tag("button", "Answer", class_="main"), *passing), class_="row"),
        )
    else:
        given = lines(_statements(asked, said_by), tag("p", lines(*_buttons(asked), *passing), class_="row"))
    fields = [
        tag("h2", one_line(asked.text)),
        about,
        tag("input", type="hidden", name="question", value=shown_question(seat)),
        tag("input", type="hidden", name="asked", value=str(seat.count)),
        given,
        tag("p", "The meeting waits ten minutes for an answer; then it goes on without it.", class_="soft"),
    ]
    where = paths.meeting(meeting_id, "answer")
    return tag("form", lines(*fields), method="post", action=where, data_quiet="", class_="question")


def shown_question(seat: RemoteSeat) -> str:
    """The question that is asked now as a page has it, and sends it back; "" for none."""
    return one_line(seat.question)


def _buttons(asked: Question) -> list[Html]:
    """A button for each answer that is chosen alone; one for all boxes where several numbers may be chosen."""
    keys = [(key, capital(one_line(key))) for key in asked.keys if key != SAYS_NOTHING]
    plain = asked.numbers if asked.most == 1 and not asked.statements else ()
    numbers = [(str(number), str(number)) for number in plain]
    buttons = [tag("button", name, name="text", value=value, class_="main") for value, name in (*keys, *numbers)]
    return [*buttons, *([tag("button", "Answer", class_="main")] if asked.most > 1 else [])]


def _statements(asked: Question, said_by: Mapping[str, str]) -> Html | None:
    """What may be chosen by number, each with its own button, or its own box where several may be chosen."""
    if asked.most == 1 and not asked.statements:
        return None
    rows = []
    for place, number in enumerate(asked.numbers):
        words = harmless(asked.statements[place]) if asked.statements else str(number)
        turn = asked.turns[place] if asked.turns else ""
        who = tag("strong", f"{said_by[turn]}: ") if turn in said_by else None
        if asked.most > 1:
            box = tag("input", type="checkbox", name="number", value=str(number))
            rows.append(tag("li", tag("label", box, " ", who, words)))
        else:
            name = f"Answer {turn}" if turn else f"Choose {number}"
            rows.append(tag("li", tag("button", name, name="text", value=str(number)), " ", tag("span", who, words)))
    how_many = f"Choose up to {asked.most}." if asked.least <= 1 else f"Choose {asked.least} to {asked.most}."
    about = tag("p", how_many, class_="soft") if asked.most > 1 else None
    return lines(about, tag("ul", lines(*rows), class_="statements"))


def takes_effect(held: Held) -> str:
    """When what is said now is heard, in a sentence."""
    if held.waits:
        return "It is heard when the meeting begins."
    step = next_pause(held.board)
    return (
        f"It is heard at the next pause, before {step}." if step else "There is no pause left, so it may not be heard."
    )


def hears(held: Held) -> bool:
    """Whether a pause is left, at which the meeting hears what is said and asked now."""
    return held.waits or bool(next_pause(held.board))


def next_pause(board: Board) -> str:
    """What comes after the next pause, such as "the vote"; "" where no pause follows."""
    if left := board.after_pause[:-1]:
        return f"the phase {phase_name(left[0])}"
    return f"topic {board.topic + 1}" if board.topic < len(board.spec.topics) else ""


def unheard(held: Held | None) -> Html:
    """What was said and waits for the next pause."""
    waiting = held.seat.unheard if held else ()
    if not held or not waiting:
        return lines()
    said = [tag("li", one_line(in_words(words, held.board.spec))) for words in waiting]
    return lines(tag("h3", "Not heard yet"), tag("ul", lines(*said)), tag("p", takes_effect(held), class_="soft"))


def chair(spec: MeetingSpec, held: Held) -> Html:
    """What a person may do while a meeting is held here.

    Args:
        spec: the meeting.
        held: the meeting as it is held.
    """
    if not hears(held):
        none = "There is no pause left: what is said or asked now would not be heard, and the course is as it is."
        return lines(tag("p", none, class_="soft"), _stop(spec))
    speak = mute = None
    if held.seat.role:
        speak = tag(
            "section", lines(tag("h3", "Say something"), _form(spec, "say", "Say it", _text("Your words to all")))
        )
    else:
        words = "This meeting has no seat for a person, so nothing can be said to all. All can be asked once more."
        mute = tag("p", words, class_="soft")
    options = [tag("option", one_line(seat.title), value=seat.role) for seat in spec.seats if not seat.human]
    agent = tag("label", "Agent", tag("select", lines(*options), name="agent"), class_="field")
    return lines(
        tag("p", "What you send here takes effect at the next pause between two phases.", class_="soft"),
        speak,
        tag("section", lines(tag("h3", "Ask one agent"), _form(spec, "ask", "Ask", agent, _text("Your question")))),
        tag("section", lines(tag("h3", "Park a thought"), _form(spec, "park", "Park it", _text("For another time")))),
        tag(
            "section",
            lines(
                tag("h3", "One more round"),
                _form(spec, "extend", "Ask all once more", _text("On what? (may stay empty)", needed=False)),
            ),
        ),
        tag("section", lines(tag("h3", "The course"), _course(spec))),
        mute,
    )


def _course(spec: MeetingSpec) -> Html:
    simple = tag(
        "div", _form(spec, "vote", "Put to the vote"), _form(spec, "skip", "Skip the next phase"), class_="row"
    )
    end = tag(
        "details",
        tag("summary", "End or stop the meeting"),
        tag("p", "Ending it leaves out what is still to come and writes the minutes.", class_="soft"),
        _form(spec, "end", "End early", danger=True),
        _stop(spec),
    )
    return lines(simple, end)


def _stop(spec: MeetingSpec) -> Html:
    address, button = paths.meeting(spec.id, "stop"), tag("button", "Stop for now")
    return lines(
        tag("p", "Stopping parks the meeting: everything is kept, and it can be resumed.", class_="soft"),
        tag("form", button, method="post", action=address, data_quiet=""),
    )


def _form(spec: MeetingSpec, command: str, name: str, *fields: Html, danger: bool = False) -> Html:
    return tag(
        "form",
        lines(
            tag("input", type="hidden", name="command", value=command),
            *fields,
            tag("button", name, class_="danger" if danger else None),
        ),
        method="post",
        action=paths.meeting(spec.id, "say"),
        data_quiet="",
    )


def _text(label: str, *, needed: bool = True) -> Html:
    box = tag("textarea", "", name="words", rows="2", required="" if needed else None)
    return tag("label", label, box, class_="field")
