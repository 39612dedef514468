"""Ask a panel: code chooses the agents whose field the question is, and each answers on its own.

Run it: orchestrator --model rehearsal examples run consult_a_panel
"""

import sys

from agents.orchestrator import AgentOrchestrator

QUESTION = "Our database migration has no rollback and runs during the deployment. What do we do first?"


def main() -> None:
    """Choose a panel, print why, and print the answers when they are complete."""
    question = " ".join(sys.argv[1:]) or QUESTION
    print(question)
    with AgentOrchestrator() as orchestrator:
        for agent, words in orchestrator.choose_agents(question, limit=3).items():
            print(f"- {agent}, because of: {', '.join(words)}")
        for answer in orchestrator.multi_agent_consultation(question, remember=False):
            print(f"\n{answer.title}:\n{answer.text or answer.error}")


if __name__ == "__main__":
    main()
