"""Files: what somebody asks for comes as a direct message; what takes long is made on its way."""

from base64 import b64encode
from uuid import uuid4

from bot.context import Context
from bot.delivery.outbox import promise
from bot.errors import UserError
from bot.language import _
from bot.messages import Button, said
from bot.pdf import is_installed

NEEDED = "files:write"


def file_buttons(line: str, ref: str) -> list[Button]:
    """What sends as a file that which *line* shows, and *ref* names, in every kind there is."""
    buttons = [Button(_("As a file"), f"{line} md {ref}")]
    if is_installed():
        buttons.append(Button(_("As a PDF"), f"{line} pdf {ref}"))
    return buttons


def send_data(context: Context, name: str, words: str, data: bytes) -> None:
    """Send who asks *data* as the file *name*, with *words* beside it.

    Raises `UserError` where the app may not upload files.
    """
    _send(context, name, words, {"data": b64encode(data).decode()})


def send_pdf(context: Context, name: str, words: str, page: str) -> None:
    """Send who asks the *page* of HTML as a PDF, which is made on its way.

    Raises `UserError` where no PDF can be made.
    """
    if not is_installed():
        text = _(
            "PDF is not installed here. Whoever runs Jourfixe adds it by "
            "`pip install jourfixe[pdf]`; `md` is the same as text."
        )
        raise UserError(text)
    _send(context, name, words, {"html": page, "fonts": context.settings.font_folder})


def _send(context: Context, name: str, words: str, content: dict[str, str]) -> None:
    if NEEDED not in context.scopes:
        text = _("Files are switched off: the app lacks the scope `{scope}`.")
        raise UserError(text.format(scope=NEEDED))
    promise(
        context.session,
        f"file:{uuid4()}",
        context.actor.slack_id,
        said(words),
        context.now,
        is_passing=True,
        file={"name": name} | content,
    )
