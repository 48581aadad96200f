"""The grammar of typed lines, by its rules: without a server, on whatever text there is."""

import re
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.arguments import IncompleteError, parse
from bot.command import Verb
from bot.commands import COMMANDS
from bot.errors import UserError
from bot.people import Person
from bot.reading import Reading
from bot.registers.actions import Action
from bot.typed import Line, Mention, decode, escape, quotations, unquoted
from bot.values import Level, UserId
from bot.workdays import WorkCalendar

TODAY = date(2026, 11, 24)  # a Tuesday
ANNA, BEN = Person(slack_id="U1", name="Anna"), Person(slack_id="U2", name="Ben")
A12 = Action(number=12, title="send contract draft", due=date(2026, 12, 4))
UNHURRIED = settings(deadline=None)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=80)
WORDS = st.sampled_from(
    'by fri owner @ben p4 i5 p=3 i= "quoted words" “ ” " \' \\ in ALPHA because due=fri cost=red to'
    " me review weeks page=2 A12 R7 BETA-A12 amber overall=green x=y https://a.b/?q=1 = =".split(
        " "
    )
)


def reading() -> Reading:
    return Reading(
        today=TODAY,
        calendar=WorkCalendar("DE", None),
        order=None,
        actor=ANNA,
        find_person=lambda user: BEN,
        find_called=lambda handle: BEN if handle == "ben" else None,
        find_entry=lambda match, argument: A12,
    )


def verb(noun: str, name: str) -> Verb:
    return next(command for command in COMMANDS if command.noun == noun).verbs[name]


def read(words: str, noun: str = "action", name: str = "add") -> dict[str, Any]:
    return parse(verb(noun, name).grammar, Line(words), reading())


def with_mention(words: str) -> Line:
    """*words* with @ben in them as Slack would tell it."""
    place = words.index("@ben")
    return Line(words, (Mention(place, place + 4, UserId("U2")),))


RISK_OPTIONS = ("p4", "i5", "owner @ben", "review in 2 weeks")


@UNHURRIED
@given(st.permutations(("Supplier is late", *RISK_OPTIONS)))
def test_options_in_any_order_give_the_same_entry(order: list[str]) -> None:
    assert read(" ".join(order), "risk") == {
        "title": "Supplier is late",
        "probability": Level.HIGH,
        "impact": Level.VERY_HIGH,
        "owner": BEN,
        "due": date(2026, 12, 8),
    }


@pytest.mark.parametrize("p", ["p4", "P4", "p=4", "p 4", "prob=4", "probability=4"])
def test_a_level_is_typed_in_many_ways(p: str) -> None:
    assert read(f"Supplier is late {p}", "risk")["probability"] is Level.HIGH


@pytest.mark.parametrize(
    "title",
    [
        "Supplier's late",
        "the 12\" pipe isn't 12' long",
        r"copy \\server\share\new to C:\temp",
        "two  blanks   stay",
        'the "old" plan',
        "say “hello” to them",
        "5 < 6 & 7 > 2",
        "give by hand to the p5 team in Rotterdam",
        "meet in BETA test",
        "check http://a.example/?due=fri&p=4",
        "a, b; c: d. (e) [f] {g} `h` *i* _j_ ~k~",
        "by the way: owner unknown",
        "because we can",
        "in 2 weeks or so",
        "1=1",
        "ночь и день 夜 🌙",
    ],
)
def test_a_title_without_grammar_in_it_needs_no_quotation_marks(title: str) -> None:
    assert read(title) == {"title": title}


@pytest.mark.parametrize("title", ["water the plants by fri", "owner @ben p4", "due=fri x=y"])
def test_quoted_text_is_never_grammar(title: str) -> None:
    assert read(f'"{title}"') == {"title": title}
    assert read(f"“{title}” by 4 dec") == {"title": title, "due": date(2026, 12, 4)}


@UNHURRIED
@given(st.lists(WORDS | TEXTS, max_size=6).map(" ".join))
@example("water the plants")
def test_a_quoted_title_comes_back_to_the_letter(title: str) -> None:
    quoted = f'"{title}"'
    try:
        is_one = quotations(quoted) == [(0, len(quoted))]
    except ValueError:
        is_one = False
    if is_one and title.strip():
        assert read(quoted) == {"title": title}


@UNHURRIED
@given(TEXTS)
def test_words_without_options_come_back_to_the_letter(title: str) -> None:
    plain = title.strip()
    if not re.search(r'["“”„«»=@\d]|(?i:\b(by|due|until|bis|owner)\b)', plain) and plain:
        assert read(plain) == {"title": plain}


VERBS = [known for command in COMMANDS for known in command.verbs.values()]


@settings(UNHURRIED, max_examples=500)
@given(st.sampled_from(VERBS), st.lists(WORDS | TEXTS, max_size=10).map(" ".join))
def test_no_text_does_worse_than_to_be_refused(known: Verb, words: str) -> None:
    with suppress(UserError):
        parse(known.grammar, decode(words), reading())


@settings(UNHURRIED, max_examples=500)
@given(st.sampled_from(VERBS), st.lists(WORDS | TEXTS, max_size=10).map(" ".join))
def test_a_form_can_start_from_any_text(known: Verb, words: str) -> None:
    parse(known.grammar, decode(words), reading(), lenient=True)


