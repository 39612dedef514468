"""Helper tasks: what chat programs ask beside a chat, for its title, tags or a commit message, answered by code.

Such a request goes to the same model as the chat. It never begins a meeting and never calls a model: its answer is made
of the words that are in it, in the form that its client reads.

A question of a person must never be taken for one. So a request is recognised by a header that says so, or by the
exact words with which its text begins, never by words within it.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agents.documents.diff import Diff
from agents.text import capital, one_line, words_of

TASK_HEADER = "x-openwebui-task"
"""The header in which Open WebUI says that a request is a helper task, where its connection is set up so."""

_TITLE_WORDS, _TITLE_LETTERS, _MOST_SUMMARY = 6, 50, 6_000
_SHORT_ANSWER = 64
"""The most tokens of an answer for which Continue asks when it wants a title."""
_PLACEHOLDER = "New conversation"


@dataclass(frozen=True, slots=True)
class HelperTask:
    """A helper task and its answer.

    Attributes:
        task: what was asked for: "title", "tags", "follow_ups", "queries", "summary", "commit" ...
        client: the program that asks so.
        answer: the text of the answer, in the form that the program reads.
    """

    task: str
    client: str
    answer: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks, as far as helper tasks are told by it.

    Attributes:
        turns: role and text of each message, in order.
        stream: whether the answer is to be streamed.
        most_tokens: the most tokens of the answer, or None.
        of_meeting: whether the model is a panel or a meeting.
    """

    turns: Sequence[tuple[str, str]]
    stream: bool = False
    most_tokens: int | None = None
    of_meeting: bool = True

    @property
    def last(self) -> str:
        """The text of the last message of the user."""
        return next((text for role, text in reversed(self.turns) if role == "user"), "")

    @property
    def system(self) -> str:
        """The text of the first message, if it is one of the system."""
        return self.turns[0][1] if self.turns and self.turns[0][0] == "system" else ""

    @property
    def alone(self) -> bool:
        """Whether it is one message of the user and nothing else."""
        return len(self.turns) == 1 and self.turns[0][0] == "user"

    @property
    def single(self) -> bool:
        """Whether it is one message of the user, after instructions or none."""
        return bool(self.turns) and [role for role, _ in self.turns if role != "system"] == ["user"]


def helper_task(asked: Asked, headers: Mapping[str, str]) -> HelperTask | None:
    """The helper task that a request is, with its answer; None for what a person asks.

    Args:
        asked: the request.
        headers: its headers, with names in lower case.
    """
    named = headers.get(TASK_HEADER, "").strip().lower()
    if task := _TASKS.get(named.removesuffix("_generation").removesuffix("_response")):
        return HelperTask(task, "Open WebUI", _ANSWERS[task](asked))
    if asked.single and (task := _open_webui_task(asked.last, plain=asked.alone and not asked.stream)):
        return HelperTask(task, "Open WebUI", _ANSWERS[task](asked))
    for one in _CALLS:
        if one.fits(asked):
            return HelperTask(one.task, one.client, _ANSWERS[one.answer or one.task](asked))
    return None


_TASKS = {
    "title": "title",
    "tags": "tags",
    "follow_up": "follow_ups",
    "query": "queries",
    "emoji": "emoji",
    "image_prompt": "image_prompt",
    "autocomplete": "autocomplete",
    "function_calling": "tool_calls",
    "moa": "merge",
    "context_compaction": "summary",
}
"""What Open WebUI calls its tasks, without "_generation"."""

_SECOND_LINES = (
    ("generate a concise title summarizing the chat history", "title"),
    ("generate a concise, 3-5 word title", "title"),
    ("generate 1-3 broad tags categorizing the main themes", "tags"),
    ("predict 3-5 useful messages this user might naturally send next", "follow_ups"),
    ("suggest 3-5 relevant follow-up questions or prompts", "follow_ups"),
    ("analyze the chat history to determine the necessity of generating search queries", "queries"),
    ("summarize the conversation history that will be compacted", "summary"),
    ("generate a detailed prompt for am image generation task", "image_prompt"),
    ("generate a detailed prompt for an image generation task", "image_prompt"),
    ("you are an autocompletion system. continue the text in `<text>`", "autocomplete"),
)
"""How the second line of a task of Open WebUI begins; its template for documents has another one."""


