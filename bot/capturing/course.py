"""The course of a meeting: which item every line belongs to, and which lines were taken back.

Worked out anew from all lines in the order they were written, so that it does not matter in which
order they arrived.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.agenda import ItemState
from bot.scribe import HOSTS, NOTES, RECORDS, Mark

UNDOABLE = RECORDS | NOTES | {Mark.TOPIC} | (HOSTS - {Mark.END})


@dataclass(frozen=True)
class Step:
    """One line that stands in the thread; *title* is what a topic is called."""

    id: int
    mark: Mark
    author: int
    by_host: bool
    said_at: datetime
    title: str = ""


@dataclass
class Stretch:
    """What became of one item so far."""

    title: str
    state: ItemState = ItemState.PLANNED
    begun_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass
class Course:
    """What follows from the lines: *items* by key, the *item_of* each line, what is *undone*.

    *idle* are the lines that asked for something there is not, such as an item behind the last.
    *raised* are the items that are not on the agenda, with the line that opened each as a topic.
    """

    items: dict[str, Stretch]
    now: str | None = None
    item_of: dict[int, str | None] = field(default_factory=dict)
    undone: set[int] = field(default_factory=set)
    idle: set[int] = field(default_factory=set)
    raised: dict[str, int] = field(default_factory=dict)

    def begin(self, key: str | None, moment: datetime, left: ItemState = ItemState.DONE) -> None:
        """Go to the item *key*; the one before is *left* behind."""
        if key == self.now:
            return
        if self.now is not None:
            before = self.items[self.now]
            before.state, before.ended_at = left, moment
        self.now = key
        if key is not None:
            item = self.items[key]
            item.state, item.ended_at = ItemState.NOW, None
            item.begun_at = item.begun_at or moment

    def following(self) -> str | None:
        """The item that comes next: the first not talked about yet, at last the parked ones."""
        for state in (ItemState.PLANNED, ItemState.PARKED):
            for key, item in self.items.items():
                if item.state is state and key != self.now:
                    return key
        return None


def key_of(title: str) -> str:
    """How an item is known by what it is called."""
    return " ".join(title.casefold().split())


def keys_of(titles: Iterable[str]) -> list[str]:
    """The keys of items called *titles*; of namesakes, the first is the one a topic means."""
    keys: list[str] = []
    for title in titles:
        key = key_of(title)
        keys.append(f"{key}\n{len(keys)}" if key in keys else key)
    return keys


def course_of(agenda: Sequence[str], opened_at: datetime, steps: Sequence[Step]) -> Course:
    """The course of a meeting with the items called *agenda*, from its lines in order."""
    items = zip(keys_of(agenda), agenda, strict=True)
    course = Course({key: Stretch(title) for key, title in items})
    course.begin(course.following(), opened_at)
    _take_back(course, steps)
    for step in steps:
        if step.id not in course.undone:
            _follow(course, step)
            course.item_of[step.id] = course.now
    return course


def _take_back(course: Course, steps: Sequence[Step]) -> None:
    """Each ``!undo`` takes back the last line of its author, or of anybody for a host."""
    standing: list[Step] = []
    for step in steps:
        if step.mark is not Mark.UNDO:
            if step.mark in UNDOABLE:
                standing.append(step)
            continue
        for place in range(len(standing) - 1, -1, -1):
            if step.by_host or standing[place].author == step.author:
                course.undone.add(standing.pop(place).id)
                break
        else:
            course.idle.add(step.id)


def _follow(course: Course, step: Step) -> None:
    if step.mark is Mark.TOPIC:
        key = key_of(step.title)
        if key not in course.items:
            course.items[key] = Stretch(step.title)
            course.raised[key] = step.id
        course.begin(key, step.said_at)
    elif step.mark in (Mark.NEXT, Mark.PARK):
        following = course.following()
        if course.now is None and following is None:
            course.idle.add(step.id)
        left = ItemState.PARKED if step.mark is Mark.PARK else ItemState.DONE
        course.begin(following, step.said_at, left)
