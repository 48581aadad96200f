"""The sources of an agenda: what each part of it finds in the project, and why it is there."""

from collections.abc import Callable, Iterable, Sequence

from bot import status
from bot.agenda import Section, Topic
from bot.agenda_points import Facts, Group, Point
from bot.entries import register_of
from bot.language import _, plural
from bot.messages import shortened
from bot.minutes import Minutes, MinutesState
from bot.pages import rag
from bot.progress import EntryChange
from bot.register import Entry
from bot.registers.actions import Action
from bot.registers.decisions import Decision
from bot.registers.issues import Issue
from bot.registers.milestones import Milestone, signed_days, slip_of
from bot.registers.risks import HIGH, Risk
from bot.report_lines import ORDER, OTHER, TITLE_LIMIT, Line, tally
from bot.typed import one_line
from bot.values import Severity

TEXT_LIMIT = 600
LOUD = frozenset({Severity.HIGH, Severity.CRITICAL})


def changes(facts: Facts) -> Point | None:
    """What changed since the last meeting, told as the weekly report tells it."""
    told = [(c, line) for c in facts.progress.entries if (line := facts.teller.line(c))]
    if not told:
        return None
    told.sort(key=lambda pair: (ORDER.index(pair[1].mark), _noun(pair[0]), pair[0].entry.number))
    lines = [line for _change, line in told]
    source = _("since {day}: {tally}").format(day=facts.since_words, tally=tally(lines))
    return Point(
        Section.CHANGES, _("What changed"), source, 5, facts.chair_id, (_group("", lines),)
    )


def minutes(facts: Facts) -> Point | None:
    """The approval of the last minutes, as long as they wait for it."""
    last = facts.last
    if last is None or last.minutes.state is not MinutesState.DRAFT:
        return None
    source = _("version {number} waits for approval").format(number=last.minutes.version)
    if last.objections:
        text = plural("{count} objection", "{count} objections", last.objections)
        source += ", " + text.format(count=last.objections)
    title = _("Minutes of {day}").format(day=facts.day(last.held_on))
    length = 2 + 2 * last.objections
    return Point(
        Section.MINUTES, title, source, min(length, 10), facts.chair_id,
        kind=Minutes.__tablename__, object_id=last.minutes.id,
    )  # fmt: skip


def actions(facts: Facts) -> Point | None:
    """What is late, what comes due before the meeting after this one, what is blocked."""
    found = sorted((e for e in facts.progress.open if isinstance(e, Action)), key=Action.weight)
    late = [e for e in found if e.is_overdue(facts.today) and not e.blocked_by]
    blocked = [e for e in found if e.blocked_by]
    near = [e for e in found if _is_near(e, facts) and not e.blocked_by]
    groups = [
        _group(_("Overdue"), [facts.teller.late(e) for e in late]),
        _group(_due_by(facts), [facts.teller.coming(e) for e in near]),
        _group(_("Blocked"), [_blocked(e, facts) for e in blocked]),
    ]
    rest = len(found) - len(late) - len(near) - len(blocked)
    counts = (
        (len(late), _("{count} overdue")),
        (len(near), _("{count} due by {day}")),
        (len(blocked), _("{count} blocked")),
        (rest, _("{count} more on their way")),
    )
    shown = [*late, *near, *blocked]
    return _of_entries(facts, Section.ACTIONS, _("Actions"), groups, counts, shown, 1)


def issues(facts: Facts) -> Point | None:
    """Issues that are late, come due, or hurt much."""
    found = sorted((e for e in facts.progress.open if isinstance(e, Issue)), key=Issue.weight)
    late = [e for e in found if e.is_overdue(facts.today)]
    near = [e for e in found if _is_near(e, facts)]
    loud = [e for e in found if e.severity in LOUD and e not in late and e not in near]
    groups = [
        _group(_("Overdue"), [facts.teller.late(e) for e in late]),
        _group(_due_by(facts), [facts.teller.coming(e) for e in near]),
        _group(_("High and critical"), [facts.teller.threat(e) for e in loud]),
    ]
    counts = (
        (len(late), _("{count} overdue")),
        (len(near), _("{count} due by {day}")),
        (len(loud), _("{count} high or critical")),
        (len(found) - len(late) - len(near) - len(loud), _("{count} more open")),
    )
    shown = [*late, *near, *loud]
    return _of_entries(facts, Section.ISSUES, _("Issues"), groups, counts, shown, 2)


