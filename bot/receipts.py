"""Receipts: what the sender of a write reads, and what is told to the owner."""

from bot.cards import facts, inform, line_of
from bot.command import Reply
from bot.complaints import stranger
from bot.context import Context
from bot.dates import format_day
from bot.entries import full_name, register_of
from bot.errors import UserError
from bot.handing import GIVEN, answers_to_giving, giver_of, proposal_words
from bot.history import is_given
from bot.language import N_, _, current
from bot.messages import Button
from bot.pages import day, name, render
from bot.people import Person, by_id, leading_address
from bot.preferences import wishes_of
from bot.projects import Project
from bot.register import Entry, Link, links_of, notes_of
from bot.registers import of_kind
from bot.registers.actions import Action
from bot.rights import Right
from bot.values import Visibility

BACK = {
    N_("became"): N_("came from"),
    N_("blocked by"): N_("blocks"),
    N_("waits for"): N_("is awaited by"),
    N_("carried out by"): N_("carries out"),
}
"""A link's relation, read from its other end."""


def receipt(context: Context, entry: Entry, words: str = "", *more: str) -> Reply:
    """What the sender of a write reads: what was understood, what is missing, what to do next."""
    hints = [*more, *_hints(context, entry)]
    words = words[:1].upper() + words[1:]
    message = render("receipt", words=words, line=line_here(context, entry), hints=hints)
    noun, ref = register_of(entry).noun, full_name(context.project, entry)
    buttons = [Button(_("Edit"), f"form {noun} edit {ref}")]
    if _is_incomplete(entry):
        buttons.insert(0, Button(_("Open form"), f"form {noun} edit {ref}", "primary"))
    if entry.due and _is_given_a_day_off(context, entry):
        working = context.calendar.next_working(entry.due)
        buttons.insert(0, Button(day(working), f"{noun} move {ref} {working.isoformat()}"))
    return Reply(message, tuple(buttons))


def _hints(context: Context, entry: Entry) -> list[str]:
    hints = []
    if _is_incomplete(entry):
        hints.append(_gap(entry))
    if entry.due and _is_given_a_day_off(context, entry):
        holiday = context.calendar.holiday_name(entry.due) or _("weekend")
        hints.append(_("{day} is no working day ({why}).").format(day=day(entry.due), why=holiday))
    if entry.is_open and entry.owner_id is not None and entry.owner_id != context.actor.id:
        hints += _absence(context, entry.owner_id)
    if context.place.channel != context.project.channel:
        hints.append(_("in {project}").format(project=context.project.name))
    return hints


def _is_given_a_day_off(context: Context, entry: Entry) -> bool:
    """Whether just now *entry* was given a date that is no working day: said once, it is known."""
    is_off = entry.is_open and entry.due and not context.calendar.is_working(entry.due)
    return bool(is_off) and is_given(context.session, entry, "due")


def _absence(context: Context, owner: int) -> list[str]:
    """That the owner is away, where they are."""
    wishes = wishes_of(context.session, [owner])[owner]
    if wishes.away_until is None or not wishes.is_away(context.today):
        return []
    until = format_day(wishes.away_until, current(), year=False)
    text = _("{who} is away until {day}.")
    return [text.format(who=context.person(owner).name, day=until)]


def _is_incomplete(entry: Entry) -> bool:
    has_gap = entry.owner_id is None or entry.due is None
    return entry.is_open and register_of(entry).has_deadline and has_gap


def stranger_in(entry: Entry) -> str:
    """That who is named first in its title by a mail address cannot own *entry*; else empty."""
    address = leading_address(entry.title) if entry.owner_id is None else ""
    return stranger(address) if address else ""


def _gap(entry: Entry) -> str:
    if unknown := stranger_in(entry):
        return _("Kept. {why}").format(why=unknown)
    if entry.owner_id is None and entry.due is None:
        return _("Kept. Who, and until when?")
    return _("Kept. Who does it?") if entry.owner_id is None else _("Kept. Until when?")


def tell_owner(context: Context, entry: Entry) -> None:
    """Tell the owner of *entry* that it is theirs now."""
    owner = context.person(entry.owner_id) if entry.owner_id else None
    words = _("{who} gave you {name}").format(who=context.actor.name, name=short_name(entry))
    project = context.session.get_one(Project, entry.project_id)
    question = GIVEN if entry.needs_accept else ""
    inform(context, owner, entry, words, *owner_buttons(project, entry), question=question)


def tell_former(context: Context, entry: Entry, former: int | None) -> None:
    """Tell who owned *entry* until now, by primary key, whose it is instead."""
    if former is None or former == entry.owner_id:
        return
    owner = context.person(entry.owner_id) if entry.owner_id else None
    text = _("{who} gave {name} to {owner}")
    if owner is None:
        text = _("{who}: {name} is nobody's now")
    elif owner.id == context.actor.id:
        text = _("{who} took {name} from you")
    words = text.format(
        who=context.actor.name, name=short_name(entry), owner=owner.name if owner else ""
    )
    project = context.session.get_one(Project, entry.project_id)
    show = Button(_("Show"), f"{register_of(entry).noun} show {full_name(project, entry)}")
    inform(context, context.person(former), entry, words, show)


