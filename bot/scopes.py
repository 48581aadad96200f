"""The scopes the app asks for: why each, and what breaks without it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """One of Slack's permissions."""

    name: str
    why: str
    without: str


SCOPES = (
    Scope("commands", "slash commands and shortcuts", "nothing can be typed"),
    Scope("chat:write", "post cards, receipts and notices", "nothing is posted"),
    Scope("reactions:write", "tick a line in a thread when it is stored", "no ticks"),
    Scope(
        "channels:read", "know a public channel and its members", "`in BETA` from elsewhere fails"
    ),
    Scope("groups:read", "the same for private channels", "the same in private channels"),
    Scope(
        "channels:history",
        "take minutes in a thread; find a post whose answer got lost",
        "no live minutes; an unsure post may come twice",
    ),
    Scope("groups:history", "the same in private channels", "the same in private channels"),
    Scope(
        "im:history", "read what is written to the bot directly", "direct messages are not answered"
    ),
    Scope("im:write", "tell people what is theirs", "nobody is told directly"),
    Scope(
        "users:read", "names, time zones, locales, guests", "nobody is recognised: nothing works"
    ),
    Scope("users:read.email", "mail addresses for invites", "invites need addresses typed"),
    Scope("app_mentions:read", "`@Jourfixe …` in threads", "no commands in threads"),
    Scope("files:write", "send exports as files", "`export` says that it is switched off"),
    Scope("files:read", "see that a file is ready", "exports arrive without a check"),
)
