"""Rights: the table of who may do what, typed cell by cell, and who is kept out."""

import pytest
from sqlalchemy import select

from bot.history import Change
from bot.workspace_roles import WorkspaceRole
from slackbox import Channel, Person
from tests.office import Office, open_office

ROWS = {
    "read the project": "/po project show in ALPHA",
    "read an entry": "/po-action show ALPHA-A1",
    "raise an action": "/po-action add x in ALPHA",
    "raise a risk": "/po-risk add x in ALPHA",
    "raise an issue": "/po issue add x in ALPHA",
    "record a decision": "/po decision add x in ALPHA",
    "note on others'": "/po-action note ALPHA-A1 x",
    "move own": "/po-action move ALPHA-A2 by fri",
    "close own": "/po-action done ALPHA-A2",
    "edit others'": "/po-action edit ALPHA-A1 by fri",
    "move others'": "/po-action move ALPHA-A1 by 30 nov",
    "give others'": "/po-action give ALPHA-A1 @zoe",
    "block others'": "/po-action block ALPHA-A1 x",
    "close others'": "/po-action done ALPHA-A1",
    "reopen others'": "/po-action reopen ALPHA-A1",
    "score": "/po-risk score ALPHA-R1 p1 i1",
    "run the review": "/po-risk review in ALPHA",
    "occurred": "/po-risk occurred ALPHA-R1",
    "export": "/po export actions in ALPHA",
    "read the audit trail": "/po audit in ALPHA",
    "report status": "/po-status green x in ALPHA",
    "confirm status": "/po-status same in ALPHA",
    "read the status": "/po-status show in ALPHA",
    "name people": "/po project people @zoe member in ALPHA",
    "remove people": "/po project remove @zoe member in ALPHA",
    "set the project": "/po project set country=DE in ALPHA",
    "name workspace roles": "/po role give @zoe coe",
    "bind the project": "/po project bind ALPHA",
}
EVERYBODYS = (
    "read the project|read an entry|raise an action|raise a risk|raise an issue|record a decision|"
    "note on others'|move own|close own|export|read the status"
)
OFFICES = (
    "edit others'|move others'|give others'|block others'|close others'|reopen others'|score|"
    "run the review|occurred|report status|confirm status|read the audit trail"
)
LEADS = "name people|remove people|set the project|bind the project"
MAY = {
    "member": EVERYBODYS,
    "lead": f"{EVERYBODYS}|{OFFICES}|{LEADS}",
    "office": f"{EVERYBODYS}|{OFFICES}",
    "sponsor": EVERYBODYS,
    "program": f"{EVERYBODYS}|read the audit trail",
    "portfolio": f"{EVERYBODYS}|read the audit trail",
    "coe": "",
    "operator": "name workspace roles",
    "stakeholder": "",
    "guest in the channel": "",
    "guest named member": EVERYBODYS,
    "stranger in the channel": "",
    "outsider": "",
}
REFUSALS = ("has to be", "There is no project", "Which project?", "Which one do you mean?")


def cast(office: Office, role: str) -> Person:
    """Somebody who has *role* and no other; only members and guests sit in the channel."""
    is_guest = role.startswith("guest")
    someone = office.box.user(
        "zed", real_name="Zed", is_restricted=is_guest, is_stranger=role.startswith("stranger")
    )
    if role == "member" or role.endswith("channel"):
        office.anna.invites(office.alpha, someone)
    if role in ("coe", "operator", "portfolio"):
        office.says(f"/po role give @zed {role}", office.dora, office.dora.dm)
    elif role == "guest named member":
        office.says("/po project people @zed member")
    elif role in ("lead", "office", "sponsor", "program", "stakeholder"):
        office.says(f"/po project people @zed {role}")
    return someone


@pytest.mark.parametrize("role", MAY)
def test_each_role_may_what_the_table_says(office: Office, role: str) -> None:
    office.box.user("zoe", real_name="Zoe")
    lobby = office.box.channel("lobby", members=[office.anna])
    someone = cast(office, role)
    office.anna.invites(lobby, someone)
    for line in ("/po-status green fine", "/po-risk add Flood", "/po-action add theirs"):
        office.says(line)
    office.says("/po-action add @zed yours")
    may = {row for row, line in ROWS.items() if did(office, line, someone, lobby)}
    assert may == set(MAY[role].split("|")) - {""}


def did(office: Office, line: str, someone: Person, where: Channel) -> bool:
    """Whether *someone* was let do *line*; a refusal stands in the audit trail."""
    before = refused(office)
    answer = office.says(line, someone, where)
    if answer.startswith("Latest changes") or not any(words in answer for words in REFUSALS):
        assert "I do not" not in answer
        return True
    is_about_nothing = "There is no project here" in answer
    assert is_about_nothing or refused(office)[len(before) :] == [
        line.removeprefix("/po").strip(" -")
    ]
    return False


def refused(office: Office) -> list[str]:
    """The lines that were refused so far."""
    lines = select(Change.line).where(Change.refused.is_not(None)).order_by(Change.id)
    rows: list[str] = office.stored(lambda s: list(s.scalars(lines)))
    return rows


