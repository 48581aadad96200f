"""Minutes by mail: those who are only informed, and attendees outside Slack, are mailed them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import ForeignKey, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.approvals import standing_of
from bot.calendar.addresses import comparable
from bot.calendar.mails import body_of, mail
from bot.calendar.refusals import leave_out
from bot.calendar.writing import Party
from bot.db import Base, Sessions, insert_into, reading
from bot.delivery.mailing import Letter, message_id, promise_mails, refused
from bot.delivery.outbox import Delivery
from bot.gathering import Round, Rounds, gather, go_on, some_of, unchanged
from bot.history import doing_in
from bot.language import _
from bot.letters import minutes_page
from bot.meetings import Meeting, Series
from bot.minutes import Minutes, MinutesState, digest_of
from bot.minutes_readers import readers_of
from bot.minutes_standing import standing_words
from bot.minutes_text import title_of
from bot.minutes_views import outside, plain
from bot.projects import Project

COUNTED = (MinutesState.DRAFT, MinutesState.APPROVED)


class MinutesRound(Round):
    """A meeting whose minutes are new and mailed soon, unless it was closed too early."""

    __tablename__ = "minutes_round"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(index=True)


class MinutesCopy(Base):
    """What was last mailed to a folded address of a meeting: the *digest* of that text.

    *mails* counts them, so that a text that comes back is another mail.
    """

    __tablename__ = "minutes_copy"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    mails: Mapped[int] = mapped_column(default=0)


def watch(sessions: Sessions) -> None:
    """See to it that a version of minutes is mailed, whoever made it and however."""
    event.listen(sessions, "before_flush", _mark)


def _mark(session: Session, context: object, instances: object) -> None:
    rows = [row for row in (*session.new, *session.dirty) if isinstance(row, Minutes)]
    for meeting_id in sorted({row.meeting_id for row in rows if session.is_modified(row)}):
        gather(session, MinutesRound, meeting_id, doing_in(session).at)


@dataclass(frozen=True)
class Issue:
    """The minutes of a meeting as they are mailed: a text is mailed to nobody twice in a row.

    *approved* is the digest of the approved text, where all of it is mailed.
    """

    meeting: Meeting
    project: Project
    title: str
    standing: str
    text: str
    is_approved: bool
    approved: str
    stamp: datetime

    @cached_property
    def digest(self) -> str:
        return digest_of(self.text)

    @cached_property
    def _body(self) -> tuple[bytes, ...]:
        """What all of its mails say."""
        page = minutes_page(self.text, standing=self.standing, digest=self.approved)
        said = f"{self.standing}\n\n{plain(self.text)}\n\n--\nJourfixe · {self.project.name}\n"
        return body_of(said, page)

    def letter(self, organizer: Party, to: Party, number: str) -> Letter:
        """The mail to one reader. Raises ValueError for an address that is none."""
        words = _("Minutes: {title}") if self.is_approved else _("Draft minutes: {title}")
        subject = words.format(title=self.title)
        return mail(self._body, subject, self.stamp, organizer, to, number)


@dataclass(frozen=True)
class Mailing:
    """The mail by which *reader* has an *issue*."""

    key: str
    reader: Party
    issue: Issue


class MinutesMails(Rounds[MinutesRound]):
    """Mails the minutes of one meeting after the other; without an organizer nobody is mailed."""

    table = MinutesRound

    def __init__(
        self, sessions: Sessions, organizer: Party | None, wake: Callable[[], None]
    ) -> None:
        super().__init__(sessions, wake)
        self._organizer = organizer

    def _do(self, row: MinutesRound, now: datetime) -> None:
        with reading(self._sessions) as session:
            issue = issue_of(session, row.meeting_id)
            found, is_last = some_of(self._mailings(session, issue) if issue is not None else ())
            letters = [(one, self._letter(session, one)) for one in found]
        with self._sessions.begin() as session:
            same = unchanged(session, row)
            if same is None:
                return
            if issue is not None:
                _write(session, issue, letters, now)
            go_on(session, same, is_last=is_last)
        self._wake()

    def _mailings(self, session: Session, issue: Issue) -> Iterator[Mailing]:
        """A mail to everybody who does not have that text yet."""
        if self._organizer is None:
            return
        query = select(MinutesCopy).where(MinutesCopy.meeting_id == issue.meeting.id)
        sent = {copy.address: copy for copy in session.scalars(query)}
        people = readers_of(session, issue.meeting, issue.project)
        gone = refused(session, [comparable(one.address) for one in people])
        for one in people:
            copy = sent.get(one.address.casefold())
            has_it = copy is not None and copy.digest == issue.digest
            if has_it or comparable(one.address) in gone:
                continue
            mails = copy.mails if copy is not None else 0
            yield Mailing(_key(issue, mails + 1, one.address), one, issue)

    def _letter(self, session: Session, mailing: Mailing) -> Letter | str:
        """The mail itself; one that cannot be written is the reason why."""
        if self._organizer is None:
            raise LookupError("nobody is mailed without an organizer")
        number = message_id(session, mailing.key, self._organizer.address)
        try:
            return mailing.issue.letter(self._organizer, mailing.reader, number)
        except ValueError as error:
            return str(error)


def _write(
    session: Session, issue: Issue, letters: Sequence[tuple[Mailing, Letter | str]], now: datetime
) -> None:
    """Promise the *letters*; of one that cannot be written its chair is told."""
    series = session.get_one(Series, issue.meeting.series_id)
    for mailing, letter in letters:
        if isinstance(letter, str):
            leave_out(session, comparable(mailing.reader.address), letter, [series], now)
        else:
            _keep(session, mailing)
    written = {m.key: letter for m, letter in letters if isinstance(letter, Letter)}
    promise_mails(session, written, now, project=issue.project)


def issue_of(session: Session, meeting_id: int) -> Issue | None:
    """The minutes of a meeting as they stand; None where they were taken back."""
    minutes = session.scalar(
        select(Minutes)
        .where(Minutes.meeting_id == meeting_id, Minutes.state.in_(COUNTED))
        .order_by(Minutes.version.desc())
        .limit(1)
    )
    if minutes is None:
        return None
    meeting = session.get_one(Meeting, meeting_id)
    project = session.get_one(Project, meeting.project_id)
    is_approved = minutes.state is MinutesState.APPROVED
    text = outside(minutes.text)
    return Issue(
        meeting,
        project,
        title_of(session, meeting),
        standing_words(standing_of(session, minutes), project),
        text,
        is_approved,
        minutes.digest if is_approved and text == minutes.text else "",
        minutes.approved_at or minutes.made_at,
    )


def may_have(session: Session, delivery: Delivery) -> bool:
    """Whether whoever minutes are mailed to may read them still."""
    meeting, folded = _reader(session, delivery)
    project = session.get_one(Project, meeting.project_id)
    return folded in {one.address.casefold() for one in readers_of(session, meeting, project)}


def take_back(session: Session, delivery: Delivery, now: datetime) -> None:
    """Let the books say of minutes that are given up that they were not sent."""
    meeting, folded = _reader(session, delivery)
    copy = session.get(MinutesCopy, (meeting.id, folded), populate_existing=True)
    is_last = copy is not None and copy.mails == int(delivery.key.split(":")[2])
    if copy is not None and is_last and not delivery.is_unsure:
        copy.digest = ""


def _reader(session: Session, delivery: Delivery) -> tuple[Meeting, str]:
    """Which meeting a mail is about, and the folded address it was promised to."""
    _minutes, meeting_id, _number, _digest, address = delivery.key.split(":", 4)
    return session.get_one(Meeting, int(meeting_id)), address.casefold()


def _key(issue: Issue, number: int, address: str) -> str:
    """What the mail of *number* to *address* is known by."""
    return f"minutes-mail:{issue.meeting.id}:{number}:{issue.digest[:16]}:{address}"


def _keep(session: Session, mailing: Mailing) -> None:
    adding = insert_into(session, MinutesCopy).values(
        meeting_id=mailing.issue.meeting.id,
        address=mailing.reader.address.casefold(),
        digest=mailing.issue.digest,
        mails=1,
    )
    session.execute(
        adding.on_conflict_do_update(
            index_elements=[MinutesCopy.meeting_id, MinutesCopy.address],
            set_={"digest": adding.excluded.digest, "mails": MinutesCopy.mails + 1},
        )
    )
