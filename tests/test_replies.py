"""The rules every reply keeps: who sees it, what it repeats, what it offers next."""

import pytest

from tests.office import Office


def test_only_the_sender_sees_receipts_lists_help_and_errors(office: Office) -> None:
    for line in ("/po", "/po help", "/po-action", "/po blub", "/po-action add water the plants"):
        answer = office.types(line)
        assert answer.ephemeral_for == office.anna.id


def test_the_bare_command_is_a_menu_with_the_project_and_my_role(office: Office) -> None:
    menu = office.types("/po")
    assert menu.text.startswith("Alpha\nYou are: lead")
    assert "You are: member" in office.says("/po", office.ben)
    office.anna.clicks("Raise a risk …", menu)
    assert office.anna.view is not None


def test_the_menu_where_no_project_lives_offers_to_make_one(office: Office) -> None:
    lunch = office.box.channel("lunch", members=[office.anna])
    menu = office.types("/po", where=lunch)
    office.anna.clicks("New project …", menu)
    office.anna.fills({"Name": "Lunch"})
    assert office.anna.submits() == {}
    assert "Lunch" in office.says("/po", where=lunch)


def test_help_explains_every_verb_of_a_noun_with_an_example(office: Office) -> None:
    told = office.says("/po help risk")
    assert "/po risk score R7 p3 i5 second supplier signed · score it anew" in told
    assert office.says("/po help risks") == told == office.says("/po help po-risk")


def test_help_explains_one_verb_with_all_it_takes(office: Office) -> None:
    for line in ("/po help meet new", "/po-meet help new", "/po help meet add"):
        told = office.says(line)
        assert '/po meet new "TITLE"' in told
        assert "[optional @WHO …] [informed @WHO …] [place WHERE]" in told
        assert "for example" in told
    assert "[of TITLE]" in office.says("/po help meet cancel")


def test_what_only_buttons_run_is_not_explained(office: Office) -> None:
    for line in ("/po help meet", "/po-meet help"):
        told = office.says(line)
        assert "/po meet yes" in told
        assert "meet rsvp" not in told
        assert "meet leave" not in told
        assert "`md`" not in told


def test_help_leads_on_by_buttons(office: Office) -> None:
    answer = office.types("/po help")
    office.anna.clicks("action", answer)
    office.box.wait_for(lambda: "/po action done A12" in answer.text)


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("risc add Customs are slow p4", "risk add"),
        ("risk ad Customs are slow p4", "risk add"),
        ("rsik adn Customs are slow p4", "risk add"),
        ("add risk Customs are slow p4", "risk add"),
    ],
)
def test_a_typo_is_run_as_it_was_meant(office: Office, typo: str, meant: str) -> None:
    answer = office.types(f"/po {typo}")
    assert f"Did you mean {meant}?" in answer.text
    assert f"You typed: {typo}" in answer.text
    office.anna.clicks("Run it", answer)
    office.box.wait_for(lambda: answer.text.startswith("R1 · Customs are slow · 12 of 25"))


def test_people_named_behind_a_typo_are_still_meant(office: Office) -> None:
    answer = office.types('/po acton add @ben it\'s  raining "by fri" by fri')
    office.anna.clicks("Run it", answer)
    office.box.wait_for(lambda: 'A1 · it\'s  raining "by fri" · Ben' in answer.text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("approve 24 nov", "meet approve"),
        ("object it rained", "meet object"),
        ("correct Chair: Ben", "meet correct"),
        ("Agenda", "meet agenda"),
        ("heat", "risk heat"),
    ],
)
def test_a_verb_alone_is_taken_for_that_of_the_one_thing_that_has_it(
    office: Office, typed: str, meant: str
) -> None:
    answer = office.types(f"/po {typed}")
    assert f"I do not know {typed.split()[0]}. Did you mean {meant}?" in answer.text
    assert "[Run it]" in answer.text


def test_a_verb_that_several_things_have_is_guessed_of_none(office: Office) -> None:
    assert "I do not know overdue. What I keep: " in office.says("/po overdue")


def test_an_unknown_word_is_told_what_there_is(office: Office) -> None:
    answer = office.says("/po xyzzy water the plants")
    assert "I do not know xyzzy." in answer
    assert "action" in answer
    assert "You typed: xyzzy water the plants" in answer


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("lesson add Test earlier", "Lessons learned"),
        ("lessons", "Lessons learned"),
        ("change add Another pump", "Change requests"),
        ("gate", "Gates"),
        ("desk", "The office's desk"),
        ("warn", "Early warnings"),
        ("report status", "Reports sent by hand"),
        ("raport status", "Reports sent by hand"),
        ("digest program", "Digests sent by hand"),
        ("project close", "Closing a project"),
        ("close G1", "Gates"),
        ("L9", "Lessons learned"),
        ("help lesson", "Lessons learned"),
    ],
)
def test_what_is_still_to_come_is_said_to_be(office: Office, line: str, what: str) -> None:
    answer = office.types(f"/po {line}")
    assert f"{what}: that is still to come." in answer.text
    assert "[Help]" in answer.text
    assert "Run it" not in answer.text


