"""Real logs of meetings, typed line by line into a thread, make the minutes their tools made.

What counts: every topic, action, agreement and link the tool's minutes name is captured, in the
tool's words and order, and nothing else is. A link is the first address of a line. What only
steers those tools (``scribe+``, ``q+``, ``present+``, ``s/one/other/``) is talk here: Slack shows
who is there and lets people edit. A proposal is kept as a proposal, never as an agreement.

The folder of real data is named by JOURFIXE_DATA; where it is not there, a few lines of our own
stand in.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.scribe import first_url
from slackbox import Message, Person
from tests.office import Office
from tests.thread import QUESTION, Thread, captures, items, marks_at, records

FOLDER = Path(os.environ.get("JOURFIXE_DATA") or Path(__file__).parents[2] / "shared" / "data")
URL = re.compile(r"https?://[^\s<>]*[^\s<>.,;:!?)\]'\"]")
SAID = re.compile(r"[\d:]+ (?:<(?P<nick>[^>]+)>|\* (?P<actor>\S+)) ?(?P<text>.*)")
TOOLS = {"zodbot"}  # MeetBot itself

OWN_LOG = """
10:00:00 <ann> Agenda: https://example.org/agenda
10:00:01 <ann> Topic: Welcome
10:00:02 <bob> present+
10:00:03 <bob> bob: we were proposed #agreed last week
10:00:04 <ann> ACTION: bob to write to the printer
10:00:05 <bob> PROPOSED: we meet on Mondays
10:00:06 <ann> +1
10:00:07 <ann> RESOLVED: we meet on Mondays
10:00:08 <bob> topic: any other business
10:00:09 <bob> see also https://example.org/b and https://example.org/c
"""
OWN_MINUTES = """
Agendahttps://example.org/agenda
Topics
* Welcome
* any other business
Action Items
* bob to write to the printer
Resolutions
* we meet on Mondays
Organizer
bob: see also https://example.org/b
"""


@dataclass(frozen=True)
class Log:
    """A log and the minutes a tool made of it."""

    name: str
    log: str
    minutes: str

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Who said what, without the tool itself."""
        found = (SAID.fullmatch(line) for line in self.log.splitlines())
        said = [(m["nick"] or m["actor"], m["text"]) for m in found if m]
        return [(nick, text) for nick, text in said if nick not in TOOLS and text.strip()]

    def listed(self, title: str) -> list[str]:
        """What the minutes list below *title*."""
        lines = self.minutes.splitlines()
        if title not in lines:
            return []
        found = []
        for line in lines[lines.index(title) + 1 :]:
            if not line.startswith("* "):
                break
            found.append(line.removeprefix("* "))
        return found

    @property
    def links(self) -> set[str]:
        """The addresses in the minutes that somebody wrote."""
        written = {url for _nick, text in self.lines for url in URL.findall(text)}
        return written & set(URL.findall(self.minutes))


def scribes() -> list[Log]:
    """The logs of the W3C's scribes."""
    files = sorted((FOLDER / "logs").glob("w3c-*.log.txt"))
    logs = [
        Log(file.name.partition(".")[0], file.read_text(),
            file.with_name(file.name.replace(".log.", ".minutes.")).read_text())
        for file in files
    ]  # fmt: skip
    return logs or [Log("own", OWN_LOG, OWN_MINUTES)]


LOGS = scribes()


class Crowd:
    """The people of a log, who type what they said then."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.people: dict[str, Person] = {}

    def __getitem__(self, nick: str) -> Person:
        handle = re.sub(r"[^a-z0-9._-]", "", nick.lower())
        if handle not in self.people:
            person = self.office.box.user(handle, real_name=nick)
            self.office.anna.invites(self.office.alpha, person)
            self.people[handle] = person
        return self.people[handle]


@pytest.fixture(params=LOGS, ids=lambda log: log.name)
def log(request: pytest.FixtureRequest) -> Log:
    """One log after the other."""
    found: Log = request.param
    return found


@pytest.fixture
def typed(office: Office, log: Log) -> list[Message]:
    """The log, typed into the thread of a meeting."""
    crowd = Crowd(office)
    for nick, _text in log.lines:
        crowd[nick]  # everybody is there before anybody is named
    thread = Thread(office)
    return [thread.write(text, crowd[nick]) for nick, text in log.lines]


def test_a_scribes_log_makes_the_scribes_minutes(
    office: Office, log: Log, typed: list[Message]
) -> None:
    assert [title for title, _state in items(office)] == log.listed("Topics")
    # Slack makes a mention of "@JoeAndrieu", which is read by the person's handle.
    actions = [words.casefold() for words in captures(office, "action")]
    assert actions == [words.casefold() for words in log.listed("Action Items")]
    assert captures(office, "decision") == log.listed("Resolutions")
    kept = {first_url(words) for words in captures(office)} - {None}
    assert kept == log.links
    # Nothing else became a record of any kind.
    assert len(records(office)) == len(log.listed("Action Items") + log.listed("Resolutions"))
    assert captures(office, "risk", "issue", "note", "idea", "help") == []
    office.bot.attendant.react()
    asked = [m.text for m in typed if QUESTION in marks_at(m)]
    slips = [text for text in asked if not text.casefold().startswith("action")]
    assert all(text.startswith("PROPSAL") for text in slips)


def test_meetbots_log_makes_meetbots_minutes(office: Office) -> None:
    file = FOLDER / "logs" / "fedora-iot-wg-2020-06-10.log.txt"
    log = Log("fedora", file.read_text() if file.exists() else OWN_MEETBOT, "")
    crowd = Crowd(office)
    for nick, _text in log.lines:
        crowd[nick]
    head, *rest = log.lines
    thread = crowd[head[0]].says(head[1], office.alpha)
    for nick, text in rest:
        crowd[nick].says(text, office.alpha, thread=thread)
    assert items(office) == [("roll call", "done")]
    assert captures(office, "action", "decision", "note", "link") == []
    assert records(office) == []


OWN_MEETBOT = """
14:10:12 <peter> #startmeeting Working Group
14:10:12 <zodbot> Meeting started.
14:10:12 <peter> #chair peter bella
14:10:12 <peter> #topic roll call
14:15:55 <bella> if there is something, might as well #info it
14:16:06 <bella> if not, then i'm in favor of #endmeeting
14:19:29 <peter> #endmeeting
"""
