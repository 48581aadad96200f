"""Mails with invitations as a bot sends them, handed in to the workspace in a box by SMTP."""

import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

from slackbox import Box, Mail

SENDER = "Desk <desk@office.example>"

CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Office//EN
METHOD:{method}
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:series@office.example
DTSTAMP:20261110T090000Z
SUMMARY:{title}
LOCATION:Room 4
ORGANIZER;CN=Desk:mailto:desk@office.example
ATTENDEE;CN="Anna Kern";ROLE=CHAIR;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{to}
{lines}
END:VEVENT
END:VCALENDAR
"""

SERIES = """\
DTSTART;TZID=Europe/Berlin:20261124T100000
DTEND;TZID=Europe/Berlin:20261124T104500
RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20270323T090000Z
EXDATE;TZID=Europe/Berlin:20261222T100000"""

MOVED = """\
RECURRENCE-ID;TZID=Europe/Berlin:20261201T100000
DTSTART;TZID=Europe/Berlin:20261202T140000
DTEND;TZID=Europe/Berlin:20261202T144500"""

DROPPED = """\
RECURRENCE-ID;TZID=Europe/Berlin:20261208T100000
DTSTART;TZID=Europe/Berlin:20261208T100000
DTEND;TZID=Europe/Berlin:20261208T104500
STATUS:CANCELLED"""


def written(
    subject: str,
    to: str = "anna@firm.example",
    *,
    html: str = "",
    lines: str = "",
    method: str = "REQUEST",
    title: str = "Jour fixe",
) -> EmailMessage:
    """A mail; with *lines* of a VEVENT it has a calendar part."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = SENDER, to, subject
    mail.set_content(f"{subject}, in plain words.\n")
    if html:
        mail.add_alternative(html, subtype="html")
    if lines:
        text = CALENDAR.format(method=method, to=to, title=title, lines=lines)
        content = text.replace("\n", "\r\n").encode()
        mail.add_alternative(
            content,
            maintype="text",
            subtype="calendar",
            params={"method": method, "charset": "UTF-8"},
        )
    return mail


def hand_in(box: Box, *mails: EmailMessage) -> list[Mail]:
    """Hand mails in over one connection; what the box then keeps of them."""
    before = len(box.mails)
    door = urlsplit(box.smtp_url)
    with smtplib.SMTP(door.hostname or "", door.port or 0) as smtp:
        for mail in mails:
            smtp.send_message(mail)
    return box.mails[before:]
