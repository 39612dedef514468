"""Says whether a sentence is plain: it says what is or what will be done, and nothing else. All functions are pure.

Only from a plain sentence may code take an owner, a day or a value. A sentence that is not plain is shown as it was
said. The words are those of English first, and the common ones of German, French, Spanish, Japanese and Chinese; where
a word has two meanings, the sentence does not count as plain.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from enum import StrEnum

from agents.meeting.quoted import quotations, unclosed


class Doubt(StrEnum):
    """Why a sentence is not plain, in words that follow "as said; "."""

    STRUCK = "it is struck out"
    QUOTES = "it quotes others"
    REPORTS = "it tells what others said"
    ASKS = "it is a question"
    DENIES = "it denies something"
    CONDITION = "it depends on a condition"
    POSSIBLE = "it says only what may be"
    SCRIPT = "it has words in a script that I cannot judge"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


OWN_SPEECH = frozenset({Doubt.STRUCK, Doubt.QUOTES, Doubt.REPORTS})
"""What makes words not the speaker's own; the other doubts are only about what the speaker means."""

_WORDS = {
    Doubt.DENIES: """
        not never no nobody none nothing nowhere neither nor cannot hardly scarcely barely seldom rarely unable
        impossible dont doesnt didnt wont cant isnt arent wasnt werent shouldnt wouldnt couldnt hasnt havent
        refuse refuses refused refusing refusal decline declines declined declining reject rejects rejected rejecting
        doubt doubts doubted doubting doubtful forbid forbids forbade forbidden forbidding avoid avoids avoided
        avoiding stop stops stopped stopping oppose opposes opposed opposing disagree disagrees disagreed
        abandon abandons abandoned withdraw withdraws withdrew withdrawn retract retracts retracted cancelled canceled
        untrue false lie lied lying nonsense joke joking kidding myth hoax bogus misconception fallacy contrary
        refrain refrains refrained cease omit skip disregard lol haha
        sarcasm sarcastic ironically
        nicht kein keine keinen keinem keiner keines keins nie niemals niemand niemanden niemandem nichts nirgends
        weder kaum lehnt lehne lehnen lehnte lehnten ablehnen ablehnt abgelehnt weigert weigern weigere weigerte
        verbietet verbieten verboten vermeiden vermeidet bezweifelt bezweifle bezweifeln falsch gelogen
        l\u00fcge unm\u00f6glich
        ne pas jamais aucun aucune rien non refuse refusent refusons refuser interdit interdire \u00e9viter faux
        nunca jam\u00e1s nadie ning\u00fan ninguno ninguna ni tampoco rechaza rechazan rechazar niega evitar falso
        mentira n\u00e3o niet geen nooit inte ikke nem
    """,
    Doubt.CONDITION: """
        if unless provided providing assuming otherwise lest whenever contingent conditional permitting barring
        wenn sofern vorausgesetzt sobald andernfalls vorbehaltlich
        si sauf pourvu
        salvo
    """,
    Doubt.POSSIBLE: """
        might would could perhaps maybe possibly probably unlikely likely hope hopes hoped wish wishes wished guess
        guesses suppose supposes believe believes believed think thinks thought imagine pretend pretends supposedly
        assume assumes assumed seemingly apparently presumably tentative tentatively provisional provisionally
        theoretically hypothetical hypothetically ideally seem seems seemed
        w\u00fcrde w\u00fcrden k\u00f6nnte k\u00f6nnten vielleicht m\u00f6glicherweise hoffentlich
        vermutlich wohl eventuell anscheinend scheinbar offenbar theoretisch wahrscheinlich
        probablement apparemment \u00e9ventuellement probablemente posiblemente supuestamente
        serait pourrait pourraient peut-\u00eatre
        quiz\u00e1s quiz\u00e1 podr\u00eda podr\u00edan ser\u00eda
    """,
    Doubt.REPORTS: """
        said says saying told allegedly reportedly so-called rumour rumours rumor rumors rumoured
        rumored remarked claimed argued argues
        insisted insists promised announced mentioned explained replied answered warned complained admitted wrote
        sagte sagten sagt gesagt meinte meinten angeblich behauptet behauptete behaupten zufolge
        dit disait disent selon pr\u00e9tend pr\u00e9tendent
        dijo dijeron dice dicen seg\u00fan
    """,
    Doubt.ASKS: "wonder wonders wondered wondering ob",
}
"""The single words of each kind, in lower case."""

