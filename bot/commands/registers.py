"""The command of a register: what can be done to the entries of every register."""

from datetime import date
from typing import Annotated, Any

from bot.arguments import Argument, Grammar, grammar_of
from bot.cards import announce, card, due_words, facts, inform, inform_leads, lateness, line_of
from bot.command import Command, Reply
from bot.context import Context
from bot.entries import full_name, register_of, require_editable, require_own
from bot.errors import UserError
from bot.fields import Field, Page, Remark
from bot.language import N_, _, plural
from bot.lists import Listing, show_list
from bot.messages import Button
from bot.pages import day, name, render
from bot.people import Person, by_id
from bot.projects import Project
from bot.register import Entry, Link, Register, add_note, check_title, links_of, notes_of
from bot.registers import of_kind
from bot.rights import Right

MOVES_TOLD = 3
"""From this many moves on, the lead hears of each."""

NewDate = Annotated[date, Field(N_("New date"), ("to", "by"), "DATE")]
NewOwner = Annotated[Person, Field(N_("New owner"), ("to",), "@WHO")]
Words = Annotated[str, Field(N_("Words"), shown="WORDS")]


def register_command(register: Register[Any]) -> Command:
    """The command that keeps *register*, with the verbs every register has."""
    noun = register.noun
    command = Command(noun, register.summary, register.default, short=register.is_short)
    _adding(command, register)
    _listing(command, register)
    _changing(command, register)
    _closing(command, register)
    return command


def _adding(command: Command, register: Register[Any]) -> None:
    @command.verb(
        "add", N_("add one"), register.example, like=register.draft, has_form=True,
        aliases=("new",),
    )  # fmt: skip
    def add(context: Context, **values: Any) -> Reply:
        entry = register.draft(**values)
        entry.source = context.place.source
        register.add(context.session, context.project, entry, context.actor, context.now)
        entry.opened(context.session, context.actor, context.now, context.today)
        announce(context, entry, "")
        tell_owner(context, entry)
        if entry.is_alarming:
            inform_leads(context, entry, _("{who} raised this.").format(who=context.actor.name))
        return receipt(context, entry)

    @command.verb("edit", N_("change its words, owner or date"), "{name} by fri",
                  grammar=_edit_grammar(register), has_form=True)  # fmt: skip
    def edit(context: Context, entry: Entry, **values: Any) -> Reply:
        require_editable(context, entry)
        if not values:
            raise UserError(
                _("What shall change?"), line=f"form {register.noun} edit {_ref(entry)}"
            )
        if "title" in values:
            check_title(values["title"] or "")
        old_owner = entry.owner_id
        if "owner" in values:
            owner = values.pop("owner")
            entry.owner_id = owner.id if owner else None
        for key, value in values.items():
            setattr(entry, key, value)
        announce(context, entry, _("edited: {line}").format(line=_line(context, entry)))
        if entry.owner_id != old_owner:
            tell_owner(context, entry)
        return receipt(context, entry)

    @command.verb("show", N_("show everything known of one"), "{name}", writes=False)
    def show(context: Context, entry: Entry) -> Reply:
        return show_entry(context, entry)


def _edit_grammar(register: Register[Any]) -> Grammar:
    """What ``add`` understands, all of it optional, behind the entry's name."""
    drafted = grammar_of(register.draft).arguments
    asked = (
        Argument(
            a.name, a.kind, a.field, is_required=False, is_option=a.is_option, default=a.default
        )
        for a in drafted
    )
    subject = grammar_of(lambda entry: None).arguments[0]
    return Grammar((Argument("entry", Entry, Field(N_("Entry"), shown=f"{register.letter}12"),
                             is_required=True, is_option=False, default=subject.default), *asked))  # fmt: skip


