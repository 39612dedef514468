"""What each way to write a line of ``.env`` means: the same for the program, the scripts and Compose.

The variable is PROBE. None means that it is not set. ``DIFFERENT`` says which reader takes a case in another way.
"""

REFUSES = "refuses the file"
"""Instead of a value in DIFFERENT: this reader says that the file is wrong."""

CASES: list[tuple[str, str | None]] = [
    ("PROBE=8000", "8000"),
    ("PROBE=8000\n", "8000"),
    ("\n\nPROBE=8000\n\n", "8000"),
    # comments
    ("PROBE=8000 # mine", "8000"),
    ("PROBE=8000 #mine", "8000"),
    ("PROBE=8000   # mine", "8000"),
    ("PROBE=8000\t# mine", "8000"),
    ("PROBE=8000# mine", "8000# mine"),
    ("PROBE=#8000", "#8000"),
    ("PROBE= # mine", ""),
    ("PROBE=http://host:1/path?a=b#c", "http://host:1/path?a=b#c"),
    ("# PROBE=8000\n", None),
    ("#PROBE=8000\n", None),
    ("PROBE=8000\n#PROBE=9000\n", "8000"),
    ("PROBE=8000\n  # a comment\n", "8000"),
    # export, and blanks around the name, the sign and the value
    ("export PROBE=8000", "8000"),
    ("export  PROBE=8000", "8000"),
    ("export\tPROBE=8000", "8000"),
    ("  PROBE=8000", "8000"),
    ("\tPROBE=8000", "8000"),
    ("  export PROBE=8000", "8000"),
    ("PROBE =8000", "8000"),
    ("PROBE= 8000", "8000"),
    ("PROBE = 8000", "8000"),
    ("PROBE=8000   ", "8000"),
    ("PROBE=my backups", "my backups"),
    ("PROBE=my  backups # here", "my  backups"),
    # quotes
    ('PROBE="8000"', "8000"),
    ("PROBE='8000'", "8000"),
    ('PROBE = "my backups"', "my backups"),
    ("PROBE = 'my backups'", "my backups"),
    ('export PROBE="my backups"', "my backups"),
    ('PROBE="8000" # mine', "8000"),
    ("PROBE='8000' # mine", "8000"),
    ('PROBE="8000"  ', "8000"),
    ('PROBE="a # b"', "a # b"),
    ("PROBE='a # b'", "a # b"),
    ("PROBE=' a '", " a "),
    ('PROBE="it\'s"', "it's"),
    ("PROBE='a \"b\"'", 'a "b"'),
    ("PROBE=it's", "it's"),
    ('PROBE=a"b"', 'a"b"'),
    # line ends, and the mark that editors of Windows put in front
    ("PROBE=8000\r\nOTHER=1\r\n", "8000"),
    ('PROBE="8000"\r\n', "8000"),
    ("PROBE=8000 # mine\r\n", "8000"),
    ("\ufeffPROBE=8000\r\n", "8000"),
    ("\ufeff# settings\nPROBE=8000\n", "8000"),
    # nothing, twice, and names that are not this one
    ("PROBE=", ""),
    ('PROBE=""', ""),
    ("PROBE=''", ""),
    ("PROBE=\r\n", ""),
    ("PROBE=8000\nPROBE=9000\n", "9000"),
    ("PROBE=8000\nexport PROBE = '9000' # mine\n", "9000"),
    ("PROBE=8000\nPROBE=\n", ""),
    ("OTHER=1\n", None),
    ("MY_PROBE=8000\nPROBE2=8000\nPROBE_=8000\n", None),
    ("probe=8000\n", None),
    # signs
    ("PROBE=a=b", "a=b"),
    ("PROBE=-1", "-1"),
    ("PROBE=50%", "50%"),
    ("PROBE=a;b", "a;b"),
    ("PROBE=a!b", "a!b"),
    ("PROBE=a&b|c", "a&b|c"),
    ("PROBE=`a`", "`a`"),
    ("PROBE=$(a)", "$(a)"),
    ("PROBE=~/backups", "~/backups"),
    ("PROBE=C:\\backups", "C:\\backups"),
    ("PROBE='C:\\backups'", "C:\\backups"),
    ("PROBE=grün", "grün"),
    ("PROBE=cto=qwen3:8b, qa_engineer=llama3.2:1b", "cto=qwen3:8b, qa_engineer=llama3.2:1b"),
    ("PROBE=5$", "5$"),
    ("PROBE=a$b", "a$b"),
    ("PROBE='a$b'", "a$b"),
    ("PROBE=$$a", "$$a"),
    # mistakes
    ("PROBE", None),
    ('PROBE="8000', None),
    ("set PROBE=8000", None),
    ("PROBE: 8000", None),
]
"""A ``.env`` and the value of PROBE that it gives."""

CASES_OF_THE_PROGRAM: list[tuple[str, str | None]] = [
    ("OTHER=1\nPROBE=${OTHER}", "1"),
    ('OTHER=1\nPROBE="${OTHER}"', "1"),
    ("PROBE=${OTHER}", ""),
    ("PROBE=${OTHER:-8000}", "8000"),
    ('PROBE="say \\"a\\""', 'say "a"'),
    ("PROBE='it\\'s'", "it's"),
    ('PROBE="C:\\\\backups"', "C:\\backups"),
    ('PROBE="C:\\backups"', "C:\x08ackups"),
    ('PROBE="a\\nb"', "a\nb"),
    ('PROBE="a\nb"', "a\nb"),
]
"""More of them, which the scripts need not know: other variables, signs after a backslash, and several lines."""

DIFFERENT: dict[str, dict[str, str | None]] = {
    "PROBE=8000\t# mine": {"v2": "8000\t# mine"},
    "PROBE= # mine": {"v1": "# mine", "v2": "# mine"},
    "PROBE=a$b": {"v2": "a"},
    "PROBE=$$a": {"v2": "$a"},
    "PROBE": {"v2": REFUSES},
    'PROBE="8000': {"v2": REFUSES},
    "set PROBE=8000": {"v2": REFUSES},
    "PROBE: 8000": {"v2": "8000"},
}
"""What Compose makes of a case, where it is something else. Hence the advice in .env.example: put a value with a dollar
sign between single quotes, and a comment behind a blank or on a line of its own.
"""