def _open_webui_task(text: str, *, plain: bool) -> str:
    """The task of a template of Open WebUI, or "". In a request of the usual form for tasks, ``plain``, one of the
    template's marks is enough, since people shorten the templates; in another form it needs all of them.
    """
    head, _, rest = text.lstrip().partition("\n")
    if head.strip() == "### Task:":
        second = rest[:_MOST_READ].lstrip().lower()
        task = next((task for begin, task in _SECOND_LINES if second.startswith(begin)), "")
        if task == "summary":
            return task if f"\n{_MESSAGES}\n" in text else ""
        marks = bool(_HEAD.search(rest)), bool(_QUOTED.search(rest))
        return task if all(marks) or (plain and any(marks)) else ""
    if head.startswith("Your task is to reflect the speaker's likely facial expression through a fitting emoji"):
        return "emoji" if "\nMessage:" in rest else ""
    if head.startswith("Create a concise, 3-5 word title with an emoji as a title for the "):
        return "title_words" if head.split("as a title for the ")[1].startswith(("prompt", "chat history")) else ""
    return ""


_HEAD = re.compile(r"^#{3,4} (?:\*\*)?(?:Guidelines|Output|Instructions)(?:\*\*)?:", re.M)
_QUOTED = re.compile(r"<(?:chat_history|text|context)>")
"""What every task of Open WebUI has: headings of its template, and the chat that is quoted."""


@dataclass(frozen=True, slots=True)
class _Call:
    """How the helper call of a program is told from a chat.

    Attributes:
        client, task: the program, and what it asks for.
        user: how the last message of the user begins, if that tells.
        system: how the message of the system begins, if that tells.
        needs: what else must be so.
        answer: the maker of the answer, if it is not called as the task.
    """

    client: str
    task: str
    user: str = ""
    system: str = ""
    needs: Callable[[Asked], bool] = lambda asked: True  # noqa: ARG005 - nothing else
    answer: str = ""

    def fits(self, asked: Asked) -> bool:
        return (
            (not self.user or asked.last.lstrip().startswith(self.user))
            and (not self.system or asked.system.lstrip().startswith(self.system))
            and self.needs(asked)
        )


def _short(asked: Asked) -> bool:
    return asked.single and (asked.most_tokens is None or asked.most_tokens <= _SHORT_ANSWER)


def _quotes_chat(asked: Asked) -> bool:
    return asked.alone and re.search(r"^(?:\|\|>)?User:", asked.last, re.M) is not None


def _ends_chat(asked: Asked) -> bool:
    """Whether an instruction follows a chat, and nothing follows the instruction."""
    return len(asked.turns) > 1 and asked.turns[-1][0] == "user" and len(asked.last) < 6_000


def _has_diff(asked: Asked) -> bool:
    return re.search(r"^(?:diff --git |\+\+\+ )", asked.last, re.M) is not None


def _has_roles(asked: Asked) -> bool:
    return not asked.stream and asked.last.startswith("# ")


def _after_chat(asked: Asked) -> bool:
    """Whether several messages stand before the last one."""
    return len(asked.turns) > 2


def _has_answer(asked: Asked) -> bool:
    return any(role == "assistant" for role, _ in asked.turns)


def _single(asked: Asked) -> bool:
    return asked.single


def _not_streamed(asked: Asked) -> bool:
    return not asked.stream


