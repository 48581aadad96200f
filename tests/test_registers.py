"""What every register can do, whichever it is; every example of the help, typed."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.catalogue import typed
from bot.command import Command
from bot.commands import COMMANDS
from bot.register import Register
from bot.registers import REGISTERS
from bot.registers.milestones import MILESTONES
from slackbox import Person
from tests.office import Office, open_office
from tests.thread import Thread

EVERY = pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.noun)

BEFORE: dict[tuple[str, str], str] = {
    ("action", "unblock"): "action block {name} waiting for rain",
    ("decision", "link"): "action add sign the lease",
    ("meet", "reopen"): "meet approve",
    ("meet", "object"): "meet reopen once more",
    ("meet", "overrule"): "meet object nobody said so",
    ("meet", "carry"): "meet drop",
    ("meet", "action"): 'meet carry to "Jour fixe"',
    ("meet", "item"): "risk add Fire p5 i5",
    ("meet", "reorder"): "risk add Fire p5 i5",
    ("meet", "turn"): "meet topic Decide test site",
    ("meet", "discard"): "meet new Talk every wed 9:00",
    ("meet", "keep"): "meet new Talk every wed 9:00",
    ("meet", "invite"): "meet uninvite @carla",
    ("meet", "restore"): "meet cancel 1 dec sure=yes",
    ("meet", "resume"): "meet pause",
    ("ms", "baseline"): "ms edit {name} by 30 june",
    ("ms", "same"): "ms edit {name} by 30 june",
    ("ms", "free"): "ms after {name} M2",
    ("project", "bind"): "project new Beta",
    ("project", "remove"): "project people @ben office",
    ("role", "take"): "role give @ben portfolio",
    ("undo", "last"): "action add water the plants",
    ("status", "same"): "status green All well",
    ("status", "follow"): "status green All well",
    ("status", "show"): "status green All well",
    ("status", "history"): "status green All well",
}
"""What has to be so before an example can work."""

LEAVING = (
    ("meet", "unfinished"), ("minutes", "show"), ("minutes", "verify"), ("snooze", "minutes"),
)  # fmt: skip
"""What is asked after a meeting that closed."""

SLIPPED = "+10 working days, reason: waiting for legal"


@pytest.fixture
def equipped(database_url: str) -> Iterator[Office]:
    """An office that sends mail and has feeds."""
    with open_office(database_url, is_mailing=True, PUBLIC_URL="https://pm.firm.example") as office:
        yield office


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.noun)
def test_every_example_of_the_help_works(equipped: Office, command: Command) -> None:
    office = equipped
    office.says("/po role give @anna operator", office.dora)
    beta = office.box.channel("beta", members=[office.anna])
    for verb in command.verbs.values():
        line = typed(command, verb, "po")
        name, who = _ready(office, command, verb.name)
        for sample in ("A12", "R7", "I3", "D5", "M4", "P1"):
            line = line.replace(sample, name)
        line = line.replace(" 1:2026", f" {name}:2026").replace('new "Jour fixe"', "new Talk over")
        line = line.replace("bind ALPHA", "bind BETA").replace("new Alpha", "new Gamma")
        where = beta if line.split()[1:3] in (["project", "new"], ["project", "bind"]) else None
        answer = office.types(line.replace("owner @ben", "owner @carla"), who, where)
        assert "You typed" not in answer.text, line
        assert answer.text or who.view is not None, line


def _ready(office: Office, command: Command, verb: str) -> tuple[str, Person]:
    """A fresh entry for the example of *verb*, and whoever may do it."""
    register = next((r for r in REGISTERS if r.noun == command.noun), REGISTERS[0])
    if command.noun == "proposals" or verb == "proposal":
        return _proposed(office), office.carla if verb == "withdraw" else office.anna
    is_given = verb in ("accept", "decline", "propose", "agree")
    owner = office.ben if is_given else office.anna
    answer = office.says(f"/po {register.noun} add owner=@{owner.name} water the plants")
    name = answer.split(" ")[0]
    if (command.noun, verb) == ("ms", "propose"):
        return name, office.carla
    if verb == "reopen":
        office.says(f"/po {register.noun} {next(iter(register.outcomes))} {name}")
    if command.noun == "meet":
        name = _meeting(office)
    if (command.noun, verb) in LEAVING:
        _parked(office)
    if before := BEFORE.get((command.noun, verb)):
        where = office.anna.dm if before.startswith("project new") else None
        office.says(f"/po {before.format(name=name)}", where=where)
    if verb == "agree":  # it is for who gave it, once the other has proposed
        office.says(f"/po action propose {name} in 2 weeks", owner)
        return name, office.anna
    return name, owner


def _meeting(office: Office) -> str:
    """The number of a fresh series that takes place on Tuesdays, the only one there is."""
    for line in office.says("/po meet list").splitlines()[1:]:
        verb = "discard" if " · draft" in line else "end"
        office.says(f"/po meet {verb} of {line.split(' ')[0]} sure=yes")
    planned = "every tue 10:00-10:45 with @anna @ben from 1 dec"
    number = office.says(f'/po meet new "Jour fixe" {planned}').split(" ")[0]
    office.says("/po meet invite")
    return number


def _parked(office: Office) -> None:
    """A closed meeting that left one topic."""
    thread = Thread(office, "Talk")
    for line in ("#topic Decide test site", "park", "#endmeeting"):
        thread.write(line)


def _proposed(office: Office) -> str:
    """The name of a fresh proposal of Carla's."""
    name = office.says("/po ms add water the plants").split(" ")[0]
    return office.says(f"/po ms propose {name} 30 june", office.carla).split(" ")[0]