_KINDS: dict[str, Doubt] = {}
for _doubt, _listed in _WORDS.items():
    _KINDS.update(dict.fromkeys(_listed.split(), _doubt))

_PHRASES = (
    (Doubt.DENIES, ("far from", "anything but", "fail to", "fails to", "failed to", "objects to", "object to")),
    (Doubt.DENIES, ("prevented from", "keeps from", "yeah right", "my mistake")),
    (Doubt.DENIES, ("denies that", "denied that", "deny that", "wrong that", "take back", "takes back")),
    (Doubt.CONDITION, ("in case", "as long as", "so long as", "on condition", "subject to", "depending on")),
    (Doubt.CONDITION, ("as soon as", "only after", "except", "as if", "as though", "should we")),
    (Doubt.CONDITION, ("es sei denn", "im fall", "\u00e0 moins", "\u00e0 condition", "au cas", "a menos")),
    (Doubt.CONDITION, ("siempre que", "en caso", "tant que")),
    (Doubt.CONDITION, ("in the event", "on the assumption", "sous r\u00e9serve", "unter der bedingung")),
    (Doubt.POSSIBLE, ("in theory", "en th\u00e9orie", "en teor\u00eda", "to be confirmed", "to be decided")),
    (Doubt.POSSIBLE, ("to be determined", "to be discussed", "were to", "example only", "just an example")),
    (Doubt.POSSIBLE, ("unter umst\u00e4nden", "il se peut", "sans doute", "a lo mejor", "al parecer", "tal vez")),
    (Doubt.REPORTS, ("say that", "they say", "people say", "some say", "others say", "users say", "customers say")),
    (
        Doubt.REPORTS,
        (
            "you say",
            "i say",
            "we say",
            "documents say",
            "colleagues say",
            "experts say",
            "according to",
            "in the words of",
            "his words",
            "her words",
            "their words",
            "your words",
        ),
    ),
    (Doubt.REPORTS, ("claims that", "reports that", "reported that", "states that", "stated that", "asks that")),
    (Doubt.REPORTS, ("expects that", "expected that", "proposes that", "proposed that", "feels that", "felt that")),
    (Doubt.REPORTS, ("recommends that", "recommended that", "fears that", "feared that", "notes that", "noted that")),
    (Doubt.REPORTS, ("put it", "puts it", "as per")),
    (Doubt.REPORTS, ("asked that", "demands that", "demanded that", "suggests that", "suggested that", "heard that")),
    (Doubt.REPORTS, ("a d\u00e9clar\u00e9", "d'apr\u00e8s", "ha dicho", "laut dem", "laut der", "laut den")),
    (Doubt.ASKS, ("ask if", "asks if", "asked if", "ask who", "ask why", "ask what", "est-ce que")),
)
"""Words that have their meaning only together."""

_BETWEEN_BLANKS = tuple((doubt, tuple(f" {phrase} " for phrase in phrases)) for doubt, phrases in _PHRASES)
"""The same as they stand in a line of words."""

_ALLOWED = (
    "no later than",
    "not later than",
    *(f"false {what}" for what in ("positive", "positives", "negative", "negatives", "alarm", "alarms")),
)
"""Words that deny nothing although one of them alone would."""

_RETRACTS = re.compile(
    r"\b(?:(?:scratch|strike|forget|ignore|disregard) (?:it|that|this|them|the above|(?:the|my) (?:\w+ )?(?:line|action"
    r"|item|point|entry|task|list)s? (?:above|before))|(?:take|took) (?:it|that|this|them)(?: all)? back|never ?mind"
    r"|second thoughts?|chang(?:e|ed) my mind|i was (?:wrong|mistaken)|(?:only|just) (?:kidding|joking))\b",
    re.I,
)
"""Words that take back what was said before them, in the same sentence or on a line above."""

_IMPERATIVES = _set("stop avoid reject forbid decline refuse cancel abandon withdraw skip omit cease disregard")
"""Verbs that deny something, but are the task itself at the beginning of a sentence: "Stop the old server"."""

_ASKS_FIRST = _set("""
    who whom whose what why how which where is are was were can could should shall would might does did has
    wird werden soll sollen sollte sollten kann k\u00f6nnen ist sind hat haben darf d\u00fcrfen wer was warum wieso wie
    wann pourquoi qui quand comment
    """)
