"""The words that name days and times, as tables; and whether a text has any of them, which is quickly seen."""

import unicodedata
from collections.abc import Sequence

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "ein": 1, "eine": 1, "einem": 1, "einer": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7,
    "acht": 8, "neun": 9, "zehn": 10, "vierzehn": 14,
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
    "quinze": 15,
    "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "quince": 15,
}  # fmt: skip
"""Small numbers as words, in all languages that have spaces."""

SHORT_WEEKDAYS = {
    "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
SHORT_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
MONTH_NUMBERS = {name: number for number, name in enumerate(MONTHS, 1)} | SHORT_MONTHS
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
NAMED_WEEKDAYS = frozenset({
    "black", "good", "easter", "cyber", "ash", "maundy", "palm", "super", "patch", "holy", "shrove", "whit", "fat",
    "casual",
})  # fmt: skip
"""Words that make another day of a weekday: "Black Friday" is one day of the year."""
REPEATED = frozenset({"every", "each", "any", "some", "a", "alternate", "other", "most"})
"""Words before a weekday after which it is no single day."""
WHICH = {
    "next": "next", "this": "this", "coming": "coming", "last": "last", "past": "last", "previous": "last",
    "following": "following", "upcoming": "coming",
}  # fmt: skip

NEAR = {"today": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1, "tmr": 1, "yesterday": -1}
ENDS = {
    "eod": "day",
    "cob": "day",
    "eob": "day",
    "cop": "day",
    "eow": "week",
    "eom": "month",
    "eoq": "quarter",
    "eoy": "year",
}
UNITS = {
    "day": "day", "days": "day", "week": "week", "weeks": "week", "fortnight": "fortnight", "fortnights": "fortnight",
    "month": "month", "months": "month", "year": "year", "years": "year", "hour": "", "hours": "", "quarter": "",
    "quarters": "", "sprint": "", "sprints": "", "weekend": "", "weekends": "", "iteration": "", "iterations": "",
}  # fmt: skip
"""Units of time; those with "" are no number of days."""
SOON = frozenset({"soon", "asap", "shortly", "immediately", "eventually", "someday", "tbd", "tba"})
UNDATED = frozenset({
    "week", "month", "quarter", "year", "sprint", "iteration", "weekend", "holidays", "holiday", "christmas", "xmas",
    "easter", "thanksgiving", "ramadan", "diwali", "hanukkah", "midsummer", "summer", "winter", "spring", "autumn",
    "fall", "vacation", "vacations", "halloween", "midnight", "noon", "midday", "lunch", "lunchtime", "weekends",
    "ferien", "weihnachten", "ostern", "pfingsten", "sommer", "wochenende", "quartal", "quartals", "quartalsende",
    "vacances", "noel", "paques", "trimestre", "ete", "semaine", "mois",
    "vacaciones", "navidad", "verano", "semana", "mes", "woche", "monat", "jahr", "jahres", "annee",
})  # fmt: skip
"""Words for a time that is no single day, or that not all calendars agree on."""
DAYPARTS = frozenset({
    "morning", "afternoon", "evening", "night", "noon", "midday", "midnight", "lunch", "lunchtime", "breakfast",
    "eod", "cob", "eob", "cop",
})  # fmt: skip

FOREIGN = {
    name: codes
    for codes, names in {
        "de": "montag dienstag mittwoch donnerstag freitag samstag sonntag januar jänner februar märz mai juni juli "
        "oktober dezember heute morgen übermorgen gestern okt dez",
        "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche janvier février fevrier mars avril mai juin juillet "
        "août aout septembre octobre novembre décembre decembre demain hier",
        "es": "lunes martes miércoles miercoles jueves viernes sábado sabado domingo enero febrero marzo abril mayo "
        "junio julio agosto septiembre octubre noviembre diciembre hoy mañana manana ayer",
    }.items()
    for name in names.split()
}
"""German, French and Spanish words for days and months, by language; the library knows what they mean."""
FOREIGN_UNITS = {
    "tag": "day", "tage": "day", "tagen": "day", "woche": "week", "wochen": "week", "monat": "month", "monate": "month",
    "monaten": "month", "jour": "day", "jours": "day", "semaine": "week", "semaines": "week", "mois": "month",
    "día": "day", "dia": "day", "días": "day", "dias": "day", "semana": "week", "semanas": "week", "mes": "month",
    "meses": "month",
}  # fmt: skip
PARTS_OF_DAYS = ("abend", "morgen", "mittag", "nachmittag", "vormittag")
"""What German weekdays are joined with: "Dienstagabend"."""
FOREIGN |= {
    f"{day}{part}": "de"
    for day in ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
    for part in PARTS_OF_DAYS
}
FOREIGN_NEXT = frozenset({
    "nächsten", "nächster", "nächste", "nächstem", "naechsten", "prochain", "prochaine", "prochains",
    "prochaines", "próximo", "próxima", "próximos", "próximas", "proximo", "proxima", "proximos", "proximas",
})  # fmt: skip
FOREIGN_LATER = frozenset({"\u00fcbern\u00e4chsten", "\u00fcbern\u00e4chster", "\u00fcbern\u00e4chste"})
FOREIGN_COMING = frozenset({"kommenden", "kommender", "kommende", "diesen", "dieser", "ce", "este"})

_OTHERS = frozenset(
    {
        "afternoon",
        "evening",
        "morning",
        "business",
        "play",
        "monats",
        "ano",
        "a\u00f1o",
        "release",
        "end",
        "mid",
        "early",
        "late",
        "midweek",
        "christmas",
        "aujourd",
        "fin",
        "finales",
        "monatsende",
        "jahresende",
    }
)
_ALL = (
    frozenset(WEEKDAYS)
    | {f"{name}s" for name in WEEKDAYS}
    | set(SHORT_WEEKDAYS)
    | set(MONTH_NUMBERS)
    | set(NEAR)
    | set(ENDS)
    | set(UNITS)
    | SOON
    | UNDATED
    | set(FOREIGN)
    | set(FOREIGN_UNITS)
    | _OTHERS
    | {"noël", "pâques", "été", "année", "possible"}
)
ABOUT = frozenset({"about", "around", "approximately", "roughly", "circa", "ca", "etwa", "environ", "~"})
ARTICLES = frozenset(
    {
        "on",
        "den",
        "dem",
        "der",
        "am",
        "zum",
        "zur",
        "le",
        "la",
        "el",
        "au",
        "l",
        "'",
        "del",
        "al",
        "las",
        "los",
        "les",
        "this",
    }
)
"""Words that may stand before a day and say nothing of it."""
STARTS = frozenset({
    "the", "in", "within", "at", "as", "close", "beginning", "start", "middle", "half", "course", "later", "several",
    "few", "new", "q", "h", "kw", "cw", "wk", "current", "um", "die", "das", "innerhalb", "binnen", "sous", "dans",
    "en", "dentro", "ici", "ende", "fin", "final", "finales", "apr\u00e8s", "apres", "pasado", "mo", "di", "mi", "do",
    "fr", "sa", "so", "las", "los", "les", "mitte", "anfang", "d\u00e9but", "debut", "mediados", "principios",
    "jeden", "jedem", "chaque", "cada", "tous",
    *_ALL, *WHICH, *REPEATED, *NAMED_WEEKDAYS, *ORDINALS, *COUNTS, *ABOUT, *ARTICLES, *DAYPARTS, *FOREIGN_NEXT,
    *FOREIGN_COMING, *FOREIGN_LATER,
})  # fmt: skip
"""Words with which something about time can begin, besides numbers."""

AFTER_NUMBERS = frozenset({
    "of", "or", "to", "and", "de", "am", "pm", "a", "p", "o", "uhr", "working", "business", "on", "st", "nd", "rd",
    "th", "er", "full", "h", *MONTH_NUMBERS, *UNITS, *FOREIGN, *FOREIGN_UNITS, *DAYPARTS,
})  # fmt: skip
"""Words after a number with which it may say something about time."""


def may_name_a_time(words: Sequence[str]) -> bool:
    """Whether a text can name a day at all: it has a number, one of the words of the tables, or a sign of East Asia.

    Args:
        words: its words, in lower case.
    """
    return any(word in _ALL or word[0].isdecimal() or word[0] >= "\u2e80" for word in words)


def plain(word: str) -> str:
    """A word without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))
