"""What somebody meant as a day, by its words, though none can be read from it: by 5pm friday."""

import re

from bot.dates.vocabulary import MONTHS, PERIODS, WEEKDAYS, any_unit, one_of

_SHORT = {"so", "do", "di", "mi", "mo", "sa", "sun", "sat", "mar", "mai"}
"""Names of days and months that are other words as well."""
_NAMED = one_of({*MONTHS, *WEEKDAYS} - _SHORT)
_HOUR = r"[0-9]{1,2}(?:[:.][0-9]{2}(?:h|uhr)?|[ap]m|h|uhr)"
_PART = r"mid|mitte|anfang|midday|noon|midnight|mittag|tonight|eod|cob|q[1-4]|20[0-9]{2}"
_TELLING = re.compile(rf"(?:{_NAMED}\.?|{_HOUR}|(?:{_PART})(?:[-/]{_NAMED}|[-/]20[0-9]{{2}})?)")
"""A word that only a day, an hour or a part of a year is told with."""
_JOINING = re.compile(
    r"the|of|at|on|in|by|to|end|ende|beginning|start|middle|early|late|latest|next|this|coming"
    r"|around|about|ca\.?|der|des|dem|um|am|im|bis|gegen|spätestens|nächste[nrsm]?|uhr|[ap]m"
    rf"|{one_of(_SHORT)}\.?|{any_unit(PERIODS)}|[0-9]{{1,4}}(?:st|nd|rd|th|\.)?"
)
"""A word that may stand beside one of those."""
_WORD = re.compile(r"\s*([^\s,;!?()]+)")
_LONGEST = 6


def nearly_day(text: str) -> int:
    """How much of *text* speaks of nothing but a day or an hour; 0 where it does not start so."""
    end, is_telling = 0, False
    for _count in range(_LONGEST):
        match = _WORD.match(text, end)
        word = match[1].lower() if match else ""
        tells = _TELLING.fullmatch(word) is not None
        if match is None or not (tells or _JOINING.fullmatch(word)):
            break
        end, is_telling = match.end(), is_telling or tells
    return end if is_telling else 0