def _listing(command: Command, register: Register[Any]) -> None:
    noun = register.noun
    title = _title(register)

    @command.verb("list", N_("what is open"), writes=False)
    def list_(context: Context, *, page: Page = 1) -> Reply:
        entries = register.open_entries(context.session, context.project)
        return _page(context, N_("Open {plural} of {project}"), entries, f"{noun} list", page)

    @command.verb("mine", N_("what is open and yours"), writes=False, aliases=("my",))
    def mine(context: Context, *, page: Page = 1) -> Reply:
        own = register.entry.owner_id == context.actor.id
        entries = register.entries(context.session, context.project, _open(register), own)
        return _page(context, N_("Your {plural} in {project}"), entries, f"{noun} mine", page)

    @command.verb("overdue", N_("what is late"), writes=False, aliases=("late",))
    def overdue(context: Context, *, page: Page = 1) -> Reply:
        late = register.entry.due < context.today
        entries = register.entries(context.session, context.project, _open(register), late)
        return _page(context, N_("Overdue {plural} of {project}"), entries, f"{noun} overdue", page)

    @command.verb("by", N_("what is open, by person"), "person", writes=False)
    def by(
        context: Context,
        group: Annotated[str, Field(N_("By"), shown="person")] = "person",
        *,
        page: Page = 1,
    ) -> Reply:
        if group.lower() not in ("person", "owner"):
            raise UserError(_("I can list them by person."), line=f"{noun} by person")
        entries = register.open_entries(context.session, context.project)
        people = by_id(context.session, (entry.owner_id for entry in entries))
        entries.sort(key=lambda e: people[e.owner_id].name.casefold() if e.owner_id else "\uffff")
        return _page(context, N_("Open {plural} of {project}, by person"), entries,
                     f"{noun} by person", page)  # fmt: skip

    @command.verb("find", N_("search, closed ones too"), "contract", writes=False,
                  aliases=("search",))  # fmt: skip
    def find(context: Context, words: Words, *, page: Page = 1) -> Reply:
        entries = register.matching(context.session, context.project, words)
        line = f"{noun} find {context.line_safe(words)}"
        return _page(
            context, N_("{plural} of {project} with “{words}”"), entries, line, page, words
        )

    @command.verb("closed", N_("what is closed"), writes=False)
    def closed(context: Context, *, page: Page = 1) -> Reply:
        done = register.entry.closed_at.is_not(None)
        entries = register.entries(context.session, context.project, done)
        entries.sort(key=lambda entry: entry.closed_at, reverse=True)
        return _page(context, N_("Closed {plural} of {project}"), entries, f"{noun} closed", page)

    def _page(
        context: Context, text: str, entries: list[Any], line: str, page: int, words: str = ""
    ) -> Reply:
        heading = _(text).format(
            plural=_(register.plural), project=context.project.name, words=words
        )
        line = f"{line} in {context.project.key}"
        return show_list(context, Listing(title(heading), entries, line, _empty(register)), page)


def _title(register: Register[Any]) -> Any:
    return lambda text: text[:1].upper() + text[1:]


def _empty(register: Register[Any]) -> str:
    text = _("None. Add one: `{line}`")
    return text.format(line=f"{register.noun} add {register.example}")


def _open(register: Register[Any]) -> Any:
    return register.entry.closed_at.is_(None)


