"""A workflow: three agents one after the other, each building on the earlier answers.

Run it: orchestrator --model rehearsal examples run work_in_steps
"""

from pathlib import Path

from agents.orchestrator import AgentOrchestrator

DOCUMENT = Path(__file__).parent / "session_store_proposal.md"
STEPS = [
    "product_manager/write_user_stories:Write the stories of a customer whose session moves",
    "backend_developer/design_api:Design the session interface for them",
    "qa_engineer/create_test_plan:Plan how it is tested before the switch",
]


def main() -> None:
    """Run the steps and print each result."""
    with AgentOrchestrator() as orchestrator:
        for result in orchestrator.collaborative_task("Move sessions out of the database", STEPS, attach=[DOCUMENT]):
            print(f"== {result.step.name}\n{result.text or result.error}\n")


if __name__ == "__main__":
    main()