def added(office: Office, register: Register[Any], words: str = "owner=@ben water plants") -> str:
    """The name of a new entry."""
    return office.says(f"/po {register.noun} add {words}").split(" ")[0]


@EVERY
def test_its_own_example_becomes_an_entry(office: Office, register: Register[Any]) -> None:
    answer = office.says(f"/po {register.noun} add {register.example}")
    assert answer.startswith(f"{register.letter}1 · ")
    assert "[Edit] [Undo]" in answer


@EVERY
def test_an_empty_add_opens_the_form(office: Office, register: Register[Any]) -> None:
    office.types(f"/po {register.noun} add")
    assert office.anna.view is not None
    assert office.anna.view.title == f"Add {register.word}"


@EVERY
def test_the_form_does_what_the_line_does(office: Office, register: Register[Any]) -> None:
    typed_answer = office.says(f"/po {register.noun} add water the plants")
    opened = office.types(f"/po {register.noun} add")
    office.anna.fills({_title_label(office): "water the plants"})
    assert office.anna.submits() == {}
    office.box.wait_for(lambda: opened.text)
    typed = typed_answer.replace(f"{register.letter}1", f"{register.letter}2").splitlines()
    said = [line for line in typed if not line.startswith("Not said")]  # a form leaves no gap
    assert opened.text.splitlines() == said


def _title_label(office: Office) -> str:
    view = office.anna.view
    assert view is not None
    return str(next(block for block in view.blocks if block["type"] == "input")["label"]["text"])


@EVERY
def test_a_form_left_empty_says_so_beside_the_field(
    office: Office, register: Register[Any]
) -> None:
    office.types(f"/po {register.noun} add")
    label = _title_label(office)
    office.anna.fills({label: "   "})
    assert office.anna.submits() == {label: "A few words are needed: what is it about?"}


@EVERY
def test_numbers_count_up_and_are_never_used_again(office: Office, register: Register[Any]) -> None:
    added(office, register)
    assert added(office, register) == f"{register.letter}2"
    office.says("/po undo")
    assert added(office, register) == f"{register.letter}3"


@EVERY
def test_edit_changes_only_what_is_named(office: Office, register: Register[Any]) -> None:
    name = added(office, register, "owner=@ben water the plants")
    answer = office.says(f"/po {register.noun} edit {name} water the flowers")
    assert f"{name} · water the flowers" in answer
    assert "Ben" in answer


@EVERY
def test_the_edit_form_is_filled_in_with_what_is_there(
    office: Office, register: Register[Any]
) -> None:
    name = added(office, register)
    office.anna.clicks("Edit", office.types(f"/po {register.noun} edit {name} the cat's water"))
    view = office.anna.view
    assert view is not None
    assert "the cat's water" in office.box.text_of(view)
    assert ": @Ben" in office.box.text_of(view)


@EVERY
def test_it_is_moved_with_its_history(office: Office, register: Register[Any]) -> None:
    name = added(office, register)
    office.says(f"/po {register.noun} move {name} 4 dec")
    answer = office.says(f"/po {register.noun} move {name} to +2 weeks waiting for legal")
    told = SLIPPED if register is MILESTONES else "moved twice, reason kept"
    assert f"Fri 4 Dec → Fri 18 Dec, {told}" in answer
    assert "Anna: waiting for legal" in office.says(f"/po {register.noun} show {name}")


@EVERY
def test_it_is_given_to_somebody_else_who_is_told(office: Office, register: Register[Any]) -> None:
    name = added(office, register)
    assert "Given to Carla" in office.says(f"/po {register.noun} give {name} @carla")
    assert f"Anna gave you {name}" in office.told(office.carla)[-1]
    assert f"Anna gave {name} to Carla" in office.told(office.ben)[-1]


