"""The mailroom: what calendars and readers of minutes are told leaves here, answers come in."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot import minutes_mail
from bot.calendar import watching
from bot.calendar.feeds import Page, page_of
from bot.calendar.organizer import organizer_of
from bot.calendar.refusals import mail_rejected
from bot.calendar.rounds import Rounds
from bot.config import Settings
from bot.db import Sessions
from bot.delivery.mailing import say_mailing
from bot.delivery.outbox import Medium
from bot.delivery.worker import Worker
from bot.mail import MailSender
from bot.metrics import Metrics
from bot.minutes_mail import MinutesMails
from bot.scheduler import Errand


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
            mail_rejected,
            self._settings.for_mail(),
            sent=metrics.mailed,
            rests=sender.hang_up,
            medium=Medium.MAIL,
        )

    def errands(self, wake: Callable[[], None]) -> Sequence[Errand]:
        """What is prepared on a beat; *wake* is called after something was promised."""
        organizer = organizer_of(self._settings)
        rounds = Rounds(self._sessions, organizer, wake)
        return [rounds.do_some, MinutesMails(self._sessions, organizer, wake).do_some]

    def feed(self, secret: str) -> Page | None:
        """What the feed behind *secret* shows just now."""
        return page_of(self._sessions, secret, self._clock())