@pytest.mark.parametrize("line", ["hello", "xyzzy A1", "close", "po-action", "action xyzzy"])
def test_where_nothing_is_near_only_help_is_offered(office: Office, line: str) -> None:
    answer = office.types(f"/po {line}")
    assert "Did you mean" not in answer.text
    assert answer.text.count("[") == answer.text.count("[Help]") == 1


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("close A1 signed copy", "action done A1"),
        ("dorp A1", "action drop A1"),
        ("close R1", "risk close R1"),
        ("resolve I3", "issue resolve I3"),
    ],
)
def test_a_name_says_which_register_is_meant(office: Office, line: str, meant: str) -> None:
    assert f"Did you mean {meant}?" in office.says(f"/po {line}")


def test_an_entry_is_closed_by_its_name_alone(office: Office) -> None:
    office.says("/po-action add water the plants")
    answer = office.types("/po close A1 both of them")
    office.anna.clicks("Run it", answer)
    office.box.wait_for(lambda: "A1 closed" in answer.text)


def test_an_unknown_verb_is_told_the_verbs(office: Office) -> None:
    assert "action has no verb xyzzy." in office.says("/po action xyzzy A1")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("/po-action done A99", "There is no action A99 in Alpha."),
        ("/po-action done BETA-A1", "There is no project BETA that you may read."),
        ("/po-action done R1", "R1 is of the risk register; here you need one of the action"),
        ("/po-action add x by yesterday", "is in the past. Do you mean Wed 25 Nov 2026?"),
        ("/po-action add x by 03/04", "Is that Sat 3 Apr 2027 or Thu 4 Mar 2027?"),
        ("/po-action add x colour=red", "There is no option colour= here."),
        ("/po-action add x ownr=@ben", "Did you mean owner=?"),
        ('/po-action add say "x', 'A quotation mark opens at "x and never closes.'),
        ("/po-action list page=7", "There is no page 7; this list has 1."),
        ("/po-action move A1 someday", "I cannot read someday as new date."),
        ("/po-risk add x p=9", "I cannot read 9 as probability."),
        ("/po-action by colour", "I can list them by person."),
        ("/po A99", "There is no action A99 in Alpha."),
    ],
)
def test_a_mistake_is_named_and_the_text_comes_back(
    office: Office, line: str, complaint: str
) -> None:
    office.says("/po-action add water the plants")
    office.says("/po-risk add Customs are slow")
    answer = office.says(line)
    assert complaint in answer
    assert f"You typed: {line.removeprefix('/po').removeprefix(' ').removeprefix('-')}" in answer


@pytest.mark.parametrize("line", ["/po-action add x by yesterday", "/po-risk add x p=9"])
def test_a_mistake_shows_the_form_that_works_and_opens_one(office: Office, line: str) -> None:
    answer = office.types(line)
    assert "Such as: /po" in answer.text
    office.anna.clicks("Open form", answer)
    assert office.anna.view is not None


def test_a_hundred_thousand_characters_are_refused_and_nothing_is_stored(office: Office) -> None:
    answer = office.says(f"/po-action add {'x' * 100_000}")
    assert "That is 100,011 characters" in answer
    assert "A1" not in office.says("/po-action")


def test_a_title_longer_than_a_form_shows_is_refused(office: Office) -> None:
    assert "3,001 characters" in office.says(f"/po-action add {'x' * 3001}")
    assert office.says(f"/po-action add {'x' * 3000}").startswith("A1 · xxx")


@pytest.mark.parametrize("line", ["/po-action done", "/po-action show", "/po-risk score"])
def test_a_verb_about_an_entry_asks_which(office: Office, line: str) -> None:
    assert "Which one? Type its name, such as " in office.says(line)


@pytest.mark.parametrize("line", ["/po-risk score", "/po-risk score R99", "/po-action move A99"])
def test_no_form_is_offered_about_what_is_not_there(office: Office, line: str) -> None:
    assert "[Open form]" not in office.says(line)


def test_another_project_is_named_in_the_line(office: Office) -> None:
    beta = office.box.channel("beta", members=[office.anna])
    office.says("/po project new Beta", where=beta)
    assert "A1 · water the plants" in office.says("/po-action add water the plants in BETA")
    assert "A1 closed" in office.says("/po-action done BETA-A1")
    assert "water" not in office.says("/po-action")


