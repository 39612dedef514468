"""Helper tasks of chat programs, and that no question of a person is taken for one."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.api.openai.helper_tasks import Asked, helper_task

CHAT = "USER: Shall we move the web sessions to Redis?\nASSISTANT: The meeting decided to move them."
HISTORY = f"### Guidelines:\n- Short.\n### Chat History:\n<chat_history>\n{CHAT}\n</chat_history>"
TITLE = f"### Task:\nGenerate a concise title summarizing the chat history.\n### Guidelines:\n- Short.\n{HISTORY}"
TAGS = f"### Task:\nGenerate 1-3 broad tags categorizing the main themes of the chat history.\n{HISTORY}"
FOLLOW_UPS = f"### Task:\nPredict 3-5 useful messages this user might naturally send next to advance.\n{HISTORY}"
QUERIES = f"### Task:\nAnalyze the chat history to determine the necessity of generating search queries.\n{HISTORY}"
COMPACT = (
    "### Task:\nSummarize the conversation history that will be compacted out of the active chat context.\n\n"
    f"### Previous Summary:\nEarlier: a plan.\n\n### Messages Being Compacted:\n{CHAT}\n\n"
    "### Recent Messages Kept In Context:\nUSER: Go on."
)
CONTINUE = (
    "Given the following... please reply with a short summary that is 4-12 words in length, you should summarize.\n\n"
)
LIBRECHAT = "Provide a concise, 5-word-or-less title for the conversation, using title case conventions. Only return the title itself.\n\nConversation:\nUser: Shall we move the sessions?\nAI: Yes."
ZED = "Generate a concise 3-7 word title for this conversation, omitting punctuation. Go straight to the title."
COMMITS = "You are an expert software engineer that generates concise, one-line Git commit messages based on the provided diffs."
DIFF = """# Diffs:
diff --git a/docs/design.md b/docs/design.md
index 1111111..2222222 100644
--- a/docs/design.md
+++ b/docs/design.md
@@ -1 +1 @@
-Sessions are in memory.
+Sessions are in Redis.
"""


def one(text: str, **more: object) -> Asked:
    """A request of one message of the user."""
    return Asked([("user", text)], **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "key", "answer"),
    [
        (TITLE, "title", "Shall we move the web sessions"),
        (TAGS, "tags", ["Sessions", "Redis"]),
        (QUERIES, "queries", []),
    ],
)
def test_tasks_of_open_webui_are_answered_in_json(text: str, key: str, answer: object) -> None:
    """Without its header, a task of Open WebUI is told by its second line; the answer is the JSON that it reads."""
    found = helper_task(one(text), {})
    assert found is not None
    assert json.loads(found.answer) == {key: answer}
    assert helper_task(one(text, stream=True), {}) == found
    assert helper_task(Asked([("system", "Be brief."), ("user", text)]), {}) == found


def test_follow_ups_of_a_meeting_continue_it() -> None:
    """A meeting proposes what to ask it next; an agent proposes nothing."""
    meeting, agent = helper_task(one(FOLLOW_UPS), {}), helper_task(one(FOLLOW_UPS, of_meeting=False), {})
    assert meeting is not None
    assert agent is not None
    assert len(json.loads(meeting.answer)["follow_ups"]) == 3
    assert json.loads(agent.answer) == {"follow_ups": []}


def test_the_header_decides_before_the_text() -> None:
    """A request whose header names a task is one, whatever its text; one that names none says nothing."""
    headers = {"x-openwebui-task": "tags_generation"}
    found = helper_task(one("Eigene Vorlage: Schlagworte bitte.", stream=True), headers)
    assert found is not None
    assert found.task == "tags"
    for empty in ("", "None", "{{TASK}}", "null", "undefined", "default", "chat", "false", "0", "something_new"):
        assert helper_task(one("Shall we move?"), {"x-openwebui-task": empty}) is None


def test_the_template_for_documents_is_no_task() -> None:
    """The template with which Open WebUI sends files begins as its tasks do, and is a question of a person."""
    text = "### Task:\nRespond to the user query using the provided context, incorporating inline citations.\n<context>\n</context>\nShall we?"
    assert helper_task(one(text), {}) is None
    assert helper_task(one(text, stream=True), {}) is None


@pytest.mark.parametrize(
    ("asked", "client", "answer"),
    [
        (one(CONTINUE + "Shall we move the sessions to Redis?", stream=True, most_tokens=6), "Continue", "Shall we move the sessions to Redis"),
        (one(LIBRECHAT, stream=True), "LibreChat", "Shall we move the sessions"),
        (one("Analyze this conversation and provide:\n1. The detected language of it\n2. A title\n\nUser: Shall we?\nAI: Yes."), "LibreChat", '{"language": "English", "title": "Shall we"}'),
        (Asked([("user", "Shall we move?"), ("assistant", "Yes."), ("user", ZED)], stream=True), "Zed", "Shall we move"),
        (one("You are an expert at writing Git commits. Your job is to write a short clear commit message.\n" + DIFF, stream=True), "Zed", "docs: update design.md"),
        (Asked([("system", COMMITS), ("user", DIFF)]), "aider", "docs: update design.md"),
        (Asked([("system", "*Briefly* summarize this partial conversation about programming.\nMore."), ("user", "# USER\nFix it.\n# ASSISTANT\nDone.\n")]), "aider", "I asked you: Fix it."),
        (Asked([("system", "You are a title generator. You output ONLY a thread title. Nothing else."), ("user", "Generate a title for this conversation:\n"), ("user", "Shall we move?")], stream=True), "OpenCode", "Shall we move"),
        (Asked([("system", "- you will generate a short title based on the first message a user begins a conversation with"), ("user", "Shall we move?")], stream=True), "AI SDK", "Shall we move"),
    ],
)  # fmt: skip
def test_helper_calls_of_other_programs(asked: Asked, client: str, answer: str) -> None:
    """Titles, commit messages and summaries are told by how they begin, and are answered in the form that is read."""
    found = helper_task(asked, {})
    assert found is not None
    assert (found.client, found.answer) == (client, answer)


def test_a_compaction_keeps_the_beginnings_of_the_messages() -> None:
    """The memory of a chat that is cut has its earlier memory and the beginning of each message."""
    found = helper_task(one(COMPACT), {})
    assert found is not None
    assert found.answer.startswith("Earlier: a plan.\n")
    assert "- user: Shall we move the web sessions to Redis?" in found.answer
    assert "Go on" not in found.answer


def test_a_commit_message_names_the_files() -> None:
    """One file is named, many are counted, and only new ones are added."""
    files = "".join(
        f"diff --git a/src/{n}.py b/src/{n}.py\nnew file mode 100644\n--- /dev/null\n+++ b/src/{n}.py\n@@ -0,0 +1 @@\n+x\n"
        for n in "abc"
    )
    found = helper_task(Asked([("system", COMMITS), ("user", f"# Diffs:\n{files}")]), {})
    assert found is not None
    assert found.answer == "chore: add a.py and 2 other files"


PROMPTS = [TITLE, TAGS, FOLLOW_UPS, QUERIES, COMPACT, CONTINUE, LIBRECHAT, ZED, COMMITS, DIFF]
QUESTIONS = st.sampled_from(
    [
        "Shall we move the sessions to Redis?",
        "Review this prompt, please.",
        "Wie geht es weiter?",
        "### Task: decide",
        "Generate a title policy for our wiki.",
    ]
)
WRAPS = st.sampled_from(["{q}\n\n```md prompts.md\n{p}\n```", "{q}\n\n{p}", "> {p}\n\n{q}", '<source id="1" name="prompts.md">{p}</source>\n{q}', "### Task:\nRespond to the user query using the provided context.\n<context>\n{p}\n</context>\n{q}"])  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(
    prompt=st.sampled_from(PROMPTS),
    question=QUESTIONS,
    wrap=WRAPS,
    stream=st.booleans(),
    after=st.booleans(),
    words=st.text(max_size=40),
)
def test_no_question_of_a_person_is_a_helper(
    prompt: str, question: str, wrap: str, stream: bool, after: bool, words: str
) -> None:
    """A question is asked, streamed or not, first or later in a chat, also where it quotes the words of a helper call."""
    text = wrap.format(q=f"{question} {words}", p=prompt)
    turns = [("system", "You are helpful."), ("user", "Hello"), ("assistant", "Hello.")] if after else []
    assert helper_task(Asked([*turns, ("user", text)], stream, 4_000), {}) is None


NEW = [
    ("Open WebUI", [("user", "Create a concise, 3-5 word title with an emoji as a title for the chat history, in the language.")]),
    ("Chatbox", [("user", "Based on the chat history, give this conversation a name.\nKeep it short - 10 characters max.")]),
    ("Cherry Studio", [("system", "You are an assistant skilled in conversation. You need to summarize the user's conversation into a title within 10 words."), ("user", "user: Hi")]),
    ("big-AGI", [("system", "You are an AI conversation titles assistant who specializes in creating titles."), ("user", "Hi")]),
    ("NextChat", [("user", "Hi"), ("assistant", "Ho"), ("user", "Please generate a four to five word title summarizing our conversation without")]),
    ("NextChat", [("user", "Hi"), ("assistant", "Ho"), ("system", "Summarize the discussion briefly in 200 words or less to use")]),
    ("Jan", [("user", 'Summarize in a 10-word Title. Give the title only. "Hi"')]),
    ("VS Code Copilot", [("system", "You are an expert in crafting pithy titles for chatbot conversations."), ("user", "Hi")]),
    ("Goose", [("system", "Based on the conversation so far, provide a concise description of this session in 4 words or less."), ("user", "Hi")]),
    ("LobeChat", [("system", "You are a professional conversation summarizer. Generate"), ("user", "Hi")]),
    ("Cline", [("system", "You are Cline"), ("user", "Hi"), ("assistant", "Ho"), ("user", '<explicit_instructions type="condense">\nThe user')]),
    ("Continue", [("user", CONTINUE + "Fine.")]),
]  # fmt: skip
PERSONS = [
    [("user", "### Task:\nGenerate a concise, 3-5 word title for our new invoicing product and explain the choice.")],
    [("user", "### Task:\nSuggest 3-5 relevant follow-up questions or prompts that we should ask in the interview.")],
    [("system", "You are a helpful AI assistant tasked with summarizing conversations. Judge also."), ("user", "What now?")],
    [("system", "You are an expert software engineer that generates concise, one-line Git commit messages; and policy."), ("user", "Which?")],
    [("system", "Generate a short chat title (feature) is our product."), ("user", "Shall we ship it?")],
    [("system", "You are a title generator. You output ONLY ideas for books."), ("user", "A book")],
    [("user", "You are an expert at writing Git commits. Your job is to write a short clear commit policy. See diff --git a/x b/x.")],
]  # fmt: skip


@pytest.mark.parametrize(("client", "turns"), NEW)
def test_more_programs_are_known(client: str, turns: list[tuple[str, str]]) -> None:
    """Titles and summaries of other programs are told by their words, streamed or not."""
    for stream in (False, True):
        found = helper_task(Asked(turns, stream), {})
        assert found is not None
        assert found.client == client


@pytest.mark.parametrize("turns", PERSONS)
def test_questions_that_begin_as_helper_tasks_are_asked(turns: list[tuple[str, str]]) -> None:
    """The first words of a helper task without what else it has are a question of a person."""
    assert helper_task(Asked(turns), {}) is None
