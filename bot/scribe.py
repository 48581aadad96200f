"""The scribe's marks: what one line of a meeting's thread is, such as an action or the next topic.

Three ways of writing are known: our own (``A: …``), MeetBot's (``#action …``) and that of the
W3C's scribes (``ACTION: …``); who mixes the last two is understood (``#action: …``). A mark counts
only at the start of a line.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum


class Mark(StrEnum):
    """What a line is; the value is how it is stored."""

    ACTION = "action"
    DECISION = "decision"
    RISK = "risk"
    ISSUE = "issue"
    NOTE = "note"
    IDEA = "idea"
    HELP = "help"
    PROPOSAL = "proposal"
    LINK = "link"
    TOPIC = "topic"
    NEXT = "next"
    PARK = "park"
    UNDO = "undo"
    LIST = "list"
    CHAIR = "chair"
    START = "start"
    END = "end"
    MISTAKE = "mistake"


RECORDS = frozenset({Mark.ACTION, Mark.DECISION, Mark.RISK, Mark.ISSUE})
"""What becomes an entry of the register of the same name."""

NOTES = frozenset({Mark.NOTE, Mark.IDEA, Mark.HELP, Mark.PROPOSAL, Mark.LINK})
"""What is written down and nothing more."""

COURSE = frozenset({Mark.TOPIC, Mark.NEXT, Mark.PARK, Mark.UNDO})
"""What decides which item a line belongs to, or whether it counts."""

HOSTS = frozenset({Mark.NEXT, Mark.PARK, Mark.CHAIR, Mark.END})
"""What only who hosts the meeting may write."""

_WORDED = RECORDS | NOTES | {Mark.TOPIC, Mark.CHAIR}

LETTERS = {
    "a": Mark.ACTION, "d": Mark.DECISION, "r": Mark.RISK, "i": Mark.ISSUE, "n": Mark.NOTE,
}  # fmt: skip
NAMES = {
    "action": Mark.ACTION, "resolved": Mark.DECISION, "resolution": Mark.DECISION,
    "agreed": Mark.DECISION, "decision": Mark.DECISION, "risk": Mark.RISK, "issue": Mark.ISSUE,
    "note": Mark.NOTE, "info": Mark.NOTE, "proposed": Mark.PROPOSAL, "proposal": Mark.PROPOSAL,
    "topic": Mark.TOPIC,
}  # fmt: skip
HASHES = {
    "action": Mark.ACTION, "agreed": Mark.DECISION, "agree": Mark.DECISION,
    "accepted": Mark.DECISION, "accept": Mark.DECISION, "info": Mark.NOTE, "idea": Mark.IDEA,
    "help": Mark.HELP, "halp": Mark.HELP, "link": Mark.LINK, "topic": Mark.TOPIC,
    "undo": Mark.UNDO, "chair": Mark.CHAIR, "startmeeting": Mark.START, "endmeeting": Mark.END,
}  # fmt: skip
QUIET = frozenset(
    "rejected reject unchair meetingname meetingtopic nick lurk unlurk save restrictlogs commands"
    .split()
)  # fmt: skip
"""MeetBot's words that mean nothing here; they are no mistakes either."""

BANGS = {"list": Mark.LIST, "undo": Mark.UNDO, "next": Mark.NEXT, "park": Mark.PARK}
ALONE = {"next": Mark.NEXT, "park": Mark.PARK}

_LETTER = re.compile(r"([adrin])\s*:\s*", re.IGNORECASE)
_NAME = re.compile(r"([^\W\d_]{4,12})\s*:\s*")
_HASH = re.compile(r"#\s?([^\W\d_]+)(?:\s?(?P<colon>:)|(?!\S))\s*")
_BANG = re.compile(r"!([^\W\d_]+)[.!]*$")
_ALONE = re.compile(r"([^\W\d_]+)[.!]*$")
_URL = re.compile(r"https?://[^\s<>]*[^\s<>.,;:!?)\]'\"]")
_NEAR = 0.75  # how like a known word one must be to be a mistake rather than a word of one's own


@dataclass(frozen=True)
class Said:
    """What a line is, and where the words behind its mark start."""

    mark: Mark
    start: int = 0


def read(line: str) -> Said | None:
    """What *line* is; None for talk."""
    start = len(line) - len(line.lstrip())
    text = line[start:].rstrip()
    for reader in (_letter, _hash, _bang, _name, _alone, _link):
        found = reader(text)
        if found is not None:
            return _checked(Said(found.mark, start + found.start), line)
    return None


def first_url(text: str) -> str | None:
    """The first web address in *text*."""
    match = _URL.search(text)
    return match[0] if match else None


def _letter(text: str) -> Said | None:
    match = _LETTER.match(text)
    if match is None or text[match.end() :].startswith(("\\", "/")):  # a drive of a computer
        return None
    return Said(LETTERS[match[1].lower()], match.end())


def _hash(text: str) -> Said | None:
    match = _HASH.match(text)
    if match is None:
        return None
    word = match[1].lower()
    known = NAMES | HASHES if match["colon"] else HASHES  # many mix the two ways
    if word in known:
        return Said(known[word], match.end())
    is_near = word not in QUIET and get_close_matches(word, known, 1, _NEAR)
    return Said(Mark.MISTAKE) if is_near else None


def _bang(text: str) -> Said | None:
    match = _BANG.match(text)
    if match is None:
        return None
    word = match[1].lower()
    if word in BANGS:
        return Said(BANGS[word], match.end())
    return Said(Mark.MISTAKE) if get_close_matches(word, BANGS, 1, _NEAR) else None


def _name(text: str) -> Said | None:
    match = _NAME.match(text)
    if match is None:
        return None
    word = match[1].lower()
    if word in NAMES:
        return Said(NAMES[word], match.end())
    # Only shouted words: "Actions: …" may be talk, "ACTOIN: …" is a scribe's slip.
    is_slip = match[1].isupper() and get_close_matches(word, NAMES, 1, _NEAR)
    return Said(Mark.MISTAKE) if is_slip else None


def _alone(text: str) -> Said | None:
    match = _ALONE.match(text)
    mark = ALONE.get(match[1].lower()) if match else None
    return Said(mark, len(text)) if mark else None


def _link(text: str) -> Said | None:
    return Said(Mark.LINK) if _URL.search(text) else None


def _checked(said: Said, line: str) -> Said:
    """A mark with nothing behind it where something belongs is a mistake."""
    is_empty = said.mark in _WORDED and not line[said.start :].strip()
    return Said(Mark.MISTAKE) if is_empty else said