"""Words that ask at the beginning of a sentence."""
_ASKS_PERSON = _set("will do have had must may am")
"""Words that ask at the beginning of a sentence only before somebody: "Will the tester ..."."""
_PERSONS = _set("i we you he she it they this that there anyone anybody someone somebody everyone")
_ARTICLES = _set("the a an our your his her their its")
_CHECKS = _set("check checks verify test tests confirm determine measure decide find out see assess evaluate review")
"""Before "whether", words that make it the object of a task."""

_CONSENT = _set("""
    approval approvals review confirmation decision agreement consent sign-off signoff budget funding acceptance
    """)
"""What a task waits for after "pending" and "upon"."""
_CONSENTED = _set("approved agreed confirmed accepted funded signed granted cleared authorised authorized")
"""After "once", words that make it a condition."""
_PARTICIPLES = _set("been done had gone made taken given kept known seen told run written built sent")
_EXAMPLE = re.compile(
    r"(?:for (?:example|instance)|example|e\.g\.|say(?= (?:the|a|an|we|our)\b)|let(?:'s| us) say)\b", re.I
)
"""The beginning of a sentence that only gives an example."""
_STATUS = re.compile(
    r"\W{0,3}(?:x|done|dropped|obsolete|superseded|postponed|deferred|closed|void|n/a|not applicable|wontfix)"
    r"\s?[])}:\u2013\u2014-]",
    re.I,
)
"""The beginning of a task that says itself that it is not to be done, such as "[x]" or "dropped:"."""
_OPEN = re.compile(r"\(\s?(?:tbc|tbd)\s?\)[\s.]*\Z", re.I)
"""The end of a sentence that is not decided yet."""
_IRONY = re.compile(r"(?:\s/s|[;]-?[)P]|[\U0001f609\U0001f61c\U0001f643\U0001f923])[\s.!)]*\Z")
"""Signs at the end of a sentence that is not meant."""

_PAST = _set("was were had did went began ran fell broke came lost took made got rose hit left saw became grew sent")
"""Past forms; a "when" before one of them tells when something happened, not on what it depends."""

_GERMAN = _set("der das und ist wird wir ich ein eine einen den dem sie er es soll muss auf mit")

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[,;:.!]")
_NUMBERED = re.compile(r"\bno\.\s*\d", re.I)
_STRUCK = re.compile(r"~~|(?<![\w~])~[^\s~][^~\n]*~(?![\w~])|[\u0335-\u0338]|</?(?:del|s|strike)>", re.I)
_QUOTE_LINE = ("> ", ">", "\uff1e", "```", "~~~")
_BLOCK_TAGS = re.compile(r"</?(?:q|blockquote|code|pre)>|<!--", re.I)
_HAN_OR_KANA = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_JAPANESE = (
    (Doubt.ASKS, re.compile(r"\u304b[\u3002\uff1f?!\uff01\u300d]|\u304b\s*\Z|\u304b\u3069\u3046\u304b")),
    (
        Doubt.DENIES,
        re.compile(
            "\u306a\u3044|\u307e\u305b\u3093|\u306a\u304b\u3063|\u306a\u304f|\u305a\u306b|\u305a\u3001|\u306a\u3057"
            "|\u7981\u6b62|\u62d2\u5426|\u53cd\u5bfe|\u5618|\u3079\u304b\u3089\u305a|\u3084\u3081"
        ),
    ),
    (Doubt.CONDITION, re.compile("\u3082\u3057|\u305f\u3089|\u306a\u3089|\u308c\u3070|\u5834\u5408|\u9650\u308a")),
    (
        Doubt.POSSIBLE,
        re.compile(
            "\u304b\u3082\u3057\u308c|\u3060\u308d\u3046|\u3067\u3057\u3087\u3046|\u306f\u305a|\u3089\u3057\u3044|(?:\u305f|\u308b|\u3044|\u3060)\u305d\u3046(?:\u3060|\u3067\u3059)|\u3088\u3046(?:\u3060|\u3067\u3059)|\u307f\u305f\u3044"
        ),
    ),
    (
        Doubt.REPORTS,
        re.compile(
            "\u3068\u306e\u3053\u3068|\u3068\u8a00|\u3068\u3044\u3063\u305f|\u3068\u8ff0\u3079|\u3068\u8a71|\u306b\u3088\u308b\u3068|\u306b\u3088\u308c\u3070"
        ),
    ),
)
_CHINESE = (
    (
        Doubt.ASKS,
        re.compile(
            "[\u5417\u55ce]|\u662f\u5426|\u662f\u4e0d\u662f|\u80fd\u4e0d\u80fd|\u4f1a\u4e0d\u4f1a|\u5462[\u3002\uff1f?]?\\Z"
        ),
    ),
    (
        Doubt.DENIES,
        re.compile(
            "[\u4e0d\u6ca1\u6c92\u65e0\u7121\u672a\u52ff\u83ab\u4f11]|\u62d2\u7edd|\u62d2\u7d55|\u53cd\u5bf9|\u53cd\u5c0d"
            "|\u7981\u6b62|\u5426\u8ba4|\u522b(?=[\u5220\u522a\u505a\u8ba9\u628a\u518d\u53bb])|(?:\\A|[\u8bf7\uff0c,])\u522b"
        ),
    ),
    (
        Doubt.CONDITION,
        re.compile(
            "\u5982\u679c|[\u82e5]|\u5047\u5982|\u5047\u8bbe|\u5047\u8a2d|\u8981\u662f|\u9664\u975e|\u53ea\u8981|\u53ea\u6709"
            "|\u4e00\u65e6|\u4e07\u4e00|\u842c\u4e00|\u7684\u8bdd|\u7684\u8a71|\u9664\u4e86"
        ),
    ),
    (
        Doubt.POSSIBLE,
        re.compile(
            "\u53ef\u80fd|\u4e5f\u8bb8|\u4e5f\u8a31|\u6216\u8bb8|\u6216\u8a31|\u5927\u6982|\u5e0c\u671b|\u597d\u50cf|\u4f3c\u4e4e|\u6050\u6015"
        ),
    ),
    (
        Doubt.REPORTS,
        re.compile(
            "\u4f20\u95fb|\u50b3\u805e|[\u8bf4\u8aaa](?![\u660e\u6cd5])|\u544a\u8bc9|\u544a\u8a34|\u636e\u79f0|\u64da\u7a31|\u58f0\u79f0|\u8072\u7a31"
            "|\u636e[^\u5e93]|\u8868\u793a"
        ),
    ),
)
_GREEK_SIGNS = frozenset("\u00b5\u03bc\u0394\u2206\u03a9\u03c0\u03c3\u03bb\u03b1\u03b2\u03b3\u03a3")