def _changing(command: Command, register: Register[Any]) -> None:
    @command.verb("move", N_("give it another date"), "{name} +2 weeks waiting for legal",
                  has_form=True)  # fmt: skip
    def move(context: Context, entry: Entry, due: NewDate, reason: Remark = "") -> Reply:
        require_own(context, entry)
        _require_open(entry)
        old = entry.due
        if old == due:
            raise UserError(_("It is due on that day already."), field="due")
        entry.due, entry.moves = due, entry.moves + 1
        if reason:
            add_note(context.session, entry, context.actor, context.now, reason)
        words = _moved_words(entry, old, reason)
        announce(context, entry, words if not reason else f"{words} “{reason}”")
        if entry.moves >= MOVES_TOLD:
            inform_leads(context, entry, words)
        return receipt(context, entry, words)

    @command.verb("give", N_("give it to somebody else"), "{name} @ben", has_form=True,
                  aliases=("assign",))  # fmt: skip
    def give(context: Context, entry: Entry, owner: NewOwner, reason: Remark = "") -> Reply:
        require_editable(context, entry)
        _require_open(entry)
        require_givable(owner)
        entry.owner_id = owner.id
        if reason:
            add_note(context.session, entry, context.actor, context.now, reason)
        words = _("given to {who}").format(who=owner.name)
        announce(context, entry, words)
        tell_owner(context, entry)
        hint = _("{who} has to accept.").format(who=owner.name)
        needs_accept = "accept" in command.verbs and owner.id != context.actor.id
        return receipt(context, entry, words, *([hint] if needs_accept else []))

    @command.verb("note", N_("put a remark on it"), "{name} spoke to the supplier", has_form=True)
    def note(context: Context, entry: Entry, text: Remark) -> Reply:
        add_note(context.session, entry, context.actor, context.now, text)
        announce(context, entry, _("noted: {text}").format(text=text))
        return receipt(context, entry, _("Noted: {text}").format(text=text))


def _closing(command: Command, register: Register[Any]) -> None:
    first = next(iter(register.outcomes))
    for verb, outcome in register.outcomes.items():
        aliases = ("close",) if verb == first and verb != "close" else ()
        _closing_verb(command, register, verb, outcome, aliases)

    @command.verb("reopen", N_("open it again"), "{name}")
    def reopen(context: Context, entry: Entry) -> Reply:
        require_own(context, entry)
        register.reopen(entry)
        announce(context, entry, _("reopened"))
        return receipt(context, entry, _("{name} is open again").format(name=_short(entry)))


def _closing_verb(
    command: Command, register: Register[Any], verb: str, outcome: str, aliases: tuple[str, ...]
) -> None:
    @command.verb(verb, N_(f"close it as {outcome}"), "{name}", aliases=aliases)
    def close(context: Context, entry: Entry, note: Remark = "") -> Reply:
        require_own(context, entry)
        register.close(entry, outcome, context.now)
        if note:
            add_note(context.session, entry, context.actor, context.now, note)
        words = _closed_words(context, entry, outcome)
        announce(context, entry, words if not note else f"{words}: {note}")
        return receipt(context, entry, words)


def _closed_words(context: Context, entry: Entry, outcome: str) -> str:
    words = _("{name} closed").format(name=_short(entry))
    if outcome not in ("done", "closed", "resolved"):
        words = _("{name} closed as {outcome}").format(name=_short(entry), outcome=_(outcome))
    is_deadline = register_of(entry).due_label == "Due"
    late = lateness(entry, context.today) if is_deadline else ""
    return f"{words}, {late}" if late else words


def _moved_words(entry: Entry, old: date | None, reason: str) -> str:
    count = _times(entry.moves)
    words = f"{day(old)} → {day(entry.due)}, {count}"
    return f"{words}, {_('reason kept')}" if reason else words


def _times(count: int) -> str:
    if count == 1:
        return _("moved once")
    if count == 2:
        return _("moved twice")
    return plural("moved {count} time", "moved {count} times", count).format(count=count)


def receipt(context: Context, entry: Entry, words: str = "", *more: str) -> Reply:
    """What the sender of a write reads: what was understood, what is missing, what to do next."""
    hints = [*more, *_hints(context, entry)]
    message = render("receipt", words=words, line=_line(context, entry), hints=hints)
    noun, ref = register_of(entry).noun, full_name(context.project, entry)
    buttons = [Button(_("Edit"), f"form {noun} edit {ref}")]
    if entry.is_open and entry.due and not context.calendar.is_working(entry.due):
        working = context.calendar.next_working(entry.due)
        buttons.insert(0, Button(day(working), f"{noun} move {ref} {working.isoformat()}"))
    return Reply(message, tuple(buttons))


