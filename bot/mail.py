"""The mail sender: a letter is handed to the mail server, once, and told apart what came of it."""

import smtplib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from ssl import SSLCertVerificationError

from bot import clock
from bot.config import Settings
from bot.delivery import gates
from bot.delivery.mailing import letter_of
from bot.delivery.outbox import Delivery
from bot.delivery.sending import (
    BusyError,
    NotSentError,
    RejectedError,
    Sent,
    Standing,
    TokenError,
    UnreadableError,
    UnsureError,
)
from bot.mail_settings import MailServer
from bot.smtp import AnswerError, Connection, Envelope, UnsafeError

TRIES_AT_LEAST = 10  # however long nobody got through: a reader's server puts off strangers first
CLOSES, LATER = 421, 4
LOCKED_OUT = frozenset({454, 530, 534, 535, 538})
"""What is said to who is not logged in, or not safely: no mail is at fault."""

Unreached = (OSError, smtplib.SMTPException)


class MailSender:
    """Sends mails over one connection, which it keeps while there are more and renews when lost.

    What the server says before it knows whom a mail is for concerns all mails, and closes the
    gate of mail; what it says after that concerns this one.
    """

    def __init__(
        self, server: MailServer, settings: Settings, now: Callable[[], datetime] = clock.now
    ) -> None:
        self._server = server
        self._timings = settings
        self._sender = settings.mail_address
        self._tls = settings.mail_tls()
        self._now = now
        self._connection: Connection | None = None
        self._failures = 0

    def post(self, delivery: Delivery, thread: str | None) -> Sent:
        """Mail the letter of *delivery*."""
        letter = letter_of(delivery)
        try:
            envelope = Envelope.of(self._sender, letter.to, letter.mime)
        except ValueError as error:
            raise RejectedError(str(error)) from error
        connection = self._begun(envelope, delivery, is_ascii=letter.mime.isascii())
        try:
            self._tell(connection, envelope, delivery)
            self._hand_over(connection, letter.mime, delivery)
        except (NotSentError, RejectedError):
            self._forget_mail()
            raise
        except UnsureError:
            self._drop()
            raise
        return Sent(delivery.channel, delivery.token)

    def update(self, delivery: Delivery) -> Sent:
        """Nothing can be changed of a mail that was sent."""
        return Sent(delivery.channel, delivery.ts or "")

    def delete(self, sent: Sent) -> None:
        """A mail that was sent stays; sent twice it is shown once, by its Message-ID."""

    def read(
        self, delivery: Delivery, thread: str | None, since: datetime
    ) -> Mapping[str, Standing]:
        """Nobody can look into somebody's mailbox."""
        raise UnreadableError("a mailbox is not ours to read")

    def hang_up(self) -> None:
        """There is nothing to send just now: the server need not wait."""
        if self._connection is not None:
            self._connection.quit()
            self._connection = None

    def _begun(self, envelope: Envelope, delivery: Delivery, *, is_ascii: bool) -> Connection:
        """A connection that was told whom the mail is from; a kept one may have been dropped."""
        if self._connection is not None:
            try:
                self._connection.allow(self._timings.mail_seconds)
                self._connection.begin(envelope, is_ascii=is_ascii)
            except (*Unreached, AnswerError):
                self._drop()
            else:
                return self._connection
        connection = self._connection = self._connected()
        if envelope.needs_utf8 and not connection.takes_utf8():
            raise RejectedError("the mail server takes no address outside of ASCII (SMTPUTF8)")
        try:
            connection.begin(envelope, is_ascii=is_ascii)
        except AnswerError as error:
            self._drop()
            raise self._not_begun(error, envelope, delivery) from error
        except Unreached as error:
            self._drop()
            raise self._out_of_reach(error) from error
        self._failures = 0
        return connection

    def _connected(self) -> Connection:
        name = self._sender.rpartition("@")[2]
        try:
            return Connection(self._server, self._tls, name, self._timings.mail_seconds)
        except (UnsafeError, SSLCertVerificationError, smtplib.SMTPNotSupportedError) as error:
            raise TokenError(str(error)) from error
        except smtplib.SMTPAuthenticationError as error:
            raise TokenError(str(AnswerError(error.smtp_code, error.smtp_error))) from error
        except UnicodeError as error:
            raise TokenError("a login outside of ASCII is not sent") from error
        except smtplib.SMTPResponseException as error:
            told = AnswerError(error.smtp_code, error.smtp_error)
            raise self._out_of_reach(told) from error
        except Unreached as error:
            raise self._out_of_reach(error) from error

    def _out_of_reach(self, error: Exception) -> BusyError:
        """Nothing goes out for a while, the longer the more often it failed."""
        self._failures += 1
        why = str(error) or type(error).__name__
        return BusyError(self._timings.backoff(self._failures), gates.MAIL, why)

    def _not_begun(self, error: AnswerError, envelope: Envelope, delivery: Delivery) -> Exception:
        if envelope.needs_utf8:  # such a mail says more than others, and may be at fault itself
            return self._refused(error, delivery)
        if error.code // 100 == LATER and error.code not in LOCKED_OUT:
            return self._out_of_reach(error)
        return TokenError(str(error))

    def _tell(self, connection: Connection, envelope: Envelope, delivery: Delivery) -> None:
        try:
            connection.address(envelope)
            connection.announce()
        except AnswerError as error:
            if error.code in LOCKED_OUT:
                self._drop()
                raise TokenError(str(error)) from error
            raise self._refused(error, delivery) from error
        except Unreached as error:
            self._drop()
            raise self._put_off(delivery, str(error) or type(error).__name__) from error

    def _hand_over(self, connection: Connection, mime: bytes, delivery: Delivery) -> None:
        try:
            connection.hand_over(mime)
        except AnswerError as error:
            raise self._refused(error, delivery) from error
        except Unreached as error:
            why = str(error) or type(error).__name__
            if self._is_hopeless(delivery):
                raise RejectedError(why) from error
            raise UnsureError(why) from error

    def _refused(self, error: AnswerError, delivery: Delivery) -> Exception:
        if error.code == CLOSES:
            self._drop()
        if error.code // 100 == LATER:
            return self._put_off(delivery, str(error))
        return RejectedError(str(error))

    def _put_off(self, delivery: Delivery, why: str) -> Exception:
        return RejectedError(why) if self._is_hopeless(delivery) else NotSentError(why)

    def _is_hopeless(self, delivery: Delivery) -> bool:
        """Whether it was tried for so long that it has no use any more to try it again."""
        since = delivery.tried_at or self._now()
        waited: timedelta = self._now() - since
        return waited >= self._timings.mail_patience and delivery.attempts >= TRIES_AT_LEAST

    def _forget_mail(self) -> None:
        """Let the connection be as it was before the mail that was not taken."""
        if self._connection is None:
            return
        try:
            self._connection.reset()
        except (*Unreached, AnswerError):
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
