"""Deciding: which turns of a job are to be done now, from its plan and what was done already."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.delivery.occurrences import Outcome
from bot.job import CatchUp
from bot.plans import Plan, Turn

GRACE = timedelta(minutes=30)
"""What is later than this is not said at night."""


@dataclass(frozen=True)
class Decision:
    """Turns to be done, turns to be written off, when to look again.

    *pending_at* is the turn still owed where *next_at* is only when the office opens for it.
    """

    next_at: datetime
    due: tuple[Turn, ...] = ()
    past: tuple[tuple[Turn, Outcome], ...] = ()
    pending_at: datetime | None = None


def decide(
    catch_up: CatchUp,
    plan: Plan,
    owed: datetime | None,
    told: Collection[str],
    now: datetime,
) -> Decision:
    """What to do about a subject of a job that is due, or whose plan has changed.

    *owed* is the turn it was waiting for, under whatever plan; *told* are the periods that have
    had theirs. So a turn whose hour or day is changed is neither lost nor done twice: one that
    now lies behind us, in the day or week it is for, is done at once.
    """
    following = next(coming(plan, told, now)).at
    if owed is None or _period(plan, owed) > _period(plan, now):
        return Decision(following)
    turns = [turn for turn in plan.missed(_start(plan, owed), now) if turn.period not in told]
    if not turns:
        return Decision(following)
    kept = _kept(catch_up, plan, turns, now)
    past = tuple((turn, Outcome.MERGED) for turn in turns if turn not in kept)
    if kept and now - kept[-1].at > GRACE and not plan.is_open(now):
        return Decision(plan.opens_after(now), pending_at=turns[0].at)
    return Decision(following, tuple(kept), past)


def coming(plan: Plan, told: Collection[str], now: datetime) -> Iterator[Turn]:
    """The turns after *now*, without end, less those that were done before their time."""
    turns = plan.turns_from(plan.local(now).date())
    return (turn for turn in turns if turn.at > now and turn.period not in told)


def _kept(catch_up: CatchUp, plan: Plan, turns: Sequence[Turn], now: datetime) -> list[Turn]:
    """Which of the *turns* that were missed are done."""
    if catch_up is CatchUp.ALL:
        return list(turns)
    today = plan.local(now).date()
    is_stale = catch_up is CatchUp.SKIP and turns[-1].day != today
    return [] if is_stale else [turns[-1]]


def _period(plan: Plan, moment: datetime) -> date:
    """The day *moment* lies in, or the Monday of its week."""
    day = plan.local(moment).date()
    return day - timedelta(days=day.weekday()) if plan.weekly else day


def _start(plan: Plan, moment: datetime) -> datetime:
    """When the period of *moment* begins."""
    first = _period(plan, moment)
    local = plan.local(moment)
    return local.replace(
        year=first.year, month=first.month, day=first.day,
        hour=0, minute=0, second=0, microsecond=0, fold=0,
    )  # fmt: skip
