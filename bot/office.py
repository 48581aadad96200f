"""The office: one request, one transaction, one answer."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import history, inbound
from bot.answer import Answer, Counted, Outcome, finished, unsaved
from bot.calendar.notice import mail_notice, require_sure
from bot.calendar.organizer import organizer_of
from bot.command import Reply
from bot.config import Settings
from bot.context import Context, Place
from bot.db import Sessions, reading
from bot.delivery.outbox import has_promised
from bot.dispatch import Dispatcher, Meant
from bot.errors import MissingFactsError, RefusedError, UnclearProjectError, UserError
from bot.inbound import Request
from bot.knowing import Facts, knowing_most
from bot.language import _, speaking
from bot.messages import NOTHING, VALUE_LIMIT
from bot.mistakes import explain, unknown_person, usage_of
from bot.people import Person, grown_old, person_of
from bot.rights import Rights
from bot.typed import Line, decode

log = logging.getLogger(__name__)

T = TypeVar("T")
ROOM_FOR_PROJECT = 40


class Directory(Facts, Protocol):
    """Asks Slack who people are and who is where."""

    def refresh(self, users: frozenset[str]) -> None:
        """Ask anew who *users* are, without keeping anybody waiting."""
        ...


class Office:
    """Answers requests. The doors hand them in and carry the answers out."""

    def __init__(
        self,
        sessions: Sessions,
        dispatcher: Dispatcher,
        settings: Settings,
        clock: Callable[[], datetime],
        directory: Directory,
        wake: Callable[[], None],
        scopes: frozenset[str],
        counted: Counted = lambda noun, verb, outcome: None,
    ) -> None:
        self.sessions = sessions
        self.dispatcher = dispatcher
        self.settings = settings
        self.clock = clock
        self._directory = directory
        self._wake = wake
        self._scopes = scopes
        self._counted = counted

    def answer(self, request: Request) -> Answer:
        """Do what *request* asks for. Never raises: the answer says what went wrong."""
        answer = self._answer(request)
        self._counted(*answer.verb, answer.outcome)
        return answer

    def _answer(self, request: Request) -> Answer:
        try:
            return self._with_facts(request)
        except UserError as error:
            return self._explain(request, error)
        except (SQLAlchemyError, OSError):
            log.exception("not saved")
            return unsaved(request)
        except Exception:
            log.exception("not saved: a mistake of ours")
            return unsaved(request)

    def changing(self) -> AbstractContextManager[Session]:
        """A transaction for what Slack tells, rather than a person asks."""
        return self.sessions.begin()

    def wake(self) -> None:
        """Have the delivery worker look at once."""
        self._wake()

    def ask(self, team: str, user: str, place: Any, question: Callable[[Context], Any]) -> Any:
        """Read something as *user*, in a transaction that changes nothing."""

        def read(untold: frozenset[str]) -> Any:
            with reading(self.sessions) as session:
                person = person_of(session, team, user)
                with speaking(person.locale):
                    return question(self._context(session, person, place, Line(""), untold))

        return self._knowing(read)

    def hear(
        self, team: str, user: str, place: Place, told: str, work: Callable[[Context], T]
    ) -> T | None:
        """Do *work* as *user*, who *told* something without asking for an answer.

        In a transaction of its own; None where Slack does not tell what has to be known. Raises
        `SQLAlchemyError` where nothing could be stored.
        """

        def do(untold: frozenset[str]) -> T:
            with self.sessions.begin() as session:
                person = person_of(session, team, user)
                with speaking(person.locale):
                    context = self._context(session, person, place, Line(""), untold)
                    history.begin(session, person, decode(told).text, context.now)
                    result = work(context)
                    history.write(session)
                promised = has_promised(session)
            if promised:
                self._wake()
            return result

        return self._knowing(do)

    def _knowing(self, work: Callable[[frozenset[str]], T]) -> T | None:
        """What *work* gives; None where Slack does not tell what it needs."""
        try:
            return knowing_most(self._directory, work)
        except (MissingFactsError, LookupError):
            return None

    def _with_facts(self, request: Request) -> Answer:
        answer = self._knowing(lambda untold: self._once(request, untold))
        if answer is not None:
            return answer
        error = UserError(_("I could not look up in Slack who is meant; please try it again."))
        return replace(
            finished(unknown_person(request.line)), error=error, outcome=Outcome.NOT_SAVED
        )

    def _once(self, request: Request, untold: frozenset[str]) -> Answer:
        line = self._named(request, decode(self._whole_line(request)))
        meant = None if request.form else self.dispatcher.means(line)
        writes = meant is None or (meant.verb.writes and not meant.wants_form)
        opened: AbstractContextManager[Session] = (
            self.sessions.begin() if writes else reading(self.sessions)
        )
        with opened as session:
            person = person_of(session, request.team, request.user)
            if not person.is_active:
                raise RefusedError(_("Your account is not active."))
            with speaking(person.locale):
                context = self._context(session, person, request.place, line, untold)
                context = replace(context, is_sure=meant is None or meant.is_sure)
                answer = self._done(request, meant, context, writes)
            promised = has_promised(session)
            old = grown_old(session, self.clock() - self.settings.people_age)
            if writes and answer.form is not None:
                session.expunge_all()  # the form still shows what was read
                session.rollback()  # nothing was done yet: the form will ask for it anew
        if promised:
            self._wake()
        if old:
            self._directory.refresh(old)
        outcome = Outcome.OK if answer.form is None else Outcome.FORM
        verb = (meant.command.noun, meant.verb.name) if meant else request.verb
        return replace(answer, verb=verb, outcome=outcome)

    def _done(
        self, request: Request, meant: Meant | None, context: Context, writes: bool
    ) -> Answer:
        session = context.session
        if not writes:
            return finished(self._run(request, meant, context))
        if not inbound.claim(session, request.key, context.now):
            return Answer(inbound.answer_to(session, request.key) or NOTHING)
        history.begin(session, context.actor, request.told(context.line), context.now)
        reply = self._run(request, meant, context)
        if reply.form is not None:
            return finished(reply)
        change = history.write(session)
        is_asked = meant is not None and meant.verb.is_asked
        require_sure(context, reply.message.text, is_asked=is_asked)
        answer = finished(reply, change)
        if organizer_of(self.settings) and (note := mail_notice(session, context.now)) is not None:
            answer = replace(answer, message=answer.message + note)
        inbound.keep_answer(session, request.key, reply.replayed or answer.message)
        return answer

    def _run(self, request: Request, meant: Meant | None, context: Context) -> Reply:
        if meant is not None:
            return self.dispatcher.run(meant, context)
        if request.form is None:
            raise ValueError("neither a line nor a form")
        return self.dispatcher.submit(request.form, request.fields or {}, context)

    def _context(
        self,
        session: Session,
        person: Person,
        place: Any,
        line: Line,
        untold: frozenset[str] = frozenset(),
    ) -> Context:
        now = self.clock()
        age = self.settings.members_age
        rights = Rights(session, person, now, place.channel, age, untold)
        return Context(session, person, place, now, self.settings, rights, line, self._scopes)

    def _named(self, request: Request, line: Line) -> Line:
        """The line with the names of those Slack told only the ids of."""
        users = line.unnamed()
        if not users:
            return line
        with reading(self.sessions) as session:
            return line.named({u: person_of(session, request.team, u).handle for u in users})

    def _whole_line(self, request: Request) -> str:
        """The line, with what a button could not carry put back in."""
        words = request.line.split(maxsplit=2)
        is_form = words[:1] == ["form"]
        words = request.line.split(maxsplit=3)[1:] if is_form else words
        if len(words) < 2 or words[0] != "kept" or not words[1].isdecimal():
            return request.line
        with reading(self.sessions) as session:
            kept = inbound.kept_line(session, int(words[1]), request.team, request.user)
        if kept is None:
            raise UserError(_("I no longer have that text; please type it again."))
        return " ".join([*(["form"] if is_form else []), kept, *words[2:]])

    def _explain(self, request: Request, error: UserError) -> Answer:
        if isinstance(error, RefusedError):
            self._audit_refusal(request, error)
        outcome = Outcome.REFUSED if isinstance(error, RefusedError) else Outcome.MISTAKE
        verb = error.verb or request.verb
        if request.form is not None:
            answer = finished(explain(error, "", None, False))
            return replace(answer, error=error, verb=verb, outcome=outcome)
        usage, has_form = None, False
        is_refused = isinstance(error, RefusedError) and not isinstance(error, UnclearProjectError)
        if error.verb is not None and not is_refused:
            command, meant = self.dispatcher.find(*error.verb)
            usage = usage_of(command, meant, self.settings.root) if request.is_typed else None
            has_form = meant.has_form
        line = self._short_line(request)
        typed = request.line if request.is_typed else ""
        answer = finished(explain(error, typed, usage, has_form, line))
        return replace(answer, error=error, verb=verb, outcome=outcome)

    def _short_line(self, request: Request) -> str:
        """The line as buttons carry it: by number where it is too long."""
        if len(request.line) + ROOM_FOR_PROJECT <= VALUE_LIMIT:
            return request.line
        try:
            with self.sessions.begin() as session:
                return inbound.keep_line(session, request, self.clock())
        except SQLAlchemyError:
            log.exception("a line was not kept")
            return request.line

    def _audit_refusal(self, request: Request, error: RefusedError) -> None:
        try:
            with self.sessions.begin() as session:
                person = person_of(session, request.team, request.user)
                line = request.told(decode(request.line))
                history.refuse(session, person, line, str(error), self.clock(), error.project_id)
        except (SQLAlchemyError, MissingFactsError):
            log.exception("a refusal was not audited")
