"""Unknown words: what somebody who typed what no command has may have meant, else what there is."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from bot import promised
from bot.command import Command, Verb
from bot.errors import UserError
from bot.language import _
from bot.reading import COLOURS, ENTRY
from bot.registers import with_letter
from bot.typed import Line, flat
from bot.values import Rag

OTHER_COLOURS = {
    "orange": Rag.AMBER,
    **dict.fromkeys(
        "blue purple violet pink brown black white grey gray blau lila rosa braun schwarz weiß"
        " grau".split()
    ),
}
"""Colours no project has, with the one that is meant where that is plain."""
LONG_COLOURS = [Rag.GREEN.value, Rag.AMBER.value, "yellow"]
"""The colours no other word is likely to be mistaken for."""
SHORT = 4
"""In a word of so many letters, one slip is the most; in a longer one, two are."""
SHOWN = 80


def unknown_noun(commands: Mapping[str, Command], line: Line) -> UserError:
    """What is answered to *line*, whose first word is none of *commands*."""
    word, rest = line.first_word()
    close = near(word, [*commands, *promised.WORDS])
    if close in promised.WORDS and close not in commands:
        return promised.not_there_yet(promised.WORDS[close])
    return (
        _of_entry(commands, word, rest, line)
        or (_of_noun(commands[close], rest, line) if close else None)
        or _of_verb(commands, word, rest)
        or _turned_round(commands, word, rest, line)
        or _nothing_near(commands, word)
    )


def _of_entry(
    commands: Mapping[str, Command], word: str, rest: Line, line: Line
) -> UserError | None:
    """``close A7``: the name says which register, and that which verb."""
    name, behind = rest.first_word()
    match = ENTRY.fullmatch(name)
    if match is None or not match[2]:
        return None
    if promise := promised.LETTERS.get(match[2].upper()):
        return promised.not_there_yet(promise)
    register = with_letter(match[2])
    command = commands[register.noun] if register else None
    verb = near_verb(command, word) if command else None
    if command is None or verb is None:
        return None
    return did_you_mean(f"{command.noun} {verb.name} {name}", behind, line)


def _of_verb(commands: Mapping[str, Command], word: str, rest: Line) -> UserError | None:
    """``approve``: the one thing there is to do that is called so."""
    found = {command.noun: command.find(word) for command in commands.values()}
    known = [(noun, verb) for noun, verb in found.items() if verb and not verb.is_clicked]
    if len(known) != 1:
        return None
    ((noun, verb),) = known
    return did_you_mean(f"{noun} {verb.name}", rest, Line(word))


def _of_noun(command: Command, rest: Line, line: Line) -> UserError:
    name, behind = rest.first_word()
    verb = near_verb(command, name)
    if verb is not None:
        return did_you_mean(f"{command.noun} {verb.name}", behind, line)
    return did_you_mean(command.noun, rest, line)


def _turned_round(
    commands: Mapping[str, Command], word: str, rest: Line, line: Line
) -> UserError | None:
    """``add risk …`` for ``risk add …``."""
    noun, behind = rest.first_word()
    command = commands.get(noun.lower())
    verb = command.find(word) if command else None
    if command is None or verb is None:
        return None
    return did_you_mean(f"{command.noun} {verb.name}", behind, line)


def _nothing_near(commands: Mapping[str, Command], word: str) -> UserError:
    nouns = ", ".join(f"`{noun}`" for noun in dict.fromkeys(c.noun for c in commands.values()))
    text = _("I do not know `{word}`. What I keep: {nouns}. `help` explains each.")
    told = text.format(word=flat(word)[:SHOWN], nouns=nouns)
    return UserError(told, line="help", label=_("Help"))


def unknown_verb(command: Command, name: str, rest: Line) -> UserError:
    """What is answered to *name*, which is no verb of *command*, with *rest* behind it."""
    if promise := promised.WORDS.get(f"{command.noun} {name.lower()}"):
        return promised.not_there_yet(promise)
    verb = near_verb(command, name)
    if verb is not None:
        return did_you_mean(f"{command.noun} {verb.name}", rest, Line(name))
    text = _("`{noun}` has no verb `{name}`. It has: {verbs}.")
    verbs = ", ".join(f"`{verb.name}`" for verb in command.typed_verbs)
    told = text.format(noun=command.noun, name=flat(name)[:SHOWN], verbs=verbs)
    return UserError(told, line=f"help {command.noun}", label=_("Help"))


def did_you_mean(right: str, rest: Line, line: Line) -> UserError:
    """*line* is not known, *right* with *rest* behind it is."""
    words = f"{right} {rest.encoded()}".strip()
    text = _("I do not know `{word}`. Did you mean `{right}`?")
    return UserError(text.format(word=flat(line.text)[:SHOWN], right=right), line=words)


def near_verb(command: Command, name: str) -> Verb | None:
    """The verb of *command* that *name* is, or is nearly."""
    return command.find(name) or command.find(near(name, command.words))


def near(word: str, known: Iterable[str]) -> str:
    """The one of the *known* words that *word* is but for a slip; empty where several are as near.

    What begins as it does, with four letters at least, is near too: ``meeting`` for ``meet``.
    """
    typed = word.lower()
    slips = {name: _slips(typed, name) for name in known if _is_comparable(typed, name)}
    fewest = min(slips.values(), default=0)
    nearest = [name for name, count in slips.items() if count == fewest]
    return nearest[0] if len(nearest) == 1 else ""


def _is_comparable(typed: str, name: str) -> bool:
    length = min(len(typed), len(name))
    most = 0 if length < 2 else 1 if length <= SHORT else 2
    begins = length >= SHORT and (typed.startswith(name) or name.startswith(typed))
    return begins or (abs(len(typed) - len(name)) <= most and _slips(typed, name) <= most)


def _slips(typed: str, name: str) -> int:
    """How many letters are wrong, missing, too many, or changed places (Damerau 1964)."""
    before: list[int] = []
    row = list(range(len(name) + 1))
    for i, letter in enumerate(typed, 1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(name, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            is_turned = i > 1 < j and typed[i - 2] == wanted and letter == name[j - 2]
            row.append(min(cost, older[j - 2] + 1) if is_turned else cost)
    return row[-1]


def check_colour(noun: str, verb: Verb, line: Line) -> None:
    """Raise `UserError` where *verb* of *noun* wants a colour, and *line* starts with another."""
    kind = next((argument.kind for argument in verb.grammar.places), None)
    word, rest = line.first_word()
    typed = word.lower().rstrip(",;:")
    if kind is not Rag or not typed.isalpha() or typed in (*Rag, *COLOURS):
        return
    close = get_close_matches(typed, LONG_COLOURS, 1, 0.75)
    if meant := next(iter(close), OTHER_COLOURS.get(typed)):
        raise did_you_mean(f"{noun} {meant}", rest, Line(word))
    if typed in OTHER_COLOURS:
        text = _("`{word}` is no colour of a status. There are: {colours}.")
        colours = ", ".join(f"`{colour}`" for colour in Rag)
        form = f"form {noun} {verb.name} {rest.encoded()}".strip()
        raise UserError(text.format(word=word, colours=colours), line=form)
