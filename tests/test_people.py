"""People: who they are comes from Slack, is kept, and is asked again when it may have changed."""

from sqlalchemy import func, select

from bot.people import Person
from bot.registers.actions import Action
from tests.office import Office, open_office


def asked(office: Office, user: str) -> int:
    """How often Slack was asked who *user* is."""
    return sum(c.method == "users.info" and c.args["user"] == user for c in office.box.calls)


def known(office: Office, user: str) -> Person:
    """What is known of *user*."""
    person: Person = office.stored(
        lambda s: s.scalar(select(Person).where(Person.slack_id == user))
    )
    return person


def count(office: Office) -> int:
    """How many actions there are."""
    number: int = office.stored(lambda s: s.scalar(select(func.count()).select_from(Action)))
    return number


def test_slack_is_asked_once_who_somebody_is(office: Office) -> None:
    for number in range(3):
        office.says(f"/po-action add @ben order paint {number}", office.carla)
    assert asked(office, office.ben.id) == 1
    assert asked(office, office.carla.id) == 1
    ben = known(office, office.ben.id)
    assert (ben.name, ben.timezone, ben.locale) == ("Ben", "Europe/Berlin", "en-US")


def test_a_changed_profile_is_taken_over_without_asking(office: Office) -> None:
    office.says("/po-action add @ben order paint")
    office.box.change(office.ben, real_name="Benjamin", tz="Asia/Tokyo", locale="de-DE")
    office.box.wait_for(lambda: known(office, office.ben.id).name == "Benjamin")
    ben = known(office, office.ben.id)
    assert (ben.timezone, ben.locale) == ("Asia/Tokyo", "de-DE")
    assert "Benjamin" in office.says("/po-action list")
    assert asked(office, office.ben.id) == 1


def test_after_a_day_slack_is_asked_again_and_nobody_waits(database_url: str) -> None:
    with open_office(database_url, JOURFIXE_QUICK_SECONDS=1) as office:
        office.says("/po-action add @ben order paint")
        office.box.call(lambda: setattr(office.ben.user, "real_name", "Benjamin"))
        office.passes(hours=23)
        assert "Ben\n" in office.says("/po-action show A1")
        office.passes(hours=2)
        office.box.faults.add("users.info", "hang", times=None)
        assert "A1 closed" in office.says("/po-action done A1", office.ben)
        office.box.wait_for(lambda: asked(office, office.ben.id) == 2)


def test_what_slack_tells_anew_is_kept(office: Office) -> None:
    office.says("/po project show", office.ben)
    office.box.call(lambda: setattr(office.ben.user, "real_name", "Benjamin"))
    office.passes(hours=25)
    office.says("/po project show", office.ben)
    office.box.wait_for(lambda: known(office, office.ben.id).name == "Benjamin")
    office.says("/po project show", office.ben)
    assert asked(office, office.ben.id) == 2


def test_open_items_of_somebody_who_left_go_to_the_lead(office: Office) -> None:
    office.says("/po-action add @ben order paint")
    office.says("/po-action add @ben buy brushes")
    office.says("/po-risk add Paint is poisonous p4 i5 owner @ben")
    office.says("/po-action done A2")
    office.box.change(office.ben, deleted=True)
    office.box.wait_for(lambda: "order paint" in office.says("/po my"))
    (told,) = [text for text in office.told(office.anna) if "left" in text]
    assert "Ben left; what was theirs in Alpha is yours now: A1, R1." in told
    assert "A1 · order paint\nAnna\n" in office.says("/po-action show A1")
    assert "A2 · buy brushes\nBen " in office.says("/po-action show A2")


def test_who_left_while_the_bot_was_away_is_found_out(office: Office) -> None:
    office.says("/po-action add @ben order paint")
    office.box.call(lambda: setattr(office.ben.user, "deleted", True))
    office.passes(hours=25)
    office.says("/po-action show A1")
    office.box.wait_for(lambda: any("Ben left" in text for text in office.told(office.anna)))
    assert "order paint" in office.says("/po my")