_CALLS = (
    _Call("Continue", "title", user="Given the following... please reply with a short summary that is 4-12 words",
          needs=_short, answer="title_words"),
    _Call("LibreChat", "title", user="Provide a concise, 5-word-or-less title for the conversation",
          needs=_quotes_chat, answer="title_words"),
    _Call("LibreChat", "title", user="Please generate a concise, 5-word-or-less title for the conversation",
          needs=_quotes_chat, answer="title_words"),
    _Call("LibreChat", "title", system="Please generate a concise, 5-word-or-less title for the conversation",
          needs=_not_streamed, answer="title_words"),
    _Call("LibreChat", "title", user="Please generate a concise title (max 40 characters) for a conversation",
          needs=_quotes_chat, answer="title_words"),
    _Call("LibreChat", "title", user="Analyze this conversation and provide:\n1. The detected language",
          needs=_quotes_chat, answer="title_and_language"),
    _Call("LibreChat", "summary", user="Hold on, before you continue I need you to write me a checkpoint of everything",
          needs=_ends_chat, answer="summary"),
    _Call("Zed", "title", user="Generate a concise 3-7 word title for this conversation, omitting punctuation.",
          needs=_ends_chat, answer="title_of_chat"),
    _Call("Zed", "summary", user="You are compacting this conversation into a handoff for another agent",
          needs=_ends_chat, answer="summary"),
    _Call("Zed", "summary", user="Your task is to create a detailed summary of the conversation so far, paying close",
          needs=_ends_chat, answer="summary"),
    _Call("Zed", "commit", user="You are an expert at writing Git commits. Your job is to write a short clear commit",
          needs=_has_diff),
    _Call("aider", "commit", system="You are an expert software engineer that generates concise, one-line Git commit"
          " messages based on the provided diffs.", needs=_has_diff),
    _Call("aider", "summary", system="*Briefly* summarize this partial conversation about programming.",
          needs=_has_roles, answer="told_by_user"),
    _Call("OpenCode", "title", system="You are a title generator. You output ONLY a thread title.",
          needs=_after_chat, answer="title_of_chat"),
    _Call("OpenCode", "summary", system="You are a helpful AI assistant tasked with summarizing conversations.",
          needs=_has_answer),
    _Call("AI SDK", "title", system="You will generate a short title based on the first message a user begins"
          " a conversation with", answer="title_words"),
    _Call("AI SDK", "title", system="- you will generate a short title based on the first message a user begins"
          " a conversation with", answer="title_words"),
    _Call("AI SDK", "title", system="Generate a short chat title (2-5 words) summarizing the user's message.",
          answer="title_words"),
    _Call("Chatbox", "title", user="Based on the chat history, give this conversation a name.\nKeep it short",
          needs=_single, answer="title_words"),
    _Call("Cherry Studio", "title", system="You are an assistant skilled in conversation. You need to summarize the"
          " user's conversation into a title within 10 words", answer="title_words"),
    _Call("big-AGI", "title", system="You are an AI conversation titles assistant who specializes in creating",
          answer="title_words"),
    _Call("NextChat", "title", user="Please generate a four to five word title summarizing our conversation",
          needs=_ends_chat, answer="title_of_chat"),
    _Call("NextChat", "summary", needs=lambda asked: _has_answer(asked) and asked.turns[-1][1].startswith(
          "Summarize the discussion briefly in 200 words or less")),
    _Call("Jan", "title", user="Summarize in a 10-word Title. Give the title only.", needs=_single,
          answer="title_words"),
    _Call("VS Code Copilot", "title", system="You are an expert in crafting pithy titles", answer="title_words"),
    _Call("Goose", "title", system="Based on the conversation so far, provide a concise description of this session in"
          " 4 words or less", answer="title_words"),
    _Call("LobeChat", "title", system="You are a professional conversation summarizer.", answer="title_words"),
    _Call("Cline", "summary", user='<explicit_instructions type="condense">', needs=_ends_chat, answer="summary"),
    _Call("Open WebUI", "tool_calls", system="Available Tools:",
          needs=lambda asked: not asked.stream and "choose and return the correct tool(s)" in asked.system),
    _Call("Open WebUI", "merge", user="You have been provided with a set of responses from various models to the",
          needs=lambda asked: asked.alone and "\nResponses from models: " in asked.last),
)  # fmt: skip
"""The helper calls that are told by the words with which they begin."""

_MOST_READ = 20_000
"""How many letters of what a helper task quotes are read for a title or tags."""
_SAID = re.compile(
    r"^(?:\|\|>|# )?(USER|ASSISTANT|[Uu]ser|[Aa]ssistant|AI|Response|SYSTEM|TOOL|- You|- Assistant)(?::|$)[ \n]*",
    re.M,
)
_BEFORE, _MESSAGES, _RECENT = "### Previous Summary:", "### Messages Being Compacted:", "### Recent Messages"
_TITLE_CALL = ("Generate a title for this conversation", "Generate a concise 3-7 word title for this conversation")


