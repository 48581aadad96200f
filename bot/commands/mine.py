"""My list: what is open and yours, over all your projects."""

from bot.command import Command, Reply
from bot.context import Context
from bot.fields import Page
from bot.language import N_, _
from bot.lists import Listing, show_list
from bot.register import Entry
from bot.registers import REGISTERS
from bot.rights import my_projects

MY = Command("my", N_("Your list, over all your projects"), default="list")


@MY.verb("list", N_("what is open and yours"), writes=False, has_project=False)
def list_(context: Context, *, page: Page = 1) -> Reply:
    empty = _("Nothing is waiting for you.")
    listing = Listing(_("Your list"), mine(context), "my list", empty, is_owned=True)
    return show_list(context, listing, page)


def mine(context: Context) -> list[Entry]:
    """Every open entry the actor owns, the earliest date first."""
    projects = my_projects(context.session, context.rights)
    found: list[Entry] = []
    for register in REGISTERS:
        found += register.owned(context.session, context.actor, projects)
    return sorted(found, key=lambda entry: (entry.due is None, entry.due or context.today))
