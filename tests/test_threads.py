"""Mentions, direct messages and message shortcuts: the same lines where no slash command goes."""

import pytest

from slackbox import Message, Person
from tests.office import Office


def answered(office: Office, who: Person, where: Message | None, line: str) -> str:
    """What *who* alone reads after writing *line* in a thread or to the bot directly."""
    channel = office.alpha if where else who.dm
    who.says(line, channel, thread=where)

    def answer() -> str:
        read = [m for m in who.reads(channel, thread=where) if m.ephemeral_for == who.id]
        return office.box.text_of(read[-1]) if read else ""

    return office.box.wait_for(answer)


def test_a_mention_in_a_thread_is_the_same_command_line(office: Office) -> None:
    parent = office.anna.says("Who writes the contract?", office.alpha)
    answer = answered(
        office, office.anna, parent, "@Jourfixe action add @ben send contract draft by next fri"
    )
    assert answer.startswith("A1 · send contract draft · Ben · Fri 4 Dec 2026")
    assert "[Edit] [Undo]" in answer


def test_people_named_in_a_thread_are_read_by_name(office: Office) -> None:
    parent = office.anna.says("Hello", office.alpha)
    answer = answered(
        office, office.anna, parent, "@Jourfixe action add ask @ben and @carla about it"
    )
    assert answer.startswith("A1 · ask @ben and @carla about it")


def test_a_stored_line_gets_a_tick_and_an_unclear_one_a_question_mark(office: Office) -> None:
    good = office.anna.says("@Jourfixe action add order test devices", office.alpha)
    bad = office.anna.says("@Jourfixe acton ad order test devices", office.alpha)
    office.box.wait_for(lambda: good.reactions and bad.reactions)
    assert "white_check_mark" in str(good.reactions)
    assert "question" in str(bad.reactions)


def test_an_action_from_a_thread_leads_back_to_it(office: Office) -> None:
    parent = office.anna.says("Who writes the contract?", office.alpha)
    answered(office, office.anna, parent, "@Jourfixe action add send contract draft")
    shown = office.types("/po-action show A1").message
    assert shown is not None
    assert "/archives/" in str(shown.blocks)


def test_a_bare_mention_shows_the_menu(office: Office) -> None:
    parent = office.anna.says("Hello", office.alpha)
    assert "You are: lead" in answered(office, office.anna, parent, "@Jourfixe")


def test_a_line_that_lacks_something_offers_the_form(office: Office) -> None:
    parent = office.anna.says("Hello", office.alpha)
    answered(office, office.anna, parent, "@Jourfixe risk add")
    whisper = office.anna.reads(office.alpha, thread=parent)[-1]
    assert "Something is missing; the form asks for it." in office.box.text_of(whisper)
    office.anna.clicks("Open form", whisper)
    assert office.anna.view is not None


def test_talk_that_names_the_bot_in_passing_is_left_alone(office: Office) -> None:
    office.anna.says("I asked @Jourfixe action add nothing", office.alpha)
    office.box.settle()
    assert office.says("/po-action list").startswith("Open actions of Alpha\n")


def test_a_mention_by_a_guest_does_nothing(office: Office) -> None:
    parent = office.anna.says("Hello", office.alpha)
    answered(office, office.gus, parent, "@Jourfixe action add water the plants")
    assert "water the plants" not in office.says("/po-action list")


def test_a_direct_message_is_a_command_line_too(office: Office) -> None:
    answer = answered(office, office.anna, None, "action add order test devices")
    assert answer.startswith("A1 · order test devices")
    assert "in Alpha" in answer


@pytest.mark.parametrize("line", ["/po action add x", "/po-action add x", "po action add x"])
def test_the_name_of_the_command_does_no_harm_there(office: Office, line: str) -> None:
    assert answered(office, office.anna, None, line).startswith("A1 · x")


def test_a_slash_command_works_in_the_direct_message(office: Office) -> None:
    answer = office.says("/po-action add order test devices", where=office.anna.dm)
    assert answer.startswith("A1 · order test devices")