def _hints(context: Context, entry: Entry) -> list[str]:
    hints = []
    register = register_of(entry)
    is_deadline = register.due_label == "Due"
    if entry.is_open and is_deadline and (entry.owner_id is None or entry.due is None):
        hints.append(_gap(entry))
    if entry.is_open and entry.due and not context.calendar.is_working(entry.due):
        holiday = context.calendar.holiday_name(entry.due) or _("weekend")
        hints.append(_("{day} is no working day ({why}).").format(day=day(entry.due), why=holiday))
    if context.place.channel != context.project.channel:
        hints.append(_("in {project}").format(project=context.project.name))
    return hints


def _gap(entry: Entry) -> str:
    if entry.owner_id is None and entry.due is None:
        return _("Kept. Who does it, and until when?")
    return _("Kept. Who does it?") if entry.owner_id is None else _("Kept. Until when?")


def tell_owner(context: Context, entry: Entry) -> None:
    """Tell the owner of *entry* that it is theirs now."""
    owner = context.person(entry.owner_id) if entry.owner_id else None
    words = _("{who} gave you {name}").format(who=context.actor.name, name=_short(entry))
    noun, ref = register_of(entry).noun, full_name(context.project, entry)
    buttons = [Button(_("Show"), f"{noun} show {ref}")]
    if noun == "action":
        buttons = [
            Button(_("Accept"), f"action accept {ref}", "primary"),
            Button(_("Propose date"), f"form action propose {ref}"),
            Button(_("Decline"), f"form action decline {ref}"),
        ]
    inform(context, owner, entry, words, *buttons)


def require_givable(person: Person) -> None:
    """Raise `UserError` for somebody who cannot own anything: gone, or a bot."""
    if not person.is_active:
        text = _("{who} is not active in Slack any more.")
        raise UserError(text.format(who=person.name), field="owner")
    if person.is_bot:
        raise UserError(_("A bot cannot own anything."), field="owner")


def show_entry(context: Context, entry: Entry) -> Reply:
    """Everything known of an entry, and what can be done to it."""
    register = register_of(entry)
    people = by_id(context.session, (entry.owner_id, entry.opened_by))
    message = render(
        "show",
        name=register.name_of(entry),
        entry=entry,
        facts=" · ".join(facts(entry, people.get(entry.owner_id) if entry.owner_id else None)),
        details=entry.details(),
        links=[_link_words(context, link, entry) for link in links_of(context.session, entry)],
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


def _link_words(context: Context, link: Link, entry: Entry) -> str:
    is_source = (link.from_kind, link.from_id) == (entry.__tablename__, entry.id)
    kind, key = (link.to_kind, link.to_id) if is_source else (link.from_kind, link.from_id)
    register = of_kind(kind)
    if register is None:
        raise LookupError(kind)
    other = context.session.get_one(register.entry, key)
    project = context.session.get_one(Project, other.project_id)
    if not context.rights.may(Right.READ, project):
        return _("linked to another project")
    there = (
        f"{project.key}-{register.name_of(other)}"
        if project.id != entry.project_id
        else register.name_of(other)
    )
    return f"{_(link.relation if is_source else BACK[link.relation])} {there} · {other.title}"


BACK = {N_("became"): N_("came from"), N_("blocked by"): N_("blocks")}


def _require_open(entry: Entry) -> None:
    if not entry.is_open:
        raise UserError(
            _("{name} is closed.").format(name=_short(entry)),
            line=f"{register_of(entry).noun} reopen {_short(entry)}",
        )


def _line(context: Context, entry: Entry) -> str:
    return line_of(entry, context.person(entry.owner_id) if entry.owner_id else None, 3000)


def _short(entry: Entry) -> str:
    return register_of(entry).name_of(entry)


def _ref(entry: Entry) -> str:
    return _short(entry)


__all__ = ["BACK", "card", "due_words", "receipt", "register_command", "show_entry", "tell_owner"]
