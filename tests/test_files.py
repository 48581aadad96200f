"""Files: minutes and agendas as text and on paper, in which what people typed stays text."""

import io
import os
import re
import socket
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.agenda_building import build
from bot.agenda_cards import Look
from bot.agenda_letter import agenda_page
from bot.letters import minutes_page
from bot.meeting_dates import next_dates
from bot.meetings import Series
from bot.minutes import Minutes
from bot.minutes_views import outside, plain
from bot.pages import Link, in_markdown
from bot.pdf import print_page
from bot.projects import Project
from slackbox import Person
from tests.office import Office
from tests.test_hostile_text import TEXTS
from tests.thread import Thread

WEDNESDAYS = '"Jour fixe" every wed 10:00-10:45 with @anna @ben taker @ben'
TAGS = set("html head meta title body table tr td div h1 h2 h3 p ul li span strong a".split())
MINUTES = """\
# Jour fixe, Tue 24 Nov 2026

- **Alpha** · Tue 24 Nov, 10:00–10:45 (Europe/Berlin)
- Chair: Anna · Minutes: Ben

## Attendance

- Present: Anna, Ben

## 1. {title}

- **Decision** D1 · {words}
- {words}
- see <https://example.com/?{query}>

## 2. 🔒 Salaries

- **Action** A1 · ask legal · Ben

## Actions by person

- 🔒 Ben: A1 · ask legal
"""


class Page(HTMLParser):
    """What a mail program reads in a page of HTML."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._told: list[str] = []
        self.feed(page)
        self.close()

    @property
    def words(self) -> str:
        """What stands there once every style and tag is gone."""
        return " ".join(" ".join(self._told).split())

    @property
    def links(self) -> list[str | None]:
        return [attributes["href"] for tag, attributes in self.tags if tag == "a"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self._told.append(data)


def sent(office: Office, who: Person | None = None) -> tuple[str, bytes]:
    """Name and content of the file that came to somebody (Anna) last."""
    (file,) = office.told_messages(who or office.anna)[-1].files
    known = office.box.backend.workspace.files[file]
    return known.title, known.content or b""


def words(data: bytes) -> str:
    """What stands on the sheets of a PDF, as one line."""
    sheets = PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())


def page_of_agenda(office: Office, look: Look) -> str:
    """The agenda of the next meeting as a page of HTML."""

    def look_up(session: Session) -> str:
        series = session.scalars(select(Series)).one()
        project = session.get_one(Project, series.project_id)
        found = next_dates(session, series, project, office.now, 1)[0]
        return agenda_page(build(session, project, found, office.now), look)

    found: str = office.stored(look_up)
    return found


def meets(office: Office) -> None:
    """A series of Anna's; some time goes by."""
    office.anna.clicks("Invite", office.types(f"/po-meet new {WEDNESDAYS}"))
    office.passes(minutes=5)


@pytest.fixture
def thread(office: Office) -> Thread:
    """A meeting that has talked about where to test."""
    thread = Thread(office)
    thread.write("#topic Where we test")
    thread.write("D: we use site B, because cheaper", office.ben)
    thread.write("A: @ben book room by fri")
    thread.write("#link https://example.com/a_b the plan")
    return thread


# --- What comes when it is asked for ----------------------------------------------------------


@pytest.mark.parametrize("line", ["/po-meet minutes pdf", "/po minutes PDF tue"])
def test_minutes_come_on_paper(office: Office, thread: Thread, line: str) -> None:
    office.says("/po-meet close")
    answer = office.says(line)
    assert answer == "alpha-minutes-2026-11-24-v1.pdf comes as a direct message."
    name, data = sent(office)
    assert name == "alpha-minutes-2026-11-24-v1.pdf"
    told = words(data)
    assert told.startswith("MINUTES Jour fixe, Tue 24 Nov 2026 Alpha · Tue 24 Nov, 09:00 (")
    assert "Draft minutes, version 1: 0 of 2 agree" in told
    assert "1. Where we test Decision D1 · we use site B, because cheaper" in told
    assert "Action A1 · book room · Ben · Fri 27 Nov 2026" in told


