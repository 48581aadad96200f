"""SMTP advice: a mail server tried out without a mail, and what to do where it does not work."""

import smtplib
from ssl import SSLCertVerificationError, SSLContext, SSLError

from bot.mail_settings import MailServer
from bot.smtp import AnswerError, Connection, Envelope, UnsafeError

TROUBLES = (OSError, smtplib.SMTPException, UnsafeError, AnswerError, UnicodeError)
"""What trying one out may raise."""


def try_out(server: MailServer, tls: SSLContext, sender: str, seconds: float) -> str:
    """Log in and begin a mail from *sender*, without sending one; how it went, in words.

    Raises any of `TROUBLES`.
    """
    connection = Connection(server, tls, sender.rpartition("@")[2], seconds)
    try:
        connection.begin(Envelope(sender, "", needs_utf8=False), is_ascii=True)
        secrecy = "encrypted" if connection.is_encrypted else "NOT encrypted"
    finally:
        connection.quit()
    return f"{secrecy}, {'logged in' if server.user else 'without a login'}"


def reason_of(error: Exception) -> str:
    """What went wrong, as the server or the machine calls it."""
    if isinstance(error, smtplib.SMTPResponseException):
        return str(AnswerError(error.smtp_code, error.smtp_error))
    if isinstance(error, SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    return str(error) or type(error).__name__


def advice_on(error: Exception) -> str:
    """What to do about it."""
    if isinstance(error, SSLCertVerificationError):
        return (
            "The host in SMTP_URL must be the one in the certificate; MAIL_CA_FILE names the "
            "authority of your own certificates."
        )
    if isinstance(error, SSLError):
        return "smtps:// is for TLS from the start (465); for STARTTLS (587, 25) it is smtp://."
    if isinstance(error, UnsafeError):
        return "Try smtps://; within this machine ?starttls=no does without."
    if isinstance(error, (smtplib.SMTPAuthenticationError, UnicodeError)):
        return (
            "Look at user and password in SMTP_URL; signs in them such as @ : / are %-encoded, and "
            "many providers want a password made for this app."
        )
    if isinstance(error, AnswerError):
        return "The server must let this login, or this machine, send as MAIL_FROM."
    return "Look at the host and the port in SMTP_URL, and whether a firewall lets you through."