def _turns_in(text: str) -> list[tuple[str, str]]:
    """The turns of a chat that is written into a text as "USER: ..." and "ASSISTANT: ..."."""
    text = text[:_MOST_READ]
    found = list(_SAID.finditer(text))
    ends = [one.start() for one in found[1:]] + [len(text)]
    names = {"response": "assistant", "ai": "assistant", "- you": "user", "- assistant": "assistant"}
    return [
        (names.get(one[1].lower(), one[1].lower()), text[one.end() : end].strip().strip('"'))
        for one, end in zip(found, ends, strict=False)
    ]


def _question(asked: Asked) -> str:
    """What the user of the chat asked first, that a helper call is about."""
    _, marked, rest = asked.last.rpartition("<chat_history>")
    turns = _turns_in((rest.partition("</chat_history>")[0] if marked else asked.last)[:_MOST_READ])
    return next((text for role, text in turns if role == "user" and text), "") or asked.last


def _shortened(text: str, words: int = _TITLE_WORDS, letters: int = _TITLE_LETTERS) -> str:
    """The first words of a text, without marks of Markdown and documents."""
    text = text[:_MOST_READ]
    plain = re.sub(r"```.*?(?:```|\Z)|<[^<>\n]{1,200}>|\[[^\[\]\n]{1,200}\]$", " ", text, flags=re.S)
    plain = one_line(re.sub(r"[#*_`>|]+", " ", plain)) or one_line(text)
    first = re.split(r"(?<=[.?!\u3002\uff1f])\s", plain, maxsplit=1)[0]
    out = " ".join(first.split()[:words])[:letters]
    if len(out) == letters and " " in out:
        out = out.rpartition(" ")[0]
    return out.strip(" .,;:?!\"'\u3002\uff1f") or _PLACEHOLDER


def _json(**values: object) -> str:
    return json.dumps(values, ensure_ascii=False)


def _title(asked: Asked) -> str:
    return _json(title=_shortened(_question(asked)))


def _tags(asked: Asked) -> str:
    words = [word for word in words_of(_question(asked)[:5_000]) if len(word) > 4 and word not in _PLAIN_WORDS]
    counted = Counter(words)
    best = sorted(counted, key=lambda word: (-counted[word], words.index(word)))[:3]
    return _json(tags=[capital(word) for word in best] or ["General"])


_PLAIN = """
    about above after again against because before being below between could doing during every first further having
    itself maybe might other others ought please really shall should since something still their theirs there these
    thing things think those though through today tomorrow under until using wants where whether which while would
    write yours
"""
_PLAIN_WORDS = frozenset(_PLAIN.split())


def _follow_ups(asked: Asked) -> str:
    if not asked.of_meeting:
        return _json(follow_ups=[])
    return _json(
        follow_ups=[
            "Which objections were raised, and how were they answered?",
            "Who does what, and until when?",
            "Which points are still open?",
        ]
    )


def _image_prompt(asked: Asked) -> str:
    return _json(prompt=_shortened(_question(asked), words=60, letters=400))


def _title_words(asked: Asked) -> str:
    """A title of the words that follow the instruction, or of the chat that it quotes."""
    turns = _turns_in(asked.last)
    if said := next((text for role, text in turns if role == "user" and text), ""):
        return _shortened(said)
    if asked.last.startswith("Given the following..."):
        return _shortened(asked.last.partition("\n\n")[2], words=8)
    return _shortened(asked.last)


def _title_and_language(asked: Asked) -> str:
    return _json(language="English", title=_title_words(asked))


def _title_of_chat(asked: Asked) -> str:
    """A title of what the user wrote first, where the instruction to make one is another message."""
    own = [text for role, text in asked.turns if role == "user" and not text.lstrip().startswith(_TITLE_CALL)]
    if own:
        return _shortened(own[0])
    return _shortened(asked.last.partition("\n")[2] or asked.last.partition(":")[2])


