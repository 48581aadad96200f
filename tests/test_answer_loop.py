"""There and back again: an invitation goes out by SMTP, and what comes back is read."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from icalendar import Calendar

from tests.client_replies import bounce
from tests.imap import ImapServer
from tests.mailed import Post, open_mailed
from tests.post import Post as PostOffice
from tests.post import open_post


@dataclass(frozen=True)
class Invitation:
    """What somebody's mail client keeps of an invitation that arrived."""

    message_id: str
    sequence: int
    uid: str


@pytest.fixture
def loop(database_url: str, imap: ImapServer) -> Iterator[tuple[Post, PostOffice]]:
    """An office that invites by SMTP, and whose invitations are out."""
    with open_post() as out:
        mailing = {"SMTP_URL": out.url(), "MAIL_FROM": "Jourfixe <office@firm.example>"}
        with open_mailed(database_url, imap.postbox(), **mailing) as post:
            goes_out(post, out, 4)
            yield post, out


def goes_out(post: Post, out: PostOffice, count: int) -> None:
    """Five minutes later what was changed is mailed."""
    post.office.passes(minutes=6)
    post.office.ticks()
    post.office.delivered()
    post.office.box.wait_for(lambda: len(out.mails) == count)


def invitation(out: PostOffice, to: str) -> Invitation:
    """The newest invitation that arrived there."""
    found = out.to(to)[-1]
    (part,) = (p for p in found.parsed.walk() if p.get_content_type() == "text/calendar")
    event = Calendar.from_ical(part.get_content()).walk("VEVENT")[0]
    return Invitation(found.message_id, int(str(event["SEQUENCE"])), str(event["UID"]))


def test_an_invitation_goes_out_and_its_answer_comes_back(loop: tuple[Post, PostOffice]) -> None:
    post, out = loop
    first = invitation(out, "ben@firm.example")
    assert first.uid == post.uid
    post.says("ACCEPTED", sequence=first.sequence)
    assert "There: Ben" in post.shows()
    post.office.says("/po-meet move 1 dec to 2 dec 14:00 sure=yes")
    post.office.passes(minutes=1)
    post.says("ACCEPTED", 1, sequence=first.sequence)  # the mail about it is not out yet
    assert "No answer yet: Anna, Ben" in post.shows(2)
    goes_out(post, out, 8)
    second = invitation(out, "ben@firm.example")
    assert second.sequence == first.sequence + 1
    post.says("DECLINED", 1, sequence=second.sequence)
    assert "Can’t: Ben" in post.shows(2)
    assert "There: Ben" in post.shows(8)
    post.office.passes(minutes=10)
    post.office.ticks()
    post.office.delivered()
    assert len(out.mails) == 8  # nobody is mailed because somebody answered


def test_a_mail_that_came_back_marks_the_address_and_is_told_once(
    loop: tuple[Post, PostOffice],
) -> None:
    post, out = loop
    office = post.office
    number = invitation(out, "boss@firm.example").message_id
    before = len(office.told(office.anna))
    report = bounce(number, "forwarded@else.example")
    post.arrives(report, report.replace(b"bounce-", b"again-"))
    (text,) = office.told(office.anna)[before:]
    assert "A mail to boss@firm.example was refused: 550 5.1.1 no such user here" in text
    assert "[Mail it again]" in text
    assert (post.box.read(), post.box.put_aside()) == (2, [])
    office.says("/po-meet move 1 dec to 2 dec 14:00 sure=yes")
    goes_out(post, out, 7)
    assert len(out.to("boss@firm.example")) == 1


def test_a_mail_that_is_not_ours_did_not_come_back_to_us(post: Post) -> None:
    post.arrives(bounce("<0123456789abcdef@firm.example>", "boss@firm.example"))
    assert post.box.put_aside() == ["<bounce-boss@firm.example@client.example>"]