def why_not_plain(sentence: str, but: Collection[Doubt] = ()) -> str:
    """Why nothing may be taken from a sentence, in words that follow "as said; "; "" for a plain sentence.

    Args:
        sentence: one sentence or line, without its label. For the part of it that is not quoted, give
            ``quoted.outside(sentence)``.
        but: doubts that do not matter here.
    """
    return next((one.value for one in doubts(sentence) if one not in but), "")


def doubts(sentence: str) -> list[Doubt]:
    """All reasons why a sentence is not plain, each once, in the order of ``Doubt``."""
    found = set(_doubts(sentence))
    return [one for one in Doubt if one in found]


def retracts(line: str) -> bool:
    """Whether a line takes back what was said before it: "Scratch that", "Ignore the line above"."""
    return _RETRACTS.search(line) is not None


def _doubts(sentence: str) -> Iterator[Doubt]:
    if _STRUCK.search(sentence):
        yield Doubt.STRUCK
    if sentence.lstrip().startswith(_QUOTE_LINE) or _BLOCK_TAGS.search(sentence) or _quotes(sentence):
        yield Doubt.QUOTES
    if any(mark in sentence for mark in "?\uff1f\u00bf\u061f"):
        yield Doubt.ASKS
    flat = sentence if sentence.isascii() else _letters(sentence)  # most are, and none of their letters is unknown
    if flat is not sentence and any(map(_unknown, flat)):
        yield Doubt.SCRIPT
    if _HAN_OR_KANA.search(flat):
        table = _JAPANESE if _KANA.search(flat) else _CHINESE
        yield from (doubt for doubt, pattern in table if pattern.search(flat))
    if _EXAMPLE.match(flat.lstrip()) or _IRONY.search(flat) or _OPEN.search(flat):
        yield Doubt.POSSIBLE
    if _STATUS.match(flat):
        yield Doubt.DENIES
    yield from _by_words(_WORD.findall(_NUMBERED.sub("number", flat)))


def _letters(sentence: str) -> str:
    """A sentence in one form of its letters and signs, without those that are not shown."""
    flat = unicodedata.normalize("NFKC", sentence).replace("\u2019", "'").replace("\u02bc", "'").replace("\u2018", "'")
    flat = "".join(char for char in flat if unicodedata.category(char) != "Cf")
    return flat.replace("\u2010", "-").replace("\u2011", "-")