def test_approved_minutes_on_paper_say_what_they_are_known_by(
    office: Office, thread: Thread
) -> None:
    office.says("/po-meet close")
    for who in (office.anna, office.ben):
        office.says("/po-meet approve", who)
    office.says("/po-meet minutes pdf")
    digest = office.stored(lambda session: session.scalars(select(Minutes)).one().digest)
    told = words(sent(office)[1])
    assert "Minutes approved Tue 24 Nov 2026, version 1" in told
    assert f"SHA-256 of the approved text: {digest}" in told


@pytest.mark.parametrize("word", ["md", "file", "MD"])
def test_minutes_and_agendas_come_as_text_too(office: Office, thread: Thread, word: str) -> None:
    office.says("/po-meet close")
    office.says(f"/po-meet minutes {word}")
    name, data = sent(office)
    assert name == "alpha-minutes-2026-11-24-v1.md"
    assert data.decode().startswith("# Jour fixe, Tue 24 Nov 2026\n")
    meets(office)
    office.says(f"/po-meet agenda {word}")
    name, data = sent(office)
    assert name == "alpha-agenda-2026-11-25.md"
    assert data.decode().startswith("# Jour fixe, Wed 25 Nov 2026\n")


def test_both_files_are_a_click_away(office: Office, thread: Thread) -> None:
    office.says("/po-meet close")
    office.anna.clicks("As a PDF", office.types("/po-meet minutes"))
    assert sent(office)[0] == "alpha-minutes-2026-11-24-v1.pdf"
    meets(office)
    office.anna.clicks("As a PDF", office.types("/po-meet agenda"))
    assert sent(office)[0] == "alpha-agenda-2026-11-25.pdf"


def test_an_agenda_comes_on_paper(office: Office) -> None:
    meets(office)
    office.says("/po-meet topic Decide test site 15m @carla")
    office.says("/po-action add @ben send contract draft by tomorrow")
    answer = office.says("/po-meet agenda pdf")
    assert answer == "alpha-agenda-2026-11-25.pdf. It comes as a direct message."
    told = words(sent(office)[1])
    assert told.startswith("AGENDA Jour fixe, Wed 25 Nov 2026 Alpha Wed 25 Nov, 10:00")
    assert "(Europe/Berlin) · 45 min Chair: Anna · Minutes: Ben" in told
    assert "A1 Wed 25 Nov · send contract draft · Ben" in told
    assert "Decide test site 15 min · Carla proposed by Anna, Tue 24 Nov" in told


def test_colours_are_dots_that_paper_has(office: Office) -> None:
    office.says("/po-status green All well")
    meets(office)
    office.passes(days=1)
    office.says("/po-status amber Supplier late by a week")
    assert "🟢 GREEN → 🟡 AMBER" in Page(page_of_agenda(office, Look())).words
    office.says("/po-meet agenda pdf")
    assert "● GREEN → ● AMBER · Supplier late by a week" in words(sent(office)[1])


def test_what_is_confidential_is_on_the_paper_of_those_invited_only(office: Office) -> None:
    meets(office)
    office.says("/po-meet topic Salary of the new tester 5m confidential=yes", office.ben)
    office.says("/po-meet agenda pdf", office.ben)
    assert "Salary of the new tester confidential" in words(sent(office, office.ben)[1])
    office.says("/po-meet agenda pdf", office.carla)
    told = words(sent(office, office.carla)[1])
    assert "Confidential item" in told
    assert "Salary" not in told


def test_a_word_that_is_no_kind_of_file_is_asked_back(office: Office) -> None:
    meets(office)
    assert "pdf" in office.says("/po-meet agenda pfd")


# --- What stands on a page --------------------------------------------------------------------