def _summary(asked: Asked) -> str:
    """The beginning of each message, as the memory of a chat that is cut."""
    _, marked, rest = asked.last.partition(f"\n{_MESSAGES}\n")
    if marked:
        before = asked.last.partition(f"\n{_BEFORE}\n")[2].partition(f"\n{_MESSAGES}\n")[0].strip()
        turns = _turns_in(rest.rpartition(f"\n{_RECENT}")[0] or rest)
    else:
        before, turns = "", [one for one in asked.turns if one[0] in ("user", "assistant")]
        turns = turns[:-1] if turns and turns[-1][1] == asked.last and len(turns) > 1 else turns
    each = max(80, _MOST_SUMMARY // max(1, len(turns)))
    lines = [f"- {role}: {_beginning(text, each)}" for role, text in turns if text]
    return "\n".join(filter(None, [before[:_MOST_SUMMARY], "The conversation so far, shortened:", *lines]))


def _beginning(text: str, letters: int) -> str:
    line = one_line(text)
    return line if len(line) <= letters else f"{line[:letters].rstrip()}..."


def _told_by_user(asked: Asked) -> str:
    """What aider keeps of an older chat: in the words of the user."""
    said = [_beginning(text, 300) for role, text in _turns_in(asked.last) if role == "user" and text]
    return "\n\n".join(f"I asked you: {one}" for one in said[-20:]) or "I asked you about this project."


def _merged(asked: Asked) -> str:
    """The answers of several models, one after the other: a merge by a model would be a meeting more."""
    answers = re.findall(r'"""(.*?)"""', asked.last.partition("\nResponses from models: ")[2], re.S)
    return "\n\n---\n\n".join(one.strip() for one in answers) or _PLACEHOLDER


_KINDS = (
    ("docs", re.compile(r"(?:^|/)docs?/|\.(?:md|rst|txt|adoc)$", re.I)),
    ("test", re.compile(r"(?:^|/)tests?/|(?:^|/)test_|[._]test\.|\.spec\.", re.I)),
    ("ci", re.compile(r"(?:^|/)\.github/|(?:^|/)\.gitlab-ci", re.I)),
    (
        "build",
        re.compile(r"(?:^|/)(?:Dockerfile|Makefile|pyproject\.toml|package(?:-lock)?\.json|Cargo\.\w+|go\.\w+)$"),
    ),
)


def _commit(asked: Asked) -> str:
    """A commit message of one line, made of the names of the changed files."""
    lines = asked.last.split("\n")
    files = Diff(lines).files or re.findall(r"^diff --git a/\S+ b/(\S+)", asked.last, re.M)
    kinds = {next((kind for kind, shape in _KINDS if shape.search(one)), "") for one in files}
    kind = (kinds.pop() if len(kinds) == 1 else "") or "chore"
    made = sum(line.startswith("new file mode") for line in lines)
    gone = sum(line.startswith("deleted file mode") for line in lines)
    verb = "add" if made and made == len(files) else "remove" if gone and gone == len(files) else "update"
    names = list(dict.fromkeys(one.rpartition("/")[2] for one in files))
    what = " and ".join(names[:2]) if len(names) <= 2 else f"{names[0]} and {len(names) - 1} other files"
    message = f"{kind}: {verb} {what or 'files'}"
    return message if len(message) <= 72 else f"{kind}: {verb} {len(files)} files"


_ANSWERS: Mapping[str, Callable[[Asked], str]] = {
    "title": _title,
    "tags": _tags,
    "follow_ups": _follow_ups,
    "queries": lambda asked: _json(queries=[]),  # noqa: ARG005 - none: the client searches with the message itself
    "emoji": lambda asked: "\U0001f4ac",  # noqa: ARG005 - the same for every chat
    "autocomplete": lambda asked: _json(text=""),  # noqa: ARG005 - nothing to add
    "tool_calls": lambda asked: _json(tool_calls=[]),  # noqa: ARG005 - no tool is called
    "image_prompt": _image_prompt,
    "summary": _summary,
    "merge": _merged,
    "commit": _commit,
    "title_words": _title_words,
    "title_and_language": _title_and_language,
    "title_of_chat": _title_of_chat,
    "told_by_user": _told_by_user,
}