def test_what_is_done_from_elsewhere_says_in_which_project(office: Office) -> None:
    answer = office.says("/po-action add water the plants", where=office.anna.dm)
    assert "in Alpha" in answer


def test_a_channel_may_host_several_projects(office: Office) -> None:
    office.says("/po project new Beta sure=yes")
    answer = office.types("/po-action add water the plants")
    assert "[ALPHA] [BETA]" in answer.text
    office.anna.clicks("BETA", answer)
    office.box.wait_for(lambda: answer.text.startswith("A1 · water the plants"))
    assert "A1 · water the plants" in office.says("/po-action list in BETA")


DAYS = [
    ("today", "Tue 24 Nov 2026"),
    ("tomorrow", "Wed 25 Nov 2026"),
    ("fri", "Fri 27 Nov 2026"),
    ("next fri", "Fri 4 Dec 2026"),
    ("in 2 weeks", "Tue 8 Dec 2026"),
    ("in 10 wd", "Tue 8 Dec 2026"),
    ("eow", "Fri 27 Nov 2026"),
    ("eom", "Mon 30 Nov 2026"),
    ("end of nov", "Mon 30 Nov 2026"),
    ("30 nov", "Mon 30 Nov 2026"),
    ("30.11.", "Mon 30 Nov 2026"),
    ("30.11.2026", "Mon 30 Nov 2026"),
    ("2026-11-30", "Mon 30 Nov 2026"),
    ("CW49", "Fri 4 Dec 2026"),
    ("KW 49", "Fri 4 Dec 2026"),
    ("morgen", "Wed 25 Nov 2026"),
    ("nächsten Freitag", "Fri 4 Dec 2026"),
    ("Ende November", "Mon 30 Nov 2026"),
    ("in 2 Wochen", "Tue 8 Dec 2026"),
]


def test_days_are_answered_with_their_weekday(office: Office) -> None:
    for number, (typed, due) in enumerate(DAYS, 1):
        answer = office.says(f"/po-action add water the plants by {typed}")
        assert answer.startswith(f"A{number} · water the plants · {due}\n"), typed


def test_every_date_is_in_the_projects_zone(office: Office) -> None:
    office.says("/po project set zone=Pacific/Auckland")
    office.passes(hours=4)  # 13:00 in Berlin, already Wednesday in Auckland
    assert "Wed 25 Nov 2026" in office.says("/po-action add water the plants by today")


def test_all_short_forms_are_the_long_ones(office: Office) -> None:
    for noun in ("action", "risk"):
        assert office.says(f"/po-{noun} list") == office.says(f"/po {noun} list")
    assert office.says("/po-status missing") == office.says("/po status missing")


def test_a_refusal_is_in_the_trail_with_its_reason(office: Office) -> None:
    office.says("/po-action add @ben water the plants")
    office.says("/po-action move A1 fri", office.carla)
    refused = office.says("/po audit").splitlines()[1]
    assert (
        "Carla · action move A1 fri · refused: To change what belongs to somebody else" in refused
    )


def test_the_trail_of_a_project_is_for_its_lead(office: Office) -> None:
    answer = office.says("/po audit", office.ben)
    assert "To read the audit trail in Alpha one has to be:" in answer


def test_another_projects_entry_is_as_good_as_none(office: Office) -> None:
    office.says("/po project new Secret", office.dora, office.dora.dm)
    office.says("/po-action add hidden plan in SECRET", office.dora, office.dora.dm)
    there = office.says("/po-action show SECRET-A1")
    nowhere = office.says("/po-action show NOWHERE-A1")
    assert there.replace("SECRET", "NOWHERE") == nowhere


def test_a_project_nobody_knows_is_said_to_be_text(office: Office) -> None:
    answer = office.says("/po-action add paint the fence in OMEGA")
    assert "A1 · paint the fence in OMEGA" in answer
    assert "“in OMEGA” was kept as text" in answer


def test_a_list_by_person_has_a_heading_for_each(office: Office) -> None:
    office.says("/po-action add @anna paint")
    office.says("/po-action add @ben sing")
    office.says("/po-action add dance")
    listed = office.says("/po-action by person")
    assert listed.index("Anna (1)") < listed.index("Ben (1)") < listed.index("Nobody yet (1)")


def test_a_list_is_narrowed_to_one_person(office: Office) -> None:
    office.says("/po-action add @anna paint")
    office.says("/po-action add @ben sing")
    assert "paint" not in office.says("/po-action list @ben")