def test_with_several_projects_the_direct_message_offers_the_choice(office: Office) -> None:
    office.says("/po project new Beta", where=office.anna.dm)
    answer = office.types("/po-action add it's  for both", where=office.anna.dm)
    assert "Which project?" in answer.text
    assert "[ALPHA] [BETA]" in answer.text
    office.anna.clicks("BETA", answer)
    office.box.wait_for(lambda: answer.text.startswith("A1 · it's  for both"))
    assert "A1 · it's  for both" in office.says("/po-action list in BETA")


@pytest.mark.parametrize(
    ("shortcut", "noun", "label"),
    [
        ("Add as action", "action", "Title"),
        ("Log decision", "decision", "Title"),
        ("Log risk", "risk", "Event"),
    ],
)
def test_a_message_becomes_an_entry_with_its_address(
    office: Office, shortcut: str, noun: str, label: str
) -> None:
    text = 'The supplier\'s late by fri, "again": p4 i5 cost=red owner @ben'
    message = office.ben.says(text, office.alpha)
    office.anna.shortcut(shortcut, message)
    assert office.anna.view is not None
    assert f"{label}: {text}" in office.box.text_of(office.anna.view)
    assert office.anna.submits() == {}
    shown = office.types(f"/po {noun} show {noun[0]}1")
    assert text in shown.text
    assert shown.message is not None
    assert "/archives/" in str(shown.message.blocks)


def test_of_one_of_our_cards_only_what_it_is_about_becomes_an_entry(office: Office) -> None:
    office.says("/po-risk add Flood p4 i5 owner @ben review in 2 weeks")
    office.delivered()
    card = next(m for m in office.anna.reads(office.alpha) if "Flood" in office.box.text_of(m))
    assert "\n" in office.box.text_of(card)
    office.anna.shortcut("Add as action", card)
    assert office.anna.submits() == {}
    shown = office.says("/po-action show A1").splitlines()
    assert "R1 · Flood" in shown[0]
    assert "raised by" not in office.says("/po-action list")


def test_the_receipt_of_a_shortcut_is_whispered_where_the_message_stands(office: Office) -> None:
    parent = office.ben.says("what do we need?", office.alpha)
    message = office.ben.says("order test devices", office.alpha, thread=parent)
    office.anna.shortcut("Add as action", message)
    office.anna.submits()
    receipt = office.box.wait_for(lambda: office.anna.reads(office.alpha, thread=parent)[2:])[0]
    assert office.box.text_of(receipt).startswith("A1 · order test devices")
    assert receipt.ephemeral_for == office.anna.id


def test_a_shortcut_in_a_foreign_channel_asks_for_the_project(office: Office) -> None:
    lunch = office.box.channel("lunch", members=[office.anna], with_bot=True)
    message = office.anna.says("order test devices by fri", lunch)
    office.anna.shortcut("Add as action", message)
    view = office.box.wait_for(lambda: office.anna.view)
    assert "There is no project here. Which one?" in office.box.text_of(view)
    assert "You typed" not in office.box.text_of(view)
    office.anna.clicks("ALPHA", view)
    form = office.box.wait_for(lambda: now if (now := office.anna.view) is not view else None)
    assert "Title: order test devices by fri" in office.box.text_of(form)


def test_a_message_where_the_bot_is_not_becomes_an_action_all_the_same(office: Office) -> None:
    general = office.box.channel("general", members=[office.anna], with_bot=False)
    message = office.anna.says("order it's  test devices by fri", general)
    office.anna.shortcut("Add as action", message)
    view = office.box.wait_for(lambda: office.anna.view)
    assert "There is no project here. Which one?" in office.box.text_of(view)
    office.anna.clicks("ALPHA", view)
    office.box.wait_for(lambda: office.anna.view is not view)
    assert office.anna.submits() == {}
    office.box.wait_for(lambda: "A1 · order it's  test devices by fri" in direct(office))
    assert "A1 · order it's  test devices by fri" in office.says("/po-action")


def direct(office: Office) -> str:
    """What Anna reads in her direct messages with the bot."""
    return "\n".join(office.box.text_of(m) for m in office.anna.reads(office.anna.dm))
