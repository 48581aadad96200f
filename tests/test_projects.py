"""Projects: made, bound to a channel, moved, shown, set, and the people in them."""

import pytest
from sqlalchemy import func, select

from bot.projects import Project
from tests.office import Office, open_office


def test_whoever_makes_a_project_is_its_lead_and_reads_its_key(office: Office) -> None:
    answer = office.says("/po project new Beta Pilot sure=yes", office.ben)
    assert "its key is BETA, you are its lead" in answer
    assert "It lives in this channel" in answer
    assert "Ben: lead" in office.says("/po project people in BETA", office.ben)


def test_a_project_without_a_name_opens_a_form(office: Office) -> None:
    assert office.says("/po project new", office.ben) == ""
    office.ben.fills({"Name": "Beta"})
    assert office.ben.submits() == {}
    assert "Beta" in office.says("/po project list", office.ben)


def test_a_second_project_in_a_channel_is_asked_about_and_its_lead_told(office: Office) -> None:
    answer = office.types("/po project new Beta", office.ben)
    assert "Alpha lives here too" in answer.text
    assert "Shall the new one live here all the same?" in answer.text
    assert "Beta" not in office.says("/po project list", office.ben)
    office.ben.clicks("Make it here", answer)
    office.box.wait_for(lambda: "its key is BETA" in answer.text)
    (told,) = office.told(office.anna)
    assert told.startswith("Ben made another project in the channel of Alpha.")
    assert "in ALPHA" in told


def test_a_name_that_only_one_of_several_projects_has_needs_no_choice(office: Office) -> None:
    office.says("/po-action add order paint by fri")
    office.says("/po project new Beta sure=yes")
    office.says("/po-action add sing in ALPHA")
    office.says("/po-action add dance in BETA")
    assert "Several projects live here" in office.says("/po-action done A1")
    assert "A2 closed" in office.says("/po-action done A2")
    assert "sing" in office.says("/po A2")
    assert "There is no action A9 in Beta" in office.says("/po A9 in BETA")


@pytest.mark.parametrize("name", ["Alpha", "ALPHA", "alpha"])
def test_two_open_projects_have_no_name_in_common(office: Office, name: str) -> None:
    assert "There is a project of that name already" in office.says(f'/po project new "{name}"')
    assert office.stored(lambda s: s.scalar(select(func.count()).select_from(Project))) == 1


def test_projects_whose_names_begin_alike_have_keys_of_their_own(office: Office) -> None:
    assert "its key is ALPHA2," in office.says("/po project new Alpha! sure=yes")
    assert "its key is ALPHA3," in office.says("/po project new al-pha sure=yes")


@pytest.mark.parametrize(("name", "key"), [("东京", "PROJECT"), ("A1", "PROJECT"), ("7 Up", "UP")])
def test_a_key_is_never_mistaken_for_an_entry(office: Office, name: str, key: str) -> None:
    assert f"its key is {key}," in office.says(f"/po project new {name} sure=yes")


def test_a_project_made_in_a_direct_message_waits_for_a_channel(office: Office) -> None:
    answer = office.says("/po project new Beta", office.ben, office.ben.dm)
    assert "Bind it to a channel: type project bind BETA there" in answer.replace("`", "")
    beta = office.box.channel("beta", members=[office.ben])
    assert "Beta lives in this channel now" in office.says(
        "/po project bind BETA", office.ben, beta
    )
    office.says("/po-action add order paint", office.ben, beta)
    assert any("order paint" in text for text in office.sees(office.ben, beta))


def test_in_a_channel_of_several_projects_the_choice_is_offered_and_the_text_kept(
    office: Office,
) -> None:
    office.says("/po project new Beta sure=yes")
    answer = office.types("/po-action add don't lose \\ this")
    assert "Several projects live here. Which one?" in answer.text
    assert "[ALPHA] [BETA]" in answer.text
    office.anna.clicks("BETA", answer)
    office.box.wait_for(lambda: "A1" in answer.text)
    assert "don't lose \\ this" in office.says("/po-action list in BETA")
    assert "None." in office.says("/po-action list in ALPHA")


