"""Letters: minutes as a page of HTML that mail programs show, and that can be printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.language import _
from bot.minutes_text import RECORDS
from bot.minutes_views import (
    HEADING,
    TITLE,
    Piece,
    is_locked,
    pieces,
    sections,
    shown_line,
    unlocked,
)
from bot.pages import letter

# White words are read on all of them, and all of them stand out from white and from black.
COLOURS = {"decision": "#007a5a", "action": "#0072b2", "risk": "#b4530a", "issue": "#b3261e"}
REMARK = "#6b6b70"


@dataclass(frozen=True)
class Row:
    """One line of a chapter: its *label* stands beside what it says, in a *colour* or in none."""

    pieces: Sequence[Piece]
    label: str = ""
    colour: str = ""
    is_confidential: bool = False


@dataclass(frozen=True)
class Chapter:
    """A heading of the minutes and the lines below it."""

    title: str
    rows: Sequence[Row]
    is_confidential: bool = False

    @property
    def has_labels(self) -> bool:
        return any(row.label for row in self.rows)

    @property
    def is_list(self) -> bool:
        """Whether its labels are people's names and the like, which take more room."""
        return not any(row.colour for row in self.rows)


def minutes_page(text: str, *, standing: str = "", digest: str = "") -> str:
    """The *text* of minutes, or of what of it goes outside, as a page of HTML.

    *standing* says in words how far their approval is, *digest* what the approved text is
    known by.
    """
    head, *chapters = (_chapter(section) for section in sections(text))
    return letter("minutes", head=head, chapters=chapters, standing=standing, digest=digest)


def _chapter(section: Sequence[str]) -> Chapter:
    first = section[0]
    is_head = first.startswith(TITLE)
    heading = shown_line(unlocked(first)) if first.startswith((TITLE, HEADING)) else ""
    title = " ".join(heading.split())
    is_list = title in _lists()
    lines = section[1:] if heading else section
    rows = [_row(line, is_plain=is_head, is_list=is_list) for line in lines if line.strip()]
    return Chapter(title, rows, is_locked(first))


def _lists() -> tuple[str, str]:
    """The chapters whose lines begin with what they are about and a colon.

    The second one is in minutes of earlier versions, which are mailed as they were approved.
    """
    return _("Attendance"), _("Actions by person")


def _row(line: str, *, is_plain: bool, is_list: bool) -> Row:
    """A *line*; of a *plain* one nothing is told apart."""
    said = list(pieces(unlocked(line)))
    label = colour = ""
    if is_list and not is_plain:
        label, said = _split(said)
    elif said and said[0].is_bold and not is_plain:
        label, colour = said[0].words, _colour(said[0].words)
        said = said[1:]
    return Row(said, label, colour, is_locked(line))


def _split(said: list[Piece]) -> tuple[str, list[Piece]]:
    """What stands before the first colon of a line, and the rest of it."""
    first = said[0].words if said else ""
    label, colon, rest = first.partition(": ")
    return (label, [Piece(rest), *said[1:]]) if colon else ("", said)


def _colour(label: str) -> str:
    return dict(_coloured()).get(label, REMARK)


def _coloured() -> Iterator[tuple[str, str]]:
    return ((_(words), COLOURS[kind]) for kind, words in RECORDS.items())