def test_who_left_does_nothing_more_and_gets_nothing_more(office: Office) -> None:
    office.says("/po project show", office.ben)
    office.box.change(office.ben, deleted=True)
    office.box.wait_for(lambda: not known(office, office.ben.id).is_active)
    assert "not active" in office.says("/po-action add order paint", office.ben)
    assert "not active in Slack any more" in office.says("/po-action add @ben order paint")
    assert "active in Slack" in office.says("/po project people @ben office")
    assert count(office) == 0


def test_a_project_whose_last_lead_left_is_led_by_its_office_until_one_is_named(
    office: Office,
) -> None:
    office.says("/po project people @carla office")
    line = "/po project people @ben lead"
    assert "one has to be: lead. Please ask @Anna." in office.says(line, office.carla)
    office.box.change(office.anna, deleted=True)
    told = "Anna left, and nobody else leads Alpha. Name another lead;"
    office.box.wait_for(lambda: any(told in text for text in office.told(office.carla)))
    assert "Please ask @Carla." in office.says(line, office.ben)
    assert "Ben is lead of Alpha now." in office.says(line, office.carla)
    assert "Please ask @Ben." in office.says("/po project people @dora lead", office.carla)


def test_what_a_lead_is_told_of_is_told_the_office_where_nobody_leads(office: Office) -> None:
    office.says("/po project people @carla office")
    office.says("/po-action add @ben order paint by 2026-11-25")
    office.says("/po ms add Pilot live by 2026-12-04")
    office.box.change(office.anna, deleted=True)
    office.box.wait_for(lambda: any("nobody else leads" in t for t in office.told(office.carla)))
    office.ticks()
    office.waits_until(30, 9)
    told = office.told(office.carla)
    assert any("Overdue in Alpha" in text and "order paint" in text for text in told)
    assert any("Your day" in text and "Pilot live" in text for text in told)
    office.says("/po ms propose M1 2026-12-11 rain", office.ben)
    assert any("Ben proposes" in text for text in office.told(office.carla))


def test_a_project_nobody_answers_for_is_given_to_a_lead_by_an_operator(office: Office) -> None:
    office.says("/po project show", office.ben)
    office.box.change(office.anna, deleted=True)
    told = "Anna left, and nobody else leads Alpha."
    office.box.wait_for(lambda: any(told in text for text in office.told(office.dora)))
    line = "/po project people @ben lead in ALPHA"
    assert "Please ask an operator." in office.says(line, office.ben)
    assert "Ben is lead of Alpha now." in office.says(line, office.dora, office.dora.dm)
    assert "Please ask @Ben." in office.says(line, office.dora, office.dora.dm)


def test_nothing_is_saved_while_slack_does_not_say_who_is_meant(office: Office) -> None:
    office.box.faults.add("users.info", "error:internal_error", times=2)
    told = "I could not look up in Slack who is meant, so nothing was saved: "
    assert office.says("/po-action add don't paint", office.carla).startswith(
        f"{told}action add don't paint"
    )
    assert office.says("/po-action add @gus order paint").startswith(told)
    assert count(office) == 0
    assert "A1" in office.says("/po-action add don't paint", office.carla)


def test_a_slack_that_hangs_keeps_nobody_waiting(database_url: str) -> None:
    with open_office(database_url, JOURFIXE_QUICK_SECONDS=1) as office:
        office.box.faults.add("users.info", "hang")
        answer = office.says("/po-action add order paint", office.carla)
        assert "nothing was saved: action add order paint" in answer


def test_two_first_words_at_once_make_one_person(office: Office) -> None:
    office.box.faults.add("users.info", "slow", times=2, seconds=0.3)
    lines = [f"@Jourfixe action add paint {n}" for n in range(2)]
    for line in lines:
        office.carla.says(line, office.alpha, wait=False)
    office.box.wait_for(lambda: count(office) == 2)
    people = select(func.count()).where(Person.slack_id == office.carla.id)
    assert office.stored(lambda s: s.scalar(people)) == 1
