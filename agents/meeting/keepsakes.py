"""What each participant must not forget of a meeting: a few lines about its own position and its own actions."""

from agents.meeting.record import Minutes

MOST_LINES = 3


def keepsakes(minutes: Minutes) -> dict[str, list[str]]:
    """At most three lines for everybody present, by role id."""
    return {seat.role: _lines(minutes, seat.role)[:MOST_LINES] for seat in minutes.present}


def _lines(minutes: Minutes, role: str) -> list[str]:
    lines = []
    for topic in minutes.topics:
        vote = next((one for one in topic.ballots if one.speaker == role), None)
        held = topic.positions.get(role, "")
        stood = f"voted {vote.vote.value.replace('_', ' ')}" if vote else f"were {held}" if held else ""
        if stood:
            reason = f": {vote.reason}" if vote and vote.reason else ""
            lines.append(f'{minutes.title} of {minutes.held}, on "{topic.topic.text}": you {stood}{reason}')
        mine = [one for one in topic.actions if one.agreed and one.owner == role]
        lines += [f"You took on, {minutes.held}: {one.task}" for one in mine]
    return lines
