"""Pictures: a chart is sent to who asked for it, its numbers beside it for who cannot see it."""

from collections.abc import Callable, Sequence
from uuid import uuid4

from bot.command import Reply
from bot.context import Context
from bot.delivery.outbox import promise
from bot.language import _
from bot.messages import noted, said, shortened

NEEDED = "files:write"
ALT_LIMIT = 1000


def send_picture(
    context: Context, stem: str, title: str, numbers: Sequence[str], chart: Callable[[], str]
) -> Reply:
    """Send *chart*, which is painted on its way, as a direct message.

    Where that cannot be, the numbers are said.
    """
    if NEEDED not in context.scopes:
        text = _("Pictures are switched off: the app lacks the scope `{scope}`. The numbers:")
        return Reply(noted(text.format(scope=NEEDED)) + said("\n".join((title, *numbers))))
    name = f"{context.project.key.lower()}-{stem}-{context.today}.png"
    alt = shortened("\n".join((title, *numbers)), ALT_LIMIT)
    promise(
        context.session,
        f"picture:{uuid4()}",
        context.actor.slack_id,
        said(title),
        context.now,
        is_passing=True,
        file={"name": name, "svg": chart(), "fonts": context.settings.font_folder, "alt": alt},
    )
    return Reply(said(_("{title}. It comes as a direct message.").format(title=title)))