def test_a_refusal_names_the_roles_and_whom_to_ask(office: Office) -> None:
    answer = office.says("/po-status red no", office.ben)
    assert "To report the status in Alpha one has to be: lead, office. Please ask @Anna." in answer
    trail = office.says("/po audit")
    assert "Ben" in trail
    assert "status red no" in trail
    assert "one has to be: lead, office" in trail


def test_a_guest_in_the_channel_reads_what_any_empty_channel_says(office: Office) -> None:
    empty = office.box.channel("empty", members=[office.gus])
    for line in ("/po project show", "/po-action add x", "/po", "/po-action list", "/po my"):
        here = office.says(line, office.gus)
        assert here == office.says(line, office.gus, empty)
        assert "Alpha" not in here
    assert "project show" in refused(office)


@pytest.mark.parametrize(
    "line",
    [
        "/po-action show {key}-A1",
        "/po-action done {key}-A1",
        "/po project show in {key}",
        "/po-action add order paint in {key}",
        "/po project bind {key}",
        "/po audit {key}-A1",
        "/po-action block A1 {key}-A1",
    ],
)
def test_whether_another_project_exists_is_never_told(office: Office, line: str) -> None:
    beta = office.box.channel("beta", members=[office.carla])
    office.says("/po project new Beta", office.carla, beta)
    office.says("/po-action add secret paint", office.carla, beta)
    office.says("/po-action add mine", office.ben)
    forbidden = office.says(line.format(key="BETA"), office.ben)
    unknown = office.says(line.format(key="ZETA"), office.ben)
    assert forbidden.replace("A2", "A3").replace("BETA", "ZETA") == unknown.replace("A2", "A3")
    assert "secret" not in forbidden


def test_nothing_is_told_while_slack_does_not_say_who_is_in_a_channel(office: Office) -> None:
    beta = office.box.channel("beta", members=[office.carla, office.ben])
    office.says("/po project new Beta", office.carla, beta)
    office.passes(minutes=11)
    office.box.faults.add("conversations.info", "error_before", times=None)
    assert "There is no project BETA that you may read" in office.says("/po-action show BETA-A1")
    assert "There is no project BETA" in office.says("/po-action show BETA-A1", office.ben)
    office.box.faults.clear()
    assert "There is no action A1 in Beta" in office.says("/po-action show BETA-A1", office.ben)


def test_who_leaves_the_channel_is_out(office: Office) -> None:
    assert "Alpha" in office.says("/po project list", office.ben, office.ben.dm)
    office.ben.leaves(office.alpha)
    dm = office.ben.dm
    office.box.wait_for(lambda: "no project yet" in office.says("/po project list", office.ben, dm))
    assert "There is no project" in office.says("/po-action show ALPHA-A1", office.ben, dm)


def test_a_restricted_project_is_for_those_named_in_it(office: Office) -> None:
    office.says("/po-action add paint")
    office.says("/po project set visibility=restricted")
    assert "There is no project" in office.says("/po-action show ALPHA-A1", office.ben)
    assert "There is no project here" in office.says("/po-action list", office.ben)
    assert "no project yet" in office.says("/po project list", office.ben)
    office.says("/po project people @ben member")
    assert "A1 · paint" in office.says("/po-action list", office.ben)


def test_a_public_project_is_read_by_every_full_member_and_by_no_guest(office: Office) -> None:
    office.says("/po project set visibility=public")
    office.says("/po-action add paint")
    lobby = office.box.channel("lobby", members=[office.dora, office.ben, office.gus])
    eve = office.box.user("eve", real_name="Eve")
    assert "A1 · paint" in office.says("/po-action show ALPHA-A1", eve, eve.dm)
    assert "has to be" in office.says("/po-action done ALPHA-A1", eve, eve.dm)
    assert "There is no project" in office.says("/po-action show ALPHA-A1", office.gus, lobby)


def test_a_button_does_not_carry_the_right_of_whom_it_was_shown_to(office: Office) -> None:
    office.says("/po-action add @ben order paint")
    (notice,) = office.told_messages(office.ben)
    office.ben.leaves(office.alpha)
    answer = office.ben.clicks("Accept", notice)
    assert answer is not None
    office.box.wait_for(lambda: bool(answer))
    assert "There is no project" in answer.text
    assert "action accept ALPHA-A1" in refused(office)


def test_a_form_is_checked_again_when_it_comes_back(office: Office) -> None:
    office.says("/po project people @ben office")
    office.says("/po-status", office.ben)
    office.says("/po project remove @ben office")
    office.ben.fills({"Overall": "green"})
    (complaint,) = office.ben.submits().values()
    assert "one has to be: lead, office" in complaint
    assert "status report" in refused(office)


def test_nobody_names_themselves(office: Office) -> None:
    for line in ("/po project people @ben lead", "/po role give @ben operator"):
        assert "has to be" in office.says(line, office.ben)
    assert office.stored(lambda s: set(s.scalars(select(WorkspaceRole.slack_id)))) == {
        office.dora.id
    }


def test_admins_of_the_settings_come_first_and_only_first(database_url: str) -> None:
    with open_office(database_url) as office:
        office.says("/po role give @anna operator", office.dora, office.dora.dm)
        office.says("/po role take @dora operator", office.anna)
    with open_office(database_url) as office:  # the same settings again: nothing comes back
        assert "has to be operator" in office.says(
            "/po role give @ben coe", office.dora, office.dora.dm
        )
