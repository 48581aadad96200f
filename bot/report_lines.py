"""Report lines: what became of an entry, or what is to come of it, in words on one line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.cards import due_words, lateness
from bot.entries import register_of
from bot.language import _
from bot.messages import Message, rich_text, shortened
from bot.pages import days
from bot.progress import EntryChange
from bot.projects import Project
from bot.register import Entry
from bot.registers.milestones import MILESTONES, signed_days
from bot.status import heading_of_scores
from bot.typed import escape, one_line

TITLE_LIMIT = 140
REASON_LIMIT = 200
LINE_EXTRA = 20
OCCURRED, DONE, NEW, MOVED, OTHER = "!", "✓", "+", "→", "•"
ORDER = (OCCURRED, DONE, NEW, MOVED, OTHER)


@dataclass(frozen=True)
class Line:
    """One line of a report: its *mark* says what kind of news it is."""

    mark: str
    name: str
    text: str


@dataclass(frozen=True)
class Piece:
    """A few lines under a title, which stay together; *more* says what is left out."""

    title: str
    tally: str
    lines: Sequence[Line]
    more: str = ""

    @property
    def size(self) -> int:
        """About how many characters it has."""
        return 100 + sum(len(line.text) + LINE_EXTRA for line in self.lines)

    def message(self) -> Message:
        """The lines as one block of rich text, in which what people typed is never markup."""
        rows = (
            [[_bold(self.title), _plain(self.tally and f" · {self.tally}")]] if self.title else []
        )
        rows += [
            [_plain(f"{line.mark} "), _bold(line.name), _plain(f" · {line.text}")]
            for line in self.lines
        ]
        rows += [[_plain(self.more)]] if self.more else []
        text = "\n".join("".join(element["text"] for element in row) for row in rows)
        shown = [[element for element in row if element["text"]] for row in rows]
        return Message(escape(text), [rich_text(shown)])


@dataclass(frozen=True)
class Teller:
    """Says what became of the entries of *project*; *owners* are people's names by key."""

    project: Project
    owners: Mapping[int, str]
    today: date

    def line(self, change: EntryChange) -> Line | None:
        """What became of an entry; None where it is nothing a report tells."""
        told = self._told(change)
        if not told:
            return None
        words = [_title(change.entry), *told]
        if reason := change.reason or (change.is_new and change.after.get("reason")):
            words.append(f"“{shortened(reason, REASON_LIMIT)}”")
        return Line(_mark(change), _name(change.entry), " · ".join(words))

    def coming(self, entry: Entry) -> Line:
        """What is to be done about an entry, and by when."""
        gist = entry.gist()
        when = _short(entry.due or self.today, self.today)
        words = [when, _title(entry), *gist, *self._owner(entry)]
        return Line(OTHER, _name(entry), " · ".join(words))

    def threat(self, entry: Entry) -> Line:
        """How bad an open risk is, and whose it is."""
        words = [_title(entry), *entry.gist(), *self._owner(entry)]
        return Line(OTHER, _name(entry), " · ".join(words))

    def late(self, entry: Entry) -> Line:
        """What should have been done, and how long ago."""
        words = [_title(entry), *self._owner(entry), lateness(entry, self.today)]
        return Line(OTHER, _name(entry), " · ".join(words))

    def _told(self, change: EntryChange) -> list[str]:
        if change.is_withdrawn:  # what came and went meanwhile is no news
            return [] if change.is_new else [_("taken back")]
        if change.is_closed:
            end = self._closed(change)
            end = _("added and {end}").format(end=end) if change.is_new else end
            return [end, *self._owner(change.entry)]
        if change.is_new:
            return self._facts(change.entry)
        told = [_("open again")] if change.is_reopened else []
        told += [words for words in self._differences(change) if words]
        has_owner = not told or change.has_changed("owner_id")
        return told if has_owner else [*told, *self._owner(change.entry)]

    def _facts(self, entry: Entry) -> list[str]:
        """What is to be known of a new entry."""
        due = [due_words(entry)] if entry.due else []
        return [*(entry.gist()), *self._owner(entry), *due] or [_("new")]

    def _owner(self, entry: Entry) -> list[str]:
        owner = self.owners.get(entry.owner_id or 0)
        return [owner] if owner else []

    def _closed(self, change: EntryChange) -> str:
        entry = change.entry
        if change.became is not None:
            return _("occurred, now {issue}").format(issue=_name(change.became))
        closed = self.project.local_date(datetime.fromisoformat(change.after["closed_at"]))
        outcome = change.after["outcome"]
        if change.after.get("actual"):
            return self._reached(entry, date.fromisoformat(change.after["actual"]))
        register = register_of(entry)
        is_done = outcome == next(iter(register.outcomes.values()))
        late = lateness(entry, closed) if is_done and register.has_deadline else ""
        return ", ".join(filter(None, (_(outcome), late)))

    def _reached(self, entry: Entry, actual: date) -> str:
        planned = getattr(entry, "baseline", None) or entry.due
        told = _("reached {day}").format(day=_short(actual, self.today))
        if planned is None:
            return told
        count = self.project.calendar.between(planned, actual)
        return f"{told}, {signed_days(count)}" if count else f"{told}, {_('on time')}"

    def _differences(self, change: EntryChange) -> Iterable[str]:
        """What is another than before, by what matters."""
        old, new = change.before, change.after
        if change.has_changed("due") and register_of(change.entry).has_deadline:
            yield self._moved(change.entry, _date(old["due"]), _date(new["due"]))
        if change.has_changed("baseline"):
            shown = days(_date(old["baseline"]), _date(new["baseline"]), self.today)
            yield _("baseline {days}").format(days=shown)
        if change.has_changed("owner_id"):
            yield " → ".join(self.owners.get(c["owner_id"] or 0, _("nobody")) for c in (old, new))
        if change.has_changed("probability") or change.has_changed("impact"):
            yield _rescored(change)
        if change.has_changed("severity"):
            yield f"{_(old['severity'])} → {_(new['severity'])}"
        if change.has_changed("blocked_by"):
            blocker = new["blocked_by"]
            text = _("blocked by {what}").format(what=shortened(blocker or "", REASON_LIMIT))
            yield text if blocker else _("unblocked")
        if change.has_changed("title"):
            yield _("was “{title}”").format(title=shortened(old["title"], TITLE_LIMIT))

    def _moved(self, entry: Entry, old: date | None, new: date | None) -> str:
        shown = days(old, new, self.today)
        if register_of(entry) is not MILESTONES or old is None or new is None:
            return shown
        return f"{shown}, {signed_days(self.project.calendar.between(old, new))}"


