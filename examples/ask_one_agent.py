"""Ask one agent about a document with one of its skills, and ask again: it remembers.

Run it: orchestrator --model rehearsal examples run ask_one_agent
"""

from pathlib import Path

from agents.orchestrator import AgentOrchestrator

DOCUMENT = Path(__file__).parent / "session_store_proposal.md"


def main() -> None:
    """Ask twice in one conversation."""
    with AgentOrchestrator() as orchestrator:
        print(
            orchestrator.chat_with_agent(
                "security_engineer",
                "Who can read a customer's session after this change?",
                skill="threat_model",
                attach=[DOCUMENT],
                session="example",
            )
        )
        print()
        print(
            orchestrator.chat_with_agent(
                "security_engineer", "What did I ask you about the session of a customer?", session="example"
            )
        )


if __name__ == "__main__":
    main()
