"""The organizer: the one mailbox all invitations come from."""

from email.utils import parseaddr

from bot.calendar.writing import Party
from bot.config import Settings


def organizer_of(settings: Settings) -> Party | None:
    """Who mails people's calendars; None where no mail is sent."""
    if not settings.smtp_url:
        return None
    name, address = parseaddr(settings.mail_from)
    return Party(name, address)