@EVERY
def test_every_way_to_close_it_and_open_it_again(office: Office, register: Register[Any]) -> None:
    name = added(office, register)
    for verb, outcome in register.outcomes.items():
        closed = office.says(f"/po {register.noun} {verb} {name}")
        assert f"{name} closed" in closed or f"{name} done" in closed
        assert outcome in office.says(f"/po {register.noun} closed")
        assert f"{name} is open again" in office.says(f"/po {register.noun} reopen {name}")


@EVERY
def test_close_is_understood_everywhere(office: Office, register: Register[Any]) -> None:
    name = added(office, register)
    closed = office.says(f"/po {register.noun} close {name}")
    assert f"{name} closed" in closed or f"{name} done" in closed


@EVERY
def test_lists_show_what_is_asked_for(office: Office, register: Register[Any]) -> None:
    office.says(f"/po {register.noun} add owner=@anna feed the cat")
    other = added(office, register, "owner=@ben water the plants")
    listed = {v: office.says(f"/po {register.noun} {v}") for v in ("list", "mine", "find PLANTS")}
    assert "feed the cat" in listed["list"]
    assert other in listed["list"]
    assert other not in listed["mine"]
    assert "feed the cat" not in listed["find PLANTS"]


@EVERY
def test_a_list_by_person_keeps_together_what_is_one_persons(
    office: Office, register: Register[Any]
) -> None:
    for owner in ("ben", "anna", "ben"):
        added(office, register, f"owner=@{owner} water the plants")
    told = office.says(f"/po {register.noun} by person").splitlines()[1:]
    found = [next((name for name in ("Anna", "Ben") if name in line), "entry") for line in told]
    assert found == ["Anna", "entry", "Ben", "entry", "entry"]  # a heading names all below it


@EVERY
def test_an_empty_list_says_what_to_type(office: Office, register: Register[Any]) -> None:
    example = f"None. Add one: /po {register.noun} add {register.example}"
    assert office.says(f"/po {register.noun} list").endswith(example)
    assert office.says(f"/po {register.noun} closed").endswith("None.")


@EVERY
def test_what_is_past_its_date_is_listed_as_overdue(
    office: Office, register: Register[Any]
) -> None:
    name = added(office, register)
    office.says(f"/po {register.noun} move {name} tomorrow")
    assert name not in office.says(f"/po {register.noun} overdue")
    office.passes(days=2)
    assert "Wed 25 Nov 2026 · overdue" in office.says(f"/po {register.noun} overdue")


@EVERY
def test_long_lists_are_paged_by_click(office: Office, register: Register[Any]) -> None:
    for number in range(12):
        added(office, register, f"plant {number + 1} of twelve")
    answer = office.types(f"/po {register.noun} list")
    assert "(12) · page 1 of 2" in answer.text
    office.anna.clicks("Next", answer)
    office.box.wait_for(lambda: "page 2 of 2" in answer.text)
    assert len(answer.text.splitlines()) == 1 + 2 + 1
    office.anna.clicks("Previous", answer)
    office.box.wait_for(lambda: "page 1 of 2" in answer.text)


@EVERY
def test_a_row_of_a_list_is_closed_with_one_click(office: Office, register: Register[Any]) -> None:
    name = added(office, register)
    answer = office.types(f"/po {register.noun} list")
    verb = next(iter(register.outcomes)).capitalize()
    office.anna.clicks(verb, answer, near=name)
    ended = (f"{name} closed", f"{name} done")
    office.box.wait_for(lambda: any(words in answer.text for words in ended))


@EVERY
def test_the_audit_trail_keeps_who_changed_what(office: Office, register: Register[Any]) -> None:
    name = added(office, register)
    office.says(f"/po {register.noun} move {name} 4 dec")
    office.says(f"/po {register.noun} give {name} @carla")
    given, moved, raised = office.says(f"/po audit {name}").splitlines()[1:]
    assert f"Anna · {register.noun} give {name} @carla · owner: Ben → Carla" in given
    assert "Fri 4 Dec 2026" in moved
    assert raised.endswith("raised")


@EVERY
def test_search_shows_the_title_that_is_just_that_first(
    office: Office, register: Register[Any]
) -> None:
    for title in ("standard review", "review of the plan", "review"):
        added(office, register, title)
    rows = office.says(f"/po {register.noun} find review").splitlines()[1:]
    assert [row.split(" · ")[1].split(" [")[0] for row in rows] == [
        "review",
        "review of the plan",
        "standard review",
    ]


def test_a_search_is_turned_over_whatever_was_searched_for(office: Office) -> None:
    words = 'in ALPHA page=2 "by fri'
    for number in range(11):
        office.says(f"/po-action add «{words} {number}»")
    answer = office.types(f"/po-action find «{words}»")
    assert "(11) · page 1 of 2" in answer.text
    office.anna.clicks("Next", answer)
    office.box.wait_for(lambda: "page 2 of 2" in answer.text)