def test_where_there_is_no_project_ones_own_are_offered(office: Office) -> None:
    empty = office.box.channel("empty", members=[office.ben])
    office.says("/po project people @ben office")
    answer = office.types("/po-action add paint it", office.ben, empty)
    assert "There is no project here" in answer.text
    assert "[ALPHA] [New project …]" in answer.text
    office.ben.clicks("ALPHA", answer)
    office.box.wait_for(lambda: "A1" in answer.text)
    answer = office.types("/po-action add sand it first", office.ben, empty)
    office.ben.clicks("New project …", answer)
    office.ben.fills({"Name": "Painting"})
    assert office.ben.submits() == {}
    told = office.says("/po-action add sand it first", office.ben, empty)
    assert "A1 · sand it first" in told


def test_a_project_moves_and_its_cards_go_on_in_the_new_channel(office: Office) -> None:
    office.says("/po-action add @ben order paint")
    office.sees()
    beta = office.box.channel("beta", members=[office.anna, office.ben])
    office.says("/po project bind ALPHA", where=beta)
    office.says("/po-action add buy brushes", where=beta)
    office.delivered()
    office.says("/po-action done A1 delivered", where=beta)
    office.delivered()
    assert [text for text in office.sees() if "done" in text] == []
    brushes, paint = (m for m in office.anna.reads(beta) if m.ephemeral_for is None)
    assert "A2 · buy brushes" in office.box.text_of(brushes)
    assert "A1 · order paint\nBen · done" in office.box.text_of(paint)
    (_card, remark) = office.anna.reads(beta, thread=paint)
    assert "A1 closed" in office.box.text_of(remark)
    assert "delivered" in office.box.text_of(remark)


def test_a_project_is_bound_only_where_it_is_not_yet(office: Office) -> None:
    assert "Alpha lives here already" in office.says("/po project bind ALPHA")
    assert "Type that in the channel" in office.says(
        "/po project bind ALPHA", office.anna, office.anna.dm
    )


def test_people_are_named_told_and_removed(office: Office) -> None:
    assert "Ben is office of Alpha now" in office.says("/po project people @ben office")
    (told,) = office.told(office.ben)
    assert "Anna named you office of Alpha" in told
    assert "Ben is office of Alpha already" in office.says("/po project people @ben office")
    people = office.says("/po project people")
    assert "Anna: lead" in people
    assert "Ben: office" in people
    assert "no longer office" in office.says("/po project remove @ben office")
    assert "is not office here" in office.says("/po project remove @ben office")


def test_a_role_that_is_none_is_answered_with_those_there_are(office: Office) -> None:
    for role in ("", "boss", "operator"):
        answer = office.says(f"/po project people @ben {role}")
        assert "office" in answer
        assert "sponsor" in answer
    assert "Ben" not in office.says("/po project people")


def test_the_last_lead_stays(office: Office) -> None:
    assert "never without a lead" in office.says("/po project remove @anna lead")
    office.says("/po project people @ben lead")
    assert "no longer lead" in office.says("/po project remove @anna lead")
    assert "never without a lead" in office.says("/po project remove @ben lead", office.ben)


def test_undo_leaves_a_project_its_last_lead(office: Office) -> None:
    named = office.types("/po project people @ben lead")
    office.says("/po project remove @anna lead")
    office.anna.clicks("Undo", named)
    office.box.wait_for(lambda: "lead" in named.text and "Undone" not in named.text)
    assert "Ben: lead" in office.says("/po project people", office.ben)


def test_undo_gives_nobody_back_a_right_that_was_taken_since(office: Office) -> None:
    office.says("/po project people @ben lead")
    removed = office.types("/po project people @carla office")
    office.says("/po project remove @anna lead", office.ben)
    office.anna.clicks("Undo", removed)
    office.box.wait_for(lambda: "has to be" in removed.text)
    assert "Carla: office" in office.says("/po project people", office.ben)


def test_show_tells_how_a_project_stands_and_who_one_is(office: Office) -> None:
    office.says("/po-risk add Vendor is late p4 i3")
    office.says("/po-status amber Late by a week")
    shown = office.says("/po project show", office.ben)
    assert "Alpha (ALPHA)" in shown
    assert "AMBER" in shown
    assert "risks: 1 open" in shown
    assert "actions: 0 open" in shown
    assert "You are: member" in shown


