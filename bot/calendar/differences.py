"""Differences: what is otherwise in an event than a calendar had it, line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile

from bot.calendar.event import Event, Instance
from bot.calendar.lines import one_line, several_lines
from bot.calendar.when import day_words, event_words, from_to, short_day_words, with_place
from bot.language import _
from bot.plans import moment_of

FEW = 5
"""So many of the dates that were moved have a line of their own."""

MOST = 12
"""So many of the dates that were dropped are named."""

NEAR = timedelta(days=180)
"""What becomes of dates after that is no news, unless it is the only one: such as holidays."""


@dataclass(frozen=True)
class Line:
    """One thing that is said: its *label*, how it is *now*, and how it *was* where it changed."""

    label: str
    now: str
    was: str = ""
    is_new: bool = False

    @property
    def is_news(self) -> bool:
        return self.is_new or bool(self.was)


@dataclass(frozen=True)
class SingleDates:
    """The dates to come of which a calendar had another notion: as they were, and as they are.

    Those *dropped* have the reason where there is one, those *changed* a place where it is
    otherwise than that of all.
    """

    dropped: Sequence[tuple[Instance, str]]
    back: Sequence[Instance]
    changed: Sequence[tuple[Instance, Instance]]

    def lines(self) -> Iterator[Line]:
        """What is said of them."""
        for was, now in self.changed[:FEW]:
            yield Line(_("Date"), with_place(now), with_place(was))
        more = len(self.changed) - FEW
        if more > 0:
            yield Line(_("More dates"), _("{count} are otherwise").format(count=more), is_new=True)
        if self.dropped:
            words = [_cancelled(was, reason) for was, reason in self.dropped]
            yield Line(_("Cancelled"), _listed(words), is_new=True)
        if self.back:
            words = [day_words(now.day) for now in self.back]
            yield Line(_("Takes place again"), _listed(words), is_new=True)

    def about(self, stamp: datetime) -> str:
        """The first of them, and how many more, as a subject has it."""
        count = len(self.changed) + len(self.dropped) + len(self.back)
        if self.changed:
            words = from_to(*self.changed[0], stamp)
        elif self.dropped:
            day = short_day_words(self.dropped[0][0].day, stamp)
            words = _("{day} cancelled").format(day=day)
        elif self.back:
            day = short_day_words(self.back[0].day, stamp)
            words = _("{day} takes place again").format(day=day)
        else:
            return ""
        if count == 1:
            return words
        return _("{first}, {count} more").format(first=words, count=count - 1)


def single_dates(event: Event, before: Event, stamp: datetime) -> SingleDates:
    """The dates that are otherwise in *event* by themselves, not as all of them are.

    A date that *before* had no notion of, for it ended earlier, is no news by itself.
    """
    days = {*event.dropped ^ before.dropped, *event.moved, *before.moved}
    ahead = [day for day in sorted(days) if _is_ahead(event, before, day, stamp)]
    near = [day for day in ahead if day <= (stamp + NEAR).date()]
    if near or event.master != before.master:
        ahead = near
    ahead = sorted(_named(event, ahead) & _named(before, ahead))
    dropped, back, changed = [], [], []
    for day in ahead:
        now, was = event.instance(day), before.instance(day)
        if now is None and was is not None:
            dropped.append((was, event.reasons.get(day, "")))
        elif was is None and now is not None:
            back.append(now)
        elif was is not None and now is not None and _own(event, day) != _own(before, day):
            is_where_all_are = (was.place, now.place) == (before.place, event.place)
            if is_where_all_are or was.place == now.place:
                was, now = replace(was, place=""), replace(now, place="")
            changed.append((was, now))
    return SingleDates(dropped, back, changed)


def changed_lines(event: Event, before: Event, dates: SingleDates) -> list[Line]:
    """All there is to say of *event*, what is otherwise than *before* first."""
    lines = [
        *([] if event.title == before.title else [Line(_("Title"), event.title, before.title)]),
        line(_("When"), event_words(event), event_words(before)),
        *_bounds(event, before),
        line(_("Time zone"), event.zone, before.zone),
        *place_lines(event.place, before.place),
        *dates.lines(),
    ]
    if several_lines(event.note) != several_lines(before.note):
        lines.append(Line(_("Note"), one_line(event.note), one_line(before.note)))
    return sorted(lines, key=lambda line: not line.is_news)


def line(label: str, now: str, was: str) -> Line:
    """A line that says how it *was* where that is otherwise."""
    return Line(label, now, was if was != now else "")


def place_lines(now: str, was: str) -> list[Line]:
    """Where it takes place, as far as that is known."""
    if now == was:
        return [Line(_("Where"), now)] if now else []
    return [Line(_("Where"), now or _("no place yet"), was or _("no place yet"))]


def _bounds(event: Event, before: Event) -> Iterator[Line]:
    """From when and until when a rhythm holds, where that is otherwise."""
    if event.rule is None:
        return
    if event.first_day != before.first_day:
        yield Line(_("From"), day_words(event.first_day), day_words(before.first_day))
    if event.last_day != before.last_day:
        yield Line(_("Until"), _end(event), _end(before))
    elif event.last_day is not None:
        yield Line(_("Until"), day_words(event.last_day))


def _end(event: Event) -> str:
    return _("without end") if event.last_day is None else day_words(event.last_day)


def _own(event: Event, day: date) -> Instance | None:
    """What the date of *day* has of its own; None where it is as all of them are."""
    found = event.instance(day)
    if found is None or found == event.usual(day):
        return None
    return replace(found, place="" if found.place == event.place else found.place)


def _named(event: Event, days: Sequence[date]) -> set[date]:
    """Those of *days* that the rule names; it may end before."""
    if not days:
        return set()
    last = max(days)
    return {day for day in takewhile(lambda day: day <= last, event.days()) if day in days}


def _is_ahead(event: Event, before: Event, day: date, stamp: datetime) -> bool:
    known = [one for one in (event.instance(day), before.instance(day)) if one is not None]
    return any(moment_of(one.day, one.at, event.zone) > stamp for one in known)


def _cancelled(was: Instance, reason: str) -> str:
    return f"{day_words(was.day)} ({reason})" if reason else day_words(was.day)


def _listed(dates: Sequence[str]) -> str:
    more = len(dates) - MOST
    shown = "; ".join(dates[:MOST])
    return _("{days} and {count} more").format(days=shown, count=more) if more > 0 else shown