@UNHURRIED
@given(TEXTS)
def test_what_slack_escapes_is_read_as_it_was_typed(text: str) -> None:
    assert decode(escape(text)).text == text
    assert decode(Line(text).encoded()).text == text


@UNHURRIED
@given(TEXTS, TEXTS)
def test_a_mention_survives_being_written_down(before: str, after: str) -> None:
    line = Line(f"{before}@ben{after}", (Mention(len(before), len(before) + 4, UserId("U2")),))
    assert decode(line.encoded()) == line


@pytest.mark.parametrize(
    "words", ["@ben water the plants", "water the plants @ben", "water the plants owner @ben"]
)
def test_the_owner_stands_first_or_last_or_behind_its_word(words: str) -> None:
    assert parse(verb("action", "add").grammar, with_mention(words), reading()) == {
        "title": "water the plants",
        "owner": BEN,
    }


@pytest.mark.parametrize(
    "words",
    ["water the plants, by fri", "by fri: water the plants", "by fri, water the plants"],
)
def test_the_comma_that_parts_an_option_from_the_text_goes_with_it(words: str) -> None:
    assert read(words) == {"title": "water the plants", "due": date(2026, 11, 27)}


@pytest.mark.parametrize("words", ["@ben: water the plants", "@ben, water the plants"])
def test_a_colon_behind_the_owner_is_no_text(words: str) -> None:
    values = parse(verb("action", "add").grammar, with_mention(words), reading())
    assert values == {"title": "water the plants", "owner": BEN}


@pytest.mark.parametrize("words", ["ask @ben", "talk about it with @ben", "see @ben on site"])
def test_somebody_named_in_the_text_does_not_own_it(words: str) -> None:
    read_ = parse(verb("action", "add").grammar, with_mention(words), reading())
    assert read_ == {"title": words}


@pytest.mark.parametrize("me", ["me", "@me", "mich"])
def test_an_owner_may_be_oneself(me: str) -> None:
    assert read(f"water the plants owner {me}")["owner"] is ANNA


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("by fri", "2026-11-27"),
        ("by next fri", "2026-12-04"),
        ("by in 2 weeks", "2026-12-08"),
        ("due=2026-11-30", "2026-11-30"),
        ("by 30.11.", "2026-11-30"),
        ("until eom", "2026-11-30"),
        ("by CW49", "2026-12-04"),
        ("by in 10 wd", "2026-12-08"),
        ("bis morgen", "2026-11-25"),
        ("bis nächsten Freitag", "2026-12-04"),
        ("bis Ende November", "2026-11-30"),
    ],
)
def test_days_are_read_where_they_stand(words: str, due: str) -> None:
    expected = {"title": "water plants", "due": date.fromisoformat(due)}
    assert read(f"water plants {words}") == expected
    assert read(f"{words} water plants") == expected


def test_weeks_more_are_counted_from_the_old_date() -> None:
    values = read("A12 +2 weeks waiting for legal", name="move")
    assert values == {"entry": A12, "due": date(2026, 12, 18), "reason": "waiting for legal"}


@pytest.mark.parametrize("words", ["A12 to fri", "A12 by fri", "A12 fri"])
def test_a_small_word_before_the_new_date_is_no_matter(words: str) -> None:
    assert read(words, name="move")["due"] == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("water plants colour=red", "There is no option `colour=` here."),
        ("water plants ownr=@ben", "Did you mean `owner=`?"),
        ("water plants by yesterday", "Mon 23 Nov 2026 is in the past. Do you mean"),
        ("water plants by 03/04", "Is that Sat 3 Apr 2027 or Thu 4 Mar 2027?"),
        ("water plants by 31.2.", "No plan knows such a day"),
        ("water plants due=soonish", "I cannot read `soonish` as due."),
        ("water plants by fri by mon", "`by` stands there twice."),
        ('water "the plants', 'A quotation mark opens at `"the plants` and never closes.'),
        ("water plants owner=@nobody", "I do not know `@nobody`."),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(words: str, complaint: str) -> None:
    with pytest.raises(UserError) as refused:
        read(words)
    assert complaint in str(refused.value)


def test_what_is_missing_is_asked_for() -> None:
    with pytest.raises(IncompleteError, match="Title is missing"):
        read("by fri")


def test_reasons_follow_their_word_up_to_the_next_option() -> None:
    words = "We use site B, because it's cheaper by far revisit 4 dec"
    assert read(words, "decision") == {
        "title": "We use site B",
        "reason": "it's cheaper by far",
        "due": date(2026, 12, 4),
    }


def test_quoted_values_end_with_their_quotation_mark() -> None:
    words = 'Customs are slow cause="strike, maybe p5" effect="late by fri" p2'
    assert read(words, "risk") == {
        "title": "Customs are slow",
        "cause": "strike, maybe p5",
        "effect": "late by fri",
        "probability": Level.LOW,
    }


@pytest.mark.parametrize("text", ['"a" and "b"', 'a "b"', 'say "a', "'a'"])
def test_only_a_pair_around_everything_is_taken_away(text: str) -> None:
    assert unquoted(Line(text)).text == text