def test_what_was_typed_is_not_lost_behind_a_button_that_fails(office: Office) -> None:
    lunch = office.box.channel("lunch", members=[office.anna])
    answer = office.types("/po risc add Customs are slow p9", where=lunch)
    office.anna.clicks("Run it", answer)
    office.box.wait_for(lambda: "There is no project here. Which one?" in answer.text)
    assert "You typed: risk add Customs are slow p9" in answer.text
    office.anna.clicks("ALPHA", answer)
    office.box.wait_for(lambda: "p9 is off the scale" in answer.text)
    assert "You typed: risk add Customs are slow p9 in ALPHA" in answer.text


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("03/04", "Sat 3 Apr 2027"),
        ("03/04", "Thu 4 Mar 2027"),
        ("yesterday", "Wed 25 Nov 2026"),
        ("20 nov", "Sat 20 Nov 2027"),
        ("last fri", "Wed 25 Nov 2026"),
    ],
)
def test_a_day_that_is_unclear_or_past_is_put_right_by_a_click(
    office: Office, typed: str, day: str
) -> None:
    answer = office.types(f"/po-action add it's  @ben by {typed}, after all")
    assert "[Open form]" in answer.text
    office.anna.clicks(day, answer)
    office.box.wait_for(lambda: f"A1 · it's  @ben, after all · {day}" in answer.text)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("action add order by mid december", "mid december"),
        ("action add order by 5pm friday @ben", "5pm friday"),
        ("action add order until Mitte Dezember", "Mitte Dezember"),
        ("action add order by july, or never", "july"),
        ("action add order by 18:00", "18:00"),
        ("risk add Late p4 review noon", "noon"),
        ("ms add Pilot by Q3", "Q3"),
    ],
)
def test_a_day_that_cannot_be_read_is_said_to_be_none(
    office: Office, line: str, words: str
) -> None:
    answer = office.says(f"/po {line}")
    assert f"I cannot read {words} as a date" in answer
    assert f"You typed: {line}" in answer


@pytest.mark.parametrize(
    "title",
    [
        "send paper signed by Anna",
        "Supplier late by a week",
        "grow by 5 percent by hand",
        "keep the server until migration is done",
        "lunch presented by July Consulting",
        "ask @ben about the rent due to the owner",
    ],
)
def test_by_and_until_are_words_of_a_title_too(office: Office, title: str) -> None:
    assert office.says(f"/po-action add {title}").startswith(f"A1 · {title}\n")


def test_a_day_behind_a_milestone_is_its_forecast(office: Office) -> None:
    assert "M1 · Pilot live · Wed 30 Jun 2027" in office.says("/po ms add Pilot live 30 june")
    assert "such a day: 31 june" in office.says("/po ms add Pilot live 31 june")
    assert "M2 · Pilot 2 · Wed 30 Jun 2027" in office.says("/po ms add Pilot 2 june 30, 2027")
    assert "M3 · Pilot live 30 june\n" in office.says('/po ms add "Pilot live 30 june"')


@pytest.mark.parametrize(
    "line", ["@ben @carla prepare slides", "@ben, @carla: slides", "slides owner @ben and @carla"]
)
def test_of_two_owners_one_is_asked_for(office: Office, line: str) -> None:
    answer = office.types(f"/po-action add {line} by fri")
    assert "Owner: that is one person, Ben or Carla?" in answer.text
    assert "[Open form]" in answer.text
    assert office.told(office.ben) == []


def test_a_second_person_may_be_what_it_is_about(office: Office) -> None:
    for number, line in enumerate(("@ben call @carla", "@ben @carla's slides", "@ben: ask @carla")):
        answer = office.says(f"/po-action add {line}")
        assert answer.startswith(f"A{number + 1} · ")
        assert "· Ben\n" in answer


@pytest.mark.parametrize(
    ("line", "complaint", "way_out"),
    [
        ("action done A99", "There is no action A99 in Alpha.", "[List]"),
        ("status purple foo", "purple is no colour of a status.", "[Open form]"),
        ("status orange foo", "Did you mean status amber?", "[Run it]"),
        ('meet new "X" on fri 9:00 with foo@bar', "foo@bar is no mail address.", "[Open form]"),
    ],
)
def test_out_of_a_mistake_leads_a_button(
    office: Office, line: str, complaint: str, way_out: str
) -> None:
    answer = office.types(f"/po {line}")
    assert complaint in answer.text
    assert way_out in answer.text


def test_what_to_look_for_is_asked_in_a_form(office: Office) -> None:
    office.says("/po-action add water the plants")
    found = office.types("/po-action find")
    office.anna.fills({"Words": "plants"})
    assert office.anna.submits() == {}
    office.box.wait_for(lambda: "A1 · water the plants" in found.text)
