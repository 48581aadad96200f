"""How an argument is asked for: its label in a form, and the words that introduce it in a line."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from bot.language import N_
from bot.people import Person


@dataclass(frozen=True)
class Field:
    """What is known of an argument beyond its name and type.

    *words* introduce it in typed text (``by fri``), *bare* lets its value stand alone (``@anna``; a
    day behind a title in quotation marks; any where no text is taken), and a day that has come
    *leads* where it may begin the line, *shown* is how the usage line shows it, *long* gives it
    several lines in a form, *past* lets a day lie in the past, *typed_only* keeps it out of forms,
    *any_register* and *any_project* let an entry be of any, *choices* are the words there are,
    *called* other names for them, with the word of each; *spans* lets a day be told by its distance
    alone (``1 week``), and where it *skips*, a number of days says how many working days are left
    out before it. *for_later* is needed where a day becomes a later one. A *name* is all there is
    in its quotation marks, with no words left over beside them; what is *listed* is names alone, so
    that a day behind them is a day. *carried* comes back with a form without being asked for in it.
    Where it *may_be_none*, a word such as ``nobody`` says so.
    """

    label: str
    words: tuple[str, ...] = ()
    shown: str = ""
    hint: str = ""
    bare: bool = False
    long: bool = False
    past: bool = False
    typed_only: bool = False
    any_register: bool = False
    any_project: bool = False
    choices: tuple[str, ...] = ()
    called: tuple[tuple[str, str], ...] = ()
    for_later: bool = False
    spans: bool = False
    skips: bool = False
    carried: bool = False
    may_be_none: bool = False
    name: bool = False
    listed: bool = False
    leads: bool = False

    def name_of(self, choice: str) -> str:
        """What people read for *choice*, a word there is."""
        return next((name for name, word in self.called if word == choice), choice)


Title = Annotated[str, Field(N_("Title"), shown="WHAT", long=True)]
Owner = Annotated[Person | None, Field(N_("Owner"), ("owner",), "@OWNER", bare=True)]
Due = Annotated[date | None, Field(N_("Due"), ("by", "due", "until", "bis"), "by DATE")]
Remark = Annotated[str, Field(N_("Note"), shown="NOTE", long=True)]
Near = Annotated[str | None, Field(N_("Project"), ("in",), "in KEY", typed_only=True)]
Page = Annotated[int, Field(N_("Page"), ("page",), typed_only=True)]
Response = Annotated[str | None, Field(N_("Response"), hint=N_("What is done about it"), long=True)]
