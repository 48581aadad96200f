"""Complaints: what is said of words that cannot be read as the argument they stand for."""

from datetime import date
from difflib import get_close_matches

from bot.dates import AmbiguousDate, ImpossibleDate, PastDate, format_day
from bot.errors import UnclearError, UserError
from bot.grammar import Argument, Grammar
from bot.language import _, current
from bot.people import ADDRESS, People, Person
from bot.typed import flat, quotations


def no_choice(argument: Argument, word: str) -> UserError:
    """*word* is none of those there are to choose from; where nothing is needed, it may be more."""
    choices = argument.field.choices
    close = get_close_matches(word.lower(), choices, 1)
    text = _("I do not understand `{word}` here.")
    if argument.is_required:
        text = _("I know no {label} `{word}`.")
    if close:
        text += " " + _("Did you mean `{close}`?")
    text += " " + _("There are: {choices}.")
    told = text.format(
        label=_(argument.field.label).lower(),
        word=flat(word)[:40],
        close=close[0] if close else "",
        choices=", ".join(f"`{choice}`{_called(argument, choice)}" for choice in choices),
    )
    return UserError(told, field=argument.name)


def _called(argument: Argument, choice: str) -> str:
    """The other name of *choice*, in brackets."""
    name = argument.field.name_of(choice)
    return "" if name.lower() == choice else f" ({_(name)})"


def no_option(grammar: Grammar, name: str) -> UserError:
    """There is no option *name*."""
    known = [option for argument in grammar.arguments for option in argument.names]
    close = get_close_matches(name.lower(), known, 1)
    text = _("There is no option `{name}=` here.")
    if close:
        text += " " + _("Did you mean `{close}=`?")
    text += " " + _("If it belongs to the text, put the text into quotation marks.")
    return UserError(text.format(name=name, close=close[0] if close else ""))


def unreadable(argument: Argument, rest: str) -> UserError:
    """*rest* does not start with what *argument* is."""
    text = _("I cannot read `{rest}` as {label}.")
    told = text.format(rest=flat(rest)[:40], label=_(argument.field.label).lower())
    return UserError(told, field=argument.name)


def beside_name(grammar: Grammar, text: str) -> str:
    """What is left over in *text*, a name: words behind its quotation marks, or an option's last.

    Somebody who typed ``informed`` without anybody behind it meant no title.
    """
    spans = quotations(text)
    if spans and spans[0][0] == 0:
        return text[spans[0][1] :].strip()
    last = text.split()[-1:]
    kinds = [option for option in grammar.options if option.kind is People]
    return next((word for word in last for o in kinds if word.lower() in o.field.words), "")


def stranger(address: str) -> str:
    """That *address* is of nobody in Slack, where one of them is wanted."""
    text = _("I know nobody in Slack by {address}: who of the team?")
    return text.format(address=address)


def no_person(argument: Argument, word: str) -> UserError:
    """*word*, a handle or a mail address, names nobody."""
    is_handle = word.startswith("@")
    why = _("I do not know `{word}`.").format(word=word) if is_handle else stranger(word)
    more = _("Type @ and pick the person from Slack's list, or put the text into quotation marks.")
    return UserError(f"{why} {more}", field=argument.name)


def one_person(
    argument: Argument, first: Person, second: Person, *, has_text: bool = True
) -> UserError:
    """Two are named where one is wanted."""
    text = _("{label}: that is one person, {first} or {second}?")
    more = _("Name one after the other.")
    if has_text:
        more = _("Who else is named can stand in the text, in quotation marks.")
    told = text.format(label=_(argument.field.label), first=first.name, second=second.name)
    return UserError(f"{told} {more}", field=argument.name)


def no_day(argument: Argument, words: str) -> UserError:
    """*words* speak of a day, but it cannot be read from them."""
    text = _("I cannot read `{words}` as a date; write it like `30 nov` or `fri`.")
    text += " " + _("If it belongs to the text, put the text into quotation marks.")
    return UserError(text.format(words=flat(words)), field=argument.name)


def unreadable_day(
    error: PastDate | AmbiguousDate | ImpossibleDate, argument: Argument
) -> UserError:
    """Why a text that names a day is refused, with those it may have meant."""
    if isinstance(error, ImpossibleDate):
        text = _("No plan knows such a day: `{text}`")
        return UserError(text.format(text=flat(error.text)[:40]), field=argument.name)
    if isinstance(error, PastDate):
        words, days = past_day(error.day, error.proposal), [error.proposal]
    else:
        days = [*error.choices]
        one, other = (format_day(day, current()) for day in days)
        question = _("Is that {one} or {other}? Please write the month as a word.")
        words = question.format(one=one, other=other)
    choices = tuple((format_day(day, current()), day.isoformat()) for day in days)
    return UnclearError(words, choices, instead=error.text, is_exact=True, field=argument.name)


def past_day(day: date, proposal: date) -> str:
    """Why a day in the past is refused, with one that would do."""
    question = _("{day} is in the past. Do you mean {proposal}?")
    return question.format(day=format_day(day, current()), proposal=format_day(proposal, current()))


def left_over(grammar: Grammar, rest: str) -> UserError:
    """Nothing takes *rest*; where it is the word of an option, that wants something behind it."""
    word = rest.split()[0].lower()
    option = next((one for one in grammar.options if word in one.field.words), None)
    if option is None or not option.field.shown:
        text = _("I do not understand `{rest}` here.")
        return UserError(text.format(rest=flat(rest)[:200]))
    strange = next(
        (w for w in rest.split()[1:] if "@" in w.strip("@") and not ADDRESS.match(w)), ""
    )
    if option.kind is People and strange:
        text = _("`{word}` is no mail address.")
        return UserError(text.format(word=strange), field=option.name)
    text = _("I do not understand `{rest}` here: type it like `{shown}`.")
    return UserError(
        text.format(rest=flat(rest)[:200], shown=option.field.shown), field=option.name
    )