def test_a_page_reads_well_without_any_style() -> None:
    text = MINUTES.format(title="Where we test", words="we use site B", query="a=1")
    page = Page(minutes_page(text, standing="Minutes approved", digest="ab12"))
    assert page.words == (
        "Jour fixe, Tue 24 Nov 2026 Minutes Jour fixe, Tue 24 Nov 2026 "
        "Alpha · Tue 24 Nov, 10:00–10:45 (Europe/Berlin) Chair: Anna · Minutes: Ben "
        "Minutes approved "
        "Attendance Present Anna, Ben "
        "1. Where we test Decision D1 · we use site B we use site B see https://example.com/?a=1 "
        "2. Salaries confidential Action A1 · ask legal · Ben "
        "Actions by person Ben confidential A1 · ask legal "
        "Jourfixe · SHA-256 of the approved text: ab12"
    )
    assert page.links == ["https://example.com/?a=1"]


def test_what_goes_outside_holds_nothing_confidential() -> None:
    text = outside(MINUTES.format(title="Where we test", words="we use site B", query="a=1"))
    page = Page(minutes_page(text))
    assert "we use site B" in page.words
    assert "Confidential, left out" in page.words
    assert "Salaries" not in page.words
    assert "legal" not in page.words


def test_a_page_is_made_for_mail_programs() -> None:
    page = minutes_page(MINUTES.format(title="x", words="y", query="z"))
    tags = [tag for tag, _attributes in Page(page).tags]
    assert page.startswith('<!DOCTYPE html>\n<html lang="en"')
    assert set(tags) <= TAGS
    assert "max-width: 640px" in page
    assert '<meta name="color-scheme" content="light dark">' in page


def shape(text: str, **told: str) -> list[tuple[str, tuple[str, ...]]]:
    """The tags of a page and the names of their attributes."""
    return [(tag, tuple(found)) for tag, found in Page(minutes_page(text, **told)).tags]


@settings(max_examples=150, deadline=None)
@given(st.text(), st.text(min_size=1), st.text(alphabet="abc<>\"'&%| ;\n\\", max_size=30))
def test_what_was_typed_is_text_on_the_page(title: str, said: str, query: str) -> None:
    typed = {"title": in_markdown(title), "words": in_markdown(f"x{said}")}
    url = in_markdown(Link(f"https://example.com/?{query}", ""))[1:-1]
    text = MINUTES.format(**typed, query=url.partition("?")[2])
    harmless = MINUTES.format(title="x", words="y", query="z")
    told = {"standing": title, "digest": said}
    assert shape(text, **told) == shape(harmless, standing=title and "x", digest="x")
    page = Page(minutes_page(text))
    assert page.links == [url]
    assert folded(plain(typed["words"])) in folded(page.words)
    assert folded(plain(typed["title"])) in folded(page.words)


def folded(text: str) -> str:
    return " ".join(text.replace("🔒", " ").split())


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab#-* <>\\\n\"'&🔒:/hps.{}%"))
def test_whatever_the_text_is_only_what_we_say_is_markup(text: str) -> None:
    page = Page(minutes_page(f"# {text}", standing=text, digest=text))
    assert {tag for tag, _attributes in page.tags} <= TAGS
    assert all(re.match("https?://", link or "") for link in page.links)


def test_hostile_words_are_text_in_an_agenda(office: Office) -> None:
    meets(office)
    for text in TEXTS:
        office.says(f"/po-meet topic {text}")
        office.says(f"/po-action add @ben {text} by tomorrow")
    page = Page(page_of_agenda(office, Look(told=True)))
    assert {tag for tag, _attributes in page.tags} <= TAGS
    assert page.links == []
    for text in TEXTS:
        assert page.words.count(folded(text)) >= 2, text


# --- How a page is printed --------------------------------------------------------------------