def _plain(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _bold(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text, "style": {"bold": True}}


def tally(lines: Iterable[Line]) -> str:
    """How much of each kind of news there is."""
    words = {
        OCCURRED: _("{count} occurred"),
        DONE: _("{count} closed"),
        NEW: _("{count} new"),
        MOVED: _("{count} moved"),
        OTHER: _("{count} changed"),
    }
    marks = [line.mark for line in lines]
    told = [words[mark].format(count=marks.count(mark)) for mark in ORDER if mark in marks]
    return ", ".join(told)


def _mark(change: EntryChange) -> str:
    if change.is_withdrawn:
        return OTHER
    if change.is_closed:
        return DONE if change.became is None else OCCURRED
    if change.is_new:
        return NEW
    is_moved = change.has_changed("due") and register_of(change.entry).has_deadline
    return MOVED if is_moved else OTHER


def _name(entry: Entry) -> str:
    return register_of(entry).name_of(entry)


def _title(entry: Entry) -> str:
    return shortened(one_line(entry.title), TITLE_LIMIT)


def _rescored(change: EntryChange) -> str:
    old, new = (
        c.get("probability", getattr(change.entry, "probability", 0))
        * c.get("impact", getattr(change.entry, "impact", 0))
        for c in (change.before, change.after)
    )
    return f"{old} → {new}, {_(heading_of_scores(old, new).value)}"


def _short(value: date, today: date) -> str:
    return days(value, value, today).partition(" → ")[0]


def _date(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
