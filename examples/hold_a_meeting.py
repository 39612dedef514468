"""Hold an architecture review of a document and read its minutes as values.

Run it: orchestrator --model rehearsal examples run hold_a_meeting
"""

from pathlib import Path

from agents.meeting.minutes.artefacts import artefact_of
from agents.orchestrator import AgentOrchestrator

DOCUMENT = Path(__file__).parent / "session_store_proposal.md"


def main() -> None:
    """Create the meeting, hold it, and print its decisions, dissent, actions, and what it leaves."""
    with AgentOrchestrator() as orchestrator:
        meeting = orchestrator.create_meeting(
            "architecture_review", "May we build this before the winter sale?", attach=[DOCUMENT]
        )
        minutes = orchestrator.conduct_meeting(meeting)
        for topic in minutes.topics:
            decision = topic.decision
            print(f"{topic.topic.text}\n{decision.outcome.upper()}: {decision.text or decision.why}\n")
            for dissent in topic.dissent:
                print(f"  {minutes.titles[dissent.speaker]} ({dissent.vote}): {dissent.reason}")
            print()
            for action in topic.actions:
                mark = "verified" if action.evidence.verified else f"not verified: {action.evidence.problem}"
                owner = minutes.title_of(action.owner)
                print(f"  {owner}: {action.task} [{action.evidence.turn}, {mark}]")
            left = artefact_of(minutes, topic)
            for block in left.blocks:
                print(f"\n{left.title}: {block.heading}")
                for row in block.rows:
                    print("  " + " - ".join(row.cells))
        print(f"\nThe whole minutes: orchestrator meeting minutes {meeting}")


if __name__ == "__main__":
    main()