def risks(facts: Facts) -> Point | None:
    """Risks scored high, new ones, and those that rose since the last meeting."""
    found = sorted((e for e in facts.progress.open if isinstance(e, Risk)), key=Risk.weight)
    new = {e.id for e in found if (c := facts.change_of(e)) and c.is_new}
    risen = {e.id: was for e in found if (was := _was_lower(e, facts)) is not None}
    shown = [e for e in found if e.score >= HIGH or e.id in new or e.id in risen]
    lines = [_threat(e, facts, is_new=e.id in new, was=risen.get(e.id)) for e in shown]
    counts = (
        (sum(e.score >= HIGH for e in found), _("{count} scored {high} or more")),
        (len(new), _("{count} new")),
        (len(risen), _("{count} risen")),
        (len(found) - len(shown), _("{count} more below")),
    )
    group = _group("", lines)
    return _of_entries(facts, Section.RISKS, _("Risks"), [group], counts, shown, 2)


def milestones(facts: Facts) -> Point | None:
    """Milestones that are late, behind their baseline, or were put off since the last meeting."""
    found = [e for e in facts.progress.open if isinstance(e, Milestone)]
    found.sort(key=Milestone.weight)
    late = [e for e in found if e.is_overdue(facts.today)]
    slipping = [e for e in found if e not in late and _is_slipping(e, facts)]
    groups = [
        _group(_("Late"), [_milestone(e, facts) for e in late]),
        _group(_("Slipping"), [_milestone(e, facts) for e in slipping]),
    ]
    counts = (
        (len(late), _("{count} late")),
        (len(slipping), _("{count} slipping")),
        (len(found) - len(late) - len(slipping), _("{count} more on plan")),
    )
    shown = [*late, *slipping]
    return _of_entries(facts, Section.MILESTONES, _("Milestones"), groups, counts, shown, 2)


def decisions(facts: Facts) -> Point | None:
    """Decisions to look at again: their day has come, or what followed is done or late."""
    found = [e for e in facts.progress.open if isinstance(e, Decision)]
    found.sort(key=lambda decision: decision.number)
    shown = [(e, why) for e in found if (why := _revisit(e, facts))]
    lines = [facts.teller.threat(e) for e, _why in shown]
    told = [
        Line(OTHER, line.name, f"{line.text} · {why}")
        for line, (_entry, why) in zip(lines, shown, strict=True)
    ]
    counts = ((len(shown), _("{count} to revisit")),)
    entries = [e for e, _why in shown]
    title = _("Decisions to revisit")
    return _of_entries(facts, Section.DECISIONS, title, [_group("", told)], counts, entries, 3)


def change_of_status(facts: Facts) -> Point | None:
    """The status, where it is another than at the last meeting, or counts no longer."""
    update, before = facts.update, facts.progress.before
    if update is None:
        return None
    due = status.next_due(facts.project, update.at)
    is_stale = facts.now >= status.goes_stale(facts.project, due)
    has_changed = facts.progress.is_reported and before is not None and before != update.overall
    if not has_changed and not is_stale:
        return None
    words = rag(update.overall)
    source = _("no update since {day}").format(day=facts.day(facts.project.local_date(update.at)))
    if has_changed and before is not None:
        words = _("{old} → {new}").format(old=rag(before), new=words)
        source = _("changed since {day}").format(day=facts.since_words)
    if update.text:
        words = f"{words} · {shortened(update.text, TEXT_LIMIT)}"
    lines = (Line(OTHER, "", words),)
    presenter = update.on_behalf_of or update.author_id
    return Point(Section.STATUS, _("Status"), source, 3, presenter, (Group("", lines),))


def topic(facts: Facts, topic: Topic) -> Point:
    """What somebody wants to talk about."""
    raiser = facts.teller.owners.get(topic.raised_by, "")
    raised = facts.day(facts.project.local_date(topic.raised_at))
    source = _("proposed by {who}, {day}").format(who=raiser, day=raised)
    return Point(
        Section.TOPICS, topic.title, source, topic.minutes or 10,
        topic.presenter_id or topic.raised_by,
        kind=Topic.__tablename__, object_id=topic.id, is_confidential=topic.is_confidential,
        carried=topic.carried, link=topic.source,
    )  # fmt: skip


SOURCES: tuple[Callable[[Facts], Point | None], ...] = (
    changes,
    minutes,
    actions,
    issues,
    risks,
    milestones,
    decisions,
    change_of_status,
)
"""What an agenda finds by itself, in its order."""