def test_a_sheet_brings_its_letters_and_fetches_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        host = f"http://127.0.0.1:{server.getsockname()[1]}"
        asked = [
            f'<link rel="stylesheet" href="{host}/a.css">',
            f'<link rel="attachment" href="{host}/b">',
            '<link rel="attachment" href="file:///etc/hostname">',
            f'<img src="{host}/c.png"><img src="file:///etc/hostname">',
            f'<p style="background: url({host}/d)">Grüße, Ελλάδα, Привет</p>',
        ]
        data = print_page("".join(asked), "")
        with pytest.raises(TimeoutError):
            server.accept()
    reader = PdfReader(io.BytesIO(data))
    assert reader.attachments == {}
    fonts: Any = reader.pages[0]["/Resources"]
    names = [font.get_object()["/BaseFont"] for font in fonts["/Font"].values()]
    assert all("Jourfixe" in name for name in names)
    assert "Grüße, Ελλάδα, Привет" in words(data)


def test_hostile_words_are_printed_as_they_are() -> None:
    texts = [text for text in TEXTS if text.isascii()]  # others are drawn in another order
    assert len(texts) > 5
    said = "\n- ".join(in_markdown(text) for text in texts)
    page = minutes_page(MINUTES.format(title="Where we test", words=said, query="a=1"))
    data = print_page(page, "")
    for text in texts:
        assert folded(text) in words(data)
    sheets = PdfReader(io.BytesIO(data)).pages
    marks = [mark.get_object() for sheet in sheets for mark in sheet.get("/Annots", ())]
    assert {mark["/A"]["/URI"] for mark in marks} == {"https://example.com/?a=1"}


def run(script: str, database: str, **environment: str) -> str:
    """What a process of its own prints, in which something is not installed."""
    done = subprocess.run(
        [sys.executable, "-c", dedent(script), database],
        env=os.environ | environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_who_asks_for_a_pdf_where_none_can_be_made_reads_how_to_have_one(
    database_url: str,
) -> None:
    told = run(
        """
        import sys
        sys.modules["weasyprint"] = None
        from tests.office import open_office
        from tests.thread import Thread
        with open_office(sys.argv[1]) as office:
            Thread(office).write("D: we use site B")
            office.says("/po-meet close")
            print(office.says("/po-meet minutes"))
            print(office.says("/po-meet minutes pdf"))
            print(office.says("/po-meet minutes md"))
        """,
        database_url,
    )
    assert "[As a file]" in told
    assert "[As a PDF]" not in told
    assert "Whoever runs Jourfixe adds it by pip install jourfixe[pdf]" in told.replace("`", "")
    assert "alpha-minutes-2026-11-24-v1.md comes as a direct message." in told


def test_operators_hear_of_a_pdf_that_cannot_be_made(database_url: str, tmp_path: Path) -> None:
    tmp_path.joinpath("pydyf.py").write_text("raise ImportError('there is no pydyf')\n")
    told = run(
        """
        import sys
        from tests.office import open_office
        from tests.thread import Thread
        with open_office(sys.argv[1]) as office:
            Thread(office).write("D: we use site B")
            office.says("/po-meet close")
            office.says("/po-meet minutes pdf")
            print(*office.told(office.dora), sep="\\n")
            office.says("/po-action add order test devices")
            print(office.sees()[-1])
        """,
        database_url,
        PYTHONPATH=str(tmp_path),
    )
    assert "pip install jourfixe[pdf]" in told.replace("`", "")
    assert "there is no pydyf" in told
    assert "A1 · order test devices" in told


@pytest.mark.parametrize(("broken", "mark"), [(False, "ok  "), (True, "FAIL")])
def test_the_doctor_looks_whether_a_pdf_can_be_made(
    tmp_path: Path, broken: bool, mark: str
) -> None:
    if broken:
        tmp_path.joinpath("pydyf.py").write_text("raise ImportError('there is no pydyf')\n")
    told = subprocess.run(
        [sys.executable, "-m", "bot", "doctor"],
        env=os.environ | {
            "PYTHONPATH": f"{tmp_path}",
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
            "SLACK_API_URL": "http://127.0.0.1:9/api/",
            "DATABASE_URL": f"sqlite:///{tmp_path}/jourfixe.db",
        },
        capture_output=True, text=True, check=False, timeout=60,
    ).stdout  # fmt: skip
    assert f"{mark}  minutes and agendas come as PDF" in told
    assert ("there is no pydyf" in told) is broken
