"""The mailroom: what calendars and readers of minutes are told leaves here, answers come in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import minutes_mail
from bot.calendar import unsent, watching
from bot.calendar.feeds import Page, page_of
from bot.calendar.organizer import organizer_of
from bot.calendar.refusals import mail_rejected
from bot.calendar.rounds import CalendarRounds
from bot.config import Settings
from bot.db import Sessions, reading
from bot.delivery.mailing import say_mailing
from bot.delivery.outbox import TOO_LATE, Delivery, Medium
from bot.delivery.worker import Worker
from bot.mail import MailSender
from bot.metrics import Metrics
from bot.minutes_mail import MinutesMails
from bot.scheduler import Errand


@dataclass(frozen=True)
class Books:
    """What is written down of the mails of one kind: who is to have one, and who has it."""

    may_have: Callable[[Session, Delivery], bool]
    take_back: Callable[[Session, Delivery, datetime], None]


BOOKS = {
    "calendar": Books(unsent.may_have, unsent.take_back),
    "minutes-mail": Books(minutes_mail.may_have, minutes_mail.take_back),
}
"""By what the keys of their mails begin with."""


def _books_of(delivery: Delivery) -> Books | None:
    return BOOKS.get(delivery.key.partition(":")[0])


class Mailroom:
    """Prepares what is mailed, and sends it; without a mail server feeds alone are kept."""

    def __init__(
        self,
        sessions: Sessions,
        settings: Settings,
        metrics: Metrics,
        clock: Callable[[], datetime],
    ) -> None:
        """*clock* tells office time."""
        watching.watch(sessions, clock)
        minutes_mail.watch(sessions)
        self._sessions = sessions
        self._settings = settings
        self._clock = clock
        self.worker = self._worker(metrics)

    def _worker(self, metrics: Metrics) -> Worker | None:
        """What sends mails; None where nobody is mailed."""
        if self._settings.smtp is None:
            return None
        say_mailing(self._sessions)
        sender = MailSender(self._settings.smtp, self._settings)
        return Worker(
            self._sessions,
            sender,
            self._rejected,
            self._settings.for_mail(),
            readable=self._readable,
            hidden=self._take_back,
            sent=metrics.mailed,
            rests=sender.hang_up,
            medium=Medium.MAIL,
        )

    def _readable(self, delivery: Delivery) -> dict[str, Any] | None:
        """All of a mail; None where who it is for is not to have it any more."""
        books = _books_of(delivery)
        with reading(self._sessions) as session:
            is_wanted = books is None or books.may_have(session, delivery)
        return delivery.content if is_wanted else None

    def _rejected(self, session: Session, delivery: Delivery, error: str, now: datetime) -> None:
        """What comes too late says nothing of the address; the rest does."""
        if error == TOO_LATE:
            self._take_back(session, delivery)
        else:
            mail_rejected(session, delivery, error, self._clock())

    def _take_back(self, session: Session, delivery: Delivery) -> None:
        """Let nobody be taken to have what was not sent."""
        books = _books_of(delivery)
        if books is not None:
            books.take_back(session, delivery, self._clock())

    def errands(self, wake: Callable[[], None]) -> Sequence[Errand]:
        """What is prepared on a beat; *wake* is called after something was promised."""
        organizer = organizer_of(self._settings)
        rounds = CalendarRounds(self._sessions, organizer, wake)
        return [rounds.do_some, MinutesMails(self._sessions, organizer, wake).do_some]

    def feed(self, secret: str) -> Page | None:
        """What the feed behind *secret* shows just now."""
        return page_of(self._sessions, secret, self._clock())
