"""Sentences of the double's own: a speaker never repeats another one, the prompt or its card."""

import zlib

WHO = (
    "The night shift", "A customer in Lisbon", "The invoice run", "Our oldest worker node", "The partner gateway",
    "A new colleague", "The audit in spring", "Every second deployment", "The search index", "A phone without signal",
    "The payment provider", "The nightly export", "A flaky cable in rack four", "The mobile client", "The help desk",
    "An expired certificate", "The warehouse scanner", "A rushed hotfix", "The reporting job", "The largest tenant",
    "The translation team", "A forgotten cron job", "The disaster drill", "The pricing service",
)  # fmt: skip
DOES = (
    "waits forty seconds for a lock", "needs twice the memory of last year", "depends on one person's notes",
    "was never tried above ninety percent load", "writes the same record two times", "reads stale numbers until noon",
    "fails without a message in the log", "costs eleven thousand euros a month", "loses its place after a restart",
    "skips the second check", "shares a disk with the mail archive", "has no owner since August",
    "took six hours in the last rehearsal", "breaks when two regions disagree", "asks for a password in plain words",
    "grows by a gigabyte a week", "returns an empty page to readers", "blocks the queue behind it",
    "ignores the limit that finance set", "is restored by hand from a laptop", "answers slower than the old one",
    "sends mail to people who left", "keeps data longer than allowed", "was measured on a quiet Sunday",
)  # fmt: skip
WHEN = (
    "before the first order of the day", "while the backup runs", "after a change of the clock", "on the last Friday",
    "as soon as a second team joins", "during the winter peak", "when the cache is cold", "until somebody calls",
    "each time a shard moves", "under the new contract", "once the trial ends", "where nobody looks",
)  # fmt: skip
TASKS = (
    "measure the slowest path", "write down the way back", "name an owner for the gateway", "try a restore",
    "count the failed logins", "draw the flow of one order", "agree a limit with finance", "rotate the old keys",
    "test with a copy of real data", "list what still calls the old one", "add an alarm for the queue",
    "ask three customers", "cut the job into two", "move the logs to their own disk", "time a cold start",
    "check the contract with the provider",
)  # fmt: skip
TASK_WHEN = (
    "before the first order of the day",
    "after a change of the clock",
    "during the winter peak",
    "under the new contract",
)


def sentence(seed: int, label: str, number: int = 0) -> str:
    """One sentence, the same for the same speaker, label and number; others have others."""
    who, does, when = _three(f"{seed}/{label}/{number}", len(WHO), len(DOES), len(WHEN))
    return f"{WHO[who]} {DOES[does]} {WHEN[when]}."


def task(seed: int, number: int = 0) -> str:
    """Something to do, in the words after "will"."""
    one, when, _ = _three(f"{seed}/task/{number}", len(TASKS), len(TASK_WHEN), 1)
    return f"{TASKS[one]} {TASK_WHEN[when]}"


def _three(key: str, one: int, two: int, three: int) -> tuple[int, int, int]:
    drawn = zlib.crc32(key.encode())
    return drawn % one, drawn // one % two, drawn // (one * two) % three