def _of_entries(
    facts: Facts,
    section: Section,
    title: str,
    groups: Iterable[Group],
    counts: Iterable[tuple[int, str]],
    shown: Sequence[Entry],
    each: int,
) -> Point | None:
    """A point about entries, presented by their owner where it is one; *each* takes minutes."""
    if not shown:
        return None
    until = facts.day(facts.until)
    source = ", ".join(
        text.format(count=count, day=until, high=HIGH) for count, text in counts if count
    )
    owners = {entry.owner_id for entry in shown}
    only = owners.pop() if len(owners) == 1 else None
    length = max(3, min(each * len(shown), 10))
    presenter = only or facts.lead_id or facts.chair_id
    found = [group for group in groups if group.lines]
    if len(found) == 1:  # then the source says it
        found = [Group("", found[0].lines)]
    return Point(section, title, source, length, presenter, found)


def _group(title: str, lines: Sequence[Line]) -> Group:
    return Group(f"{title} ({len(lines)})" if title and len(lines) > 1 else title, lines)


def _due_by(facts: Facts) -> str:
    return _("Due by {day}").format(day=facts.day(facts.until))


def _is_near(entry: Entry, facts: Facts) -> bool:
    return entry.due is not None and facts.today <= entry.due <= facts.until


def _blocked(action: Action, facts: Facts) -> Line:
    """What stands in its way, whose it is, and until when it was to be done."""
    title = shortened(one_line(action.title), TITLE_LIMIT)
    what = shortened(action.blocked_by or "", 100)
    told = [title, _("blocked by {what}").format(what=what)]
    if owner := facts.teller.owners.get(action.owner_id or 0):
        told.append(owner)
    if action.due is not None:
        told.append(facts.day(action.due))
    return Line(OTHER, _name(action), " · ".join(told))


def _was_lower(risk: Risk, facts: Facts) -> int | None:
    """The score *risk* had at the last meeting, where it was lower."""
    change = facts.change_of(risk)
    if change is None or change.is_new:
        return None
    was = change.before.get("probability", risk.probability)
    was *= change.before.get("impact", risk.impact)
    return was if was < risk.score else None


def _threat(risk: Risk, facts: Facts, *, is_new: bool, was: int | None) -> Line:
    line = facts.teller.threat(risk)
    why = _("new") if is_new else _("was {score}").format(score=was) if was is not None else ""
    return Line(OTHER, line.name, f"{line.text} · {why}" if why else line.text)


def _is_slipping(milestone: Milestone, facts: Facts) -> bool:
    change = facts.change_of(milestone)
    is_later = change is not None and not change.is_new and change.has_changed("due")
    was = change.before.get("due") if change is not None else None
    is_put_off = is_later and bool(was) and str(milestone.due or "") > str(was)
    return is_put_off or (slip_of(milestone, facts.project.calendar) or 0) > 0


def _milestone(milestone: Milestone, facts: Facts) -> Line:
    """Its forecast, how late it is, and why it was put off since the last meeting."""
    line = facts.teller.coming(milestone)
    told = [line.text]
    if milestone.due is not None and milestone.is_overdue(facts.today):
        told.append(signed_days(facts.project.calendar.between(milestone.due, facts.today)))
    change = facts.change_of(milestone)
    if change is not None and change.reason:
        told.append(f"“{shortened(change.reason, 200)}”")
    return Line(OTHER, line.name, " · ".join(told))


def _revisit(decision: Decision, facts: Facts) -> str:
    """Why *decision* is to be looked at again; empty where it is not."""
    if decision.due is not None and decision.due <= facts.on:
        return _("revisit {day}").format(day=facts.day(decision.due))
    followed = facts.followed.get(decision.id, ())
    late = [a for a in followed if a.is_overdue(facts.today)]
    if late:
        names = ", ".join(_name(action) for action in late)
        return plural("{names} is late", "{names} are late", len(late)).format(names=names)
    done = followed and all(a.closed_at is not None for a in followed)
    if done and max(a.closed_at for a in followed if a.closed_at) > facts.since:
        names = ", ".join(_name(action) for action in followed)
        return plural("{names} is done", "{names} are done", len(followed)).format(names=names)
    return ""


def _name(entry: Entry) -> str:
    return register_of(entry).name_of(entry)


def _noun(change: EntryChange) -> str:
    return register_of(change.entry).plural
