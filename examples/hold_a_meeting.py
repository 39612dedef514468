"""Hold an architecture review of a document and read its minutes as values.

Run it: orchestrator --model rehearsal examples run hold_a_meeting
"""

from pathlib import Path

from agents.orchestrator import AgentOrchestrator

DOCUMENT = Path(__file__).parent / "session_store_proposal.md"


def main() -> None:
    """Create the meeting, hold it, and print its decisions, dissent and actions."""
    with AgentOrchestrator() as orchestrator:
        meeting = orchestrator.create_meeting(
            "architecture_review", "May we build this before the winter sale?", attach=[DOCUMENT]
        )
        minutes = orchestrator.conduct_meeting(meeting)
        for topic in minutes.topics:
            print(f"{topic.topic.text}\n{topic.decision.outcome.upper()}: {topic.decision.text}\n")
            for dissent in topic.dissent:
                print(f"  {minutes.titles[dissent.speaker]} ({dissent.vote}): {dissent.reason}")
            print()
            for action in topic.actions:
                mark = "verified" if action.evidence.verified else f"not verified: {action.evidence.problem}"
                owner = minutes.titles[action.owner] if action.owner else "unassigned"
                print(f"  {owner}: {action.task} [{action.evidence.turn}, {mark}]")
        print(f"\nThe whole minutes: orchestrator meeting minutes {meeting}")


if __name__ == "__main__":
    main()