def test_the_list_holds_projects_by_role_and_by_channel(office: Office) -> None:
    beta = office.box.channel("beta", members=[office.carla])
    office.says("/po project new Beta", office.carla, beta)
    assert "Alpha" in office.says("/po project list", office.ben, office.ben.dm)
    assert "Beta" not in office.says("/po project list", office.ben, office.ben.dm)
    listed = office.says("/po project list", office.carla, office.carla.dm)
    assert "Alpha" in listed
    assert "Beta" in listed
    assert "You have no project yet" in office.says("/po project list", office.dora, office.dora.dm)


def test_settings_of_a_project_are_checked(office: Office) -> None:
    answer = office.says("/po project set zone=Asia/Tokyo country=DE subdivision=BY")
    assert "Asia/Tokyo · DE (BY)" in answer
    assert "I do not know the time zone" in office.says("/po project set zone=Mars/Base")
    assert "no holidays there" in office.says("/po project set country=XX")
    assert "no holidays there" in office.says("/po project set country=DE subdivision=ZZ")
    assert "at most 80" in office.says(f"/po project set name={'x' * 81}")
    assert "Asia/Tokyo" in office.says("/po project show")


def test_a_day_is_counted_in_the_zone_of_the_project(office: Office) -> None:
    office.passes(hours=8)  # 17:00 in Berlin is 01:00 of the next day in Tokyo
    office.says("/po project set zone=Asia/Tokyo")
    assert "Wed 25 Nov 2026" in office.says("/po-action add @ben call by today")


def test_only_those_named_by_the_settings_make_projects(database_url: str) -> None:
    with open_office(database_url, JOURFIXE_PROJECT_MAKERS="UNOBODY") as office:
        assert "Projects are made by named people here" in office.says("/po project new Beta")
        assert office.stored(lambda s: s.scalar(select(func.count()).select_from(Project))) == 0


def test_the_first_admins_name_the_others_and_the_last_one_stays(office: Office) -> None:
    roles = office.says("/po role list", office.ben)
    assert "operator: Dora" in roles
    assert "coe: Dora" in roles
    assert "has to be operator" in office.says("/po role give @ben portfolio", office.ben)
    dm = office.dora.dm
    assert "last admin cannot be removed" in office.says(
        "/po role take @dora operator", office.dora, dm
    )
    given = office.types("/po role give @anna operator", office.dora, dm)
    assert "Anna is operator now" in given.text
    assert "no longer operator" in office.says("/po role take @dora operator", office.anna)
    office.dora.clicks("Undo", given)
    office.box.wait_for(lambda: "operator" in given.text and "Undone" not in given.text)
    assert "operator: Anna" in office.says("/po role list")


def test_only_active_full_members_have_a_role_of_the_workspace(office: Office) -> None:
    answer = office.says("/po role give @gus portfolio", office.dora, office.dora.dm)
    assert "active, full member" in answer
    assert "The workspace's roles are" in office.says(
        "/po role give @ben lead", office.dora, office.dora.dm
    )


def test_an_admin_slack_does_not_know_hides_no_other(database_url: str) -> None:
    with open_office(database_url, JOURFIXE_ADMINS="UGONE") as office:
        assert "operator: UGONE" in office.says("/po role list")


def test_a_project_somebody_worked_in_is_not_undone(office: Office) -> None:
    beta = office.box.channel("beta", members=[office.anna, office.ben])
    made = office.types("/po project new Beta", where=beta)
    office.says("/po-action add order test devices", office.ben, beta)
    office.anna.clicks("Undo", made)
    office.box.wait_for(lambda: "Ben changed it since" in made.text)
    assert "A1 · order test devices" in office.says("/po-action", where=beta)


def test_two_people_where_one_is_named_are_asked_for_one_after_the_other(office: Office) -> None:
    told = office.says("/po project people @ben @carla member")
    assert "Who: that is one person, Ben or Carla? Name one after the other." in told


def test_a_channel_without_a_project_may_be_given_one(office: Office) -> None:
    empty = office.box.channel("empty", members=[office.anna])
    answer = office.types("/po project set name=Move", where=empty)
    assert "There is no project here. Which one?" in answer.text
    assert "[ALPHA]" in answer.text
    assert "[New project …]" in answer.text
    direct = office.types("/po-action add order vans", office.anna, office.anna.dm)
    assert "[New project …]" not in direct.text