def _quotes(sentence: str) -> bool:
    """Whether a sentence quotes somebody. One word between backticks is the name of a command or a file."""
    spoken = (one for one in quotations(sentence) if one.mark != "`" or len(one.words.split()) != 1)
    return any(spoken) or unclosed(sentence)


def _unknown(char: str) -> bool:
    """Whether a character is a letter of a script of which no words are known here."""
    code = ord(char)
    if code < 0x250 or not char.isalpha() or char in _GREEK_SIGNS:
        return False
    latin = 0x1E00 <= code <= 0x1EFF or 0x2C60 <= code <= 0x2C7F
    east = 0x3005 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or code >= 0x20000
    return not (latin or east)


def _by_words(tokens: list[str]) -> Iterator[Doubt]:
    words = [token.lower() for token in tokens]
    spoken = [word for word in words if word not in {",", ";", ":", ".", "!"}]
    if not spoken:
        return
    line = f" {' '.join(spoken)} "
    for phrase in _ALLOWED:
        line = line.replace(f" {phrase} ", " ")
    yield from (doubt for doubt, phrases in _BETWEEN_BLANKS if any(map(line.__contains__, phrases)))
    if retracts(line):
        yield Doubt.DENIES
    if _asks_first(tokens):
        yield Doubt.ASKS
    left = line.split()
    if left and left[0] in _IMPERATIVES and left[1:2] not in (["to"], ["that"]):
        left = left[1:]
    for word in left:
        yield from _of_word(word, left)
    if spoken[0] == "without":
        yield Doubt.CONDITION
    # "on 5 May" is a month.
    if "may" in tokens[1:]:
        yield Doubt.POSSIBLE
    yield from _of_clauses(words)


def _of_word(word: str, line: list[str]) -> Iterator[Doubt]:
    if word in _KINDS:
        yield _KINDS[word]
    elif word.endswith("n't") or word.startswith("n'"):
        yield Doubt.DENIES
    elif word.startswith(("s'il", "s'ils")):
        yield Doubt.CONDITION
    elif word.endswith(("-t-il", "-t-elle", "-t-on", "-vous")):
        yield Doubt.ASKS
    elif word == "falls" and not _GERMAN.isdisjoint(line):
        yield Doubt.CONDITION
    elif "'" in word and (first := word.partition("'")[0]) in _KINDS and word.endswith("'s"):
        yield _KINDS[first]


def _asks_first(tokens: list[str]) -> bool:
    """Whether the words have the order of a question."""
    first, *rest = [token for token in tokens if token not in {",", ";", ":", ".", "!"}]
    if first.lower() in _ASKS_FIRST and rest:
        return True
    if first.lower() not in _ASKS_PERSON or not rest:
        return False
    after = rest[0].lower()
    if first.lower() in {"do", "have", "had"}:
        return after in _PERSONS
    return after in _PERSONS | _ARTICLES or rest[0][:1].isupper()


def _of_clauses(words: list[str]) -> Iterator[Doubt]:
    """The doubts of words that have several meanings, by the words around them."""
    for at, word in enumerate(words):
        before, after = words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
        if word == "whether" and before and before not in _CHECKS:
            yield Doubt.ASKS
        elif word == "whether" and not before:
            yield Doubt.CONDITION
        elif word == "when" or (word == "once" and after in _PERSONS | {"the", "all", "our", "every"}):
            clause = words[at + 1 : at + 13]
            if not any(one in _PAST or (one.endswith("ed") and len(one) > 4) for one in clause):
                yield Doubt.CONDITION
        elif _waits(word, before, after):
            yield Doubt.CONDITION
        elif word == "per" and not at and "," in words[:12]:  # "Per the plan, ..."
            yield Doubt.REPORTS
        elif (
            word == "have" and _is_past(after) and (before == "should" or words[max(0, at - 2) : at] == ["ought", "to"])
        ):
            yield Doubt.POSSIBLE


def _waits(word: str, before: str, after: str) -> bool:
    """Whether a word makes what is said wait for the consent of others: "pending approval", "budget allowing"."""
    if word == "pending":
        return after in _CONSENT or before in {"", ",", ";", "("}
    if word in {"upon", "after"}:
        return after in _CONSENT - ({"review", "decision"} if word == "after" else set())
    if word == "allowing":
        return after in {"", ",", ";", "."}
    return word == "once" and after in _CONSENTED


def _is_past(word: str) -> bool:
    return word in _PARTICIPLES or (word.endswith("ed") and len(word) > 3)