def owner_buttons(project: Project, entry: Entry) -> list[Button]:
    """What the owner of *entry* may answer to being given it."""
    noun, ref = register_of(entry).noun, full_name(project, entry)
    if not entry.needs_accept:
        return [Button(_("Show"), f"{noun} show {ref}")]
    return answers_to_giving(ref)


def require_givable(context: Context, person: Person) -> None:
    """Raise `UserError` for somebody who cannot own anything here.

    Somebody who is gone, a bot, and whoever may not read the project: they would be told of it.
    """
    if not person.is_active:
        text = _("{who} is not active in Slack any more.")
        raise UserError(text.format(who=person.name), field="owner")
    if person.is_bot:
        raise UserError(_("A bot cannot own anything."), field="owner")
    if person.id == context.actor.id:
        return
    project = context.project
    is_untold = project.channel in context.rights.untold
    if is_untold and not person.is_guest and project.visibility is not Visibility.RESTRICTED:
        return  # Slack does not say who is in the channel just now; they were named by one who is
    theirs = context.rights.of(person)
    if not theirs.may(Right.READ, context.project):
        text = _("{who} may not read {project}. First: `project people @{handle} member`.")
        raise UserError(
            text.format(who=person.name, project=context.project.name, handle=person.handle),
            field="owner",
        )


def show_entry(context: Context, entry: Entry) -> Reply:
    """Everything known of an entry, and what can be done to it."""
    register = register_of(entry)
    people = by_id(context.session, (entry.owner_id, entry.opened_by))
    message = render(
        "show",
        name=register.name_of(entry),
        entry=entry,
        facts=" · ".join(facts(entry, people.get(entry.owner_id) if entry.owner_id else None)),
        details=entry.details() | entry.known(context.session) | _proposal(context, entry),
        links=[link_words(context, link, entry) for link in links_of(context.session, entry)],
        notes=notes_of(context.session, entry),
        raised=name(people.get(entry.opened_by)),
        raised_on=context.project.local_date(entry.opened_at),
        project=context.project,
    )
    noun, ref = register.noun, full_name(context.project, entry)
    verb = next(iter(register.outcomes))
    buttons = (
        (
            Button(_(verb.capitalize()), f"{noun} {verb} {ref}", "primary"),
            Button(_("Move …"), f"form {noun} move {ref}"),
            Button(_("Give …"), f"form {noun} give {ref}"),
            Button(_("Edit …"), f"form {noun} edit {ref}"),
            Button(_("Note …"), f"form {noun} note {ref}"),
        )
        if entry.is_open
        else (Button(_("Reopen"), f"{noun} reopen {ref}"),)
    )
    return Reply(message, buttons)


def _proposal(context: Context, entry: Entry) -> dict[str, str]:
    """Who proposed another date for *entry*, where that waits for an answer."""
    if not isinstance(entry, Action) or entry.proposed is None or not entry.is_open:
        return {}
    words = proposal_words(context.session, entry, entry.proposed)
    giver = giver_of(context.session, entry)
    return {_("Waits for {who}").format(who=giver.name): words}


def link_words(context: Context, link: Link, entry: Entry) -> str:
    """What *link* says of *entry*: ``waits for M2 · Site ready``."""
    other, project = _other_end(context, link, entry)
    if not context.rights.may(Right.READ, project):
        return _("linked to another project")
    if not context.readable([other]):
        return _("linked to something confidential")
    there = full_name(project, other) if project.id != entry.project_id else short_name(other)
    relation = link.relation if _starts_at(link, entry) else BACK[link.relation]
    return f"{_(relation)} {there} · {other.title}"


def may_read_link(context: Context, link: Link, entry: Entry) -> bool:
    """Whether the actor may read what *link* connects *entry* with."""
    other, project = _other_end(context, link, entry)
    return context.rights.may(Right.READ, project) and bool(context.readable([other]))


def _other_end(context: Context, link: Link, entry: Entry) -> tuple[Entry, Project]:
    ends = (link.from_kind, link.from_id), (link.to_kind, link.to_id)
    kind, key = ends[_starts_at(link, entry)]
    register = of_kind(kind)
    if register is None:
        raise LookupError(kind)
    other = context.session.get_one(register.entry, key)
    return other, context.session.get_one(Project, other.project_id)


def _starts_at(link: Link, entry: Entry) -> bool:
    return (link.from_kind, link.from_id) == (entry.__tablename__, entry.id)


def line_here(context: Context, entry: Entry) -> str:
    """An entry on one line, its title whole."""
    return line_of(entry, context.person(entry.owner_id) if entry.owner_id else None, 3000)


def short_name(entry: Entry) -> str:
    """An entry's name within its project, such as ``A12``."""
    return register_of(entry).name_of(entry)
