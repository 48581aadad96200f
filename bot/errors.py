"""Mistakes a person can correct, and the facts the office has to ask Slack for."""


class UserError(Exception):
    """Something the sender of a command can put right; the text is shown to that person.

    *field* names the argument that is wrong, so that a form shows the text beside its input.
    *line* is a command line that would work instead, offered as a button: **Run it**, or what
    *label* says. *verb* is set on the way out to the noun and verb that complained.
    """

    def __init__(
        self,
        text: str,
        *,
        field: str | None = None,
        line: str | None = None,
        label: str | None = None,
    ) -> None:
        super().__init__(text)
        self.field = field
        self.line = line
        self.label = label
        self.verb: tuple[str, str] | None = None


class UnclearError(UserError):
    """Several things may be meant: *choices* are a label and what to type behind the line.

    Where words of the line name nothing there is, that is typed *instead* of them; where only
    that will do, *is_exact*. With a *field*, a form may ask for it too.
    """

    def __init__(
        self,
        text: str,
        choices: tuple[tuple[str, str], ...],
        *,
        instead: str = "",
        is_exact: bool = False,
        field: str | None = None,
    ) -> None:
        super().__init__(text, field=field)
        self.choices = choices
        self.instead = instead
        self.is_exact = is_exact


class SureError(UserError):
    """Many would be told of what was asked for: the same line does it once somebody is sure."""


class RefusedError(UserError):
    """The sender has not the right to do this; refusals are audited, with the project's id."""

    def __init__(
        self,
        text: str,
        project_id: int | None = None,
        *,
        line: str | None = None,
        label: str | None = None,
    ) -> None:
        super().__init__(text, line=line, label=label)
        self.project_id = project_id


class UnclearProjectError(UserError):
    """The command may mean several projects, or none is near; *keys* are those to choose from.

    Where there is none, or the channel *is_free*, the sender may make one unless not *may_make*.
    """

    def __init__(
        self,
        text: str,
        keys: tuple[str, ...] = (),
        *,
        may_make: bool = True,
        is_free: bool = False,
    ) -> None:
        super().__init__(text)
        self.keys = keys
        self.may_make = may_make
        self.is_free = is_free or not keys


class HiddenProjectError(UnclearProjectError, RefusedError):
    """As the former, in the same words, where there is a project that the sender may not read."""

    def __init__(
        self, text: str, keys: tuple[str, ...], project_id: int, *, may_make: bool = True
    ) -> None:
        UserError.__init__(self, text)
        self.keys = keys
        self.project_id = project_id
        self.may_make = may_make
        self.is_free = not keys


class MissingFactsError(Exception):
    """The database does not know these people or channels yet: ask Slack, then try again.

    *thread* is one whose messages may not all be known, ``CHANNEL/TS``: those written *before*
    then, where that is said. It is asked about once, whatever Slack answers. *is_refused* is set
    where Slack answered that it will not tell, so that asking again is of no use.
    """

    def __init__(
        self,
        *,
        users: frozenset[str] = frozenset(),
        channel: str | None = None,
        thread: str | None = None,
        before: str | None = None,
    ) -> None:
        super().__init__(f"{sorted(users)} {channel or thread or ''}")
        self.users = users
        self.channel = channel
        self.thread = thread
        self.before = before
        self.is_refused = False
