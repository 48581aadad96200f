"""A person in tests: types, clicks and reads by what is to be seen, and waits for the app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slackbox import acts, finding, forms, page_state, talk
from slackbox.answer import Answer
from slackbox.elements import as_state
from slackbox.model import Channel, Json, Message, User, View
from slackbox.plain import Reader

if TYPE_CHECKING:
    from slackbox.box import Box


class Person:
    """Somebody who uses the workspace. Every act waits until the app has acked it."""

    def __init__(self, box: Box, user: User) -> None:
        self._box = box
        self._backend = box.backend
        self.user = user

    def __repr__(self) -> str:
        return f"Person({self.user.name!r})"

    @property
    def id(self) -> str:
        """The user id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The handle, without the @."""
        return self.user.name

    @property
    def real_name(self) -> str:
        """The name others read."""
        return self.user.real_name

    @property
    def dm(self) -> Channel:
        """The DM with the app."""
        workspace = self._backend.workspace
        return self._box.call(lambda: workspace.direct(self.id, workspace.main_app.bot_user_id))

    # Writing

    def types(self, text: str, channel: Channel) -> Answer:
        """Type a slash command."""
        url = self._box.wait(acts.command(self._backend, self.user, channel, text))
        return Answer(url, self._box.text_of)

    def says(
        self,
        text: str,
        channel: Channel,
        thread: str | Message | None = None,
        wait: bool = True,
    ) -> Message:
        """Write a message; `wait=False` does not wait for the app to ack it."""
        thread_ts = thread.ts if isinstance(thread, Message) else thread
        if not wait:
            return self._box.call(
                lambda: talk.post(self._backend, self.user, channel, text, thread_ts)[0]
            )
        return self._box.wait(talk.say(self._backend, self.user, channel, text, thread_ts))

    def edits(self, message: Message, text: str) -> None:
        """Change an own message."""
        self._box.wait(talk.edit(self._backend, self.user, message, text))

    def deletes(self, message: Message) -> None:
        """Delete an own message."""
        self._box.wait(talk.delete(self._backend, self.user, message))

    # Clicking

    def clicks(
        self,
        label: str,
        where: Answer | Message | View | None = None,
        value: Any = None,
        near: str | None = None,
    ) -> Answer | None:
        """Click a button, or choose an option of a menu, by its visible text.

        `where` is a message, an answer or a view; without it the open modal, else the App Home.
        `near` is text of the row meant, where several say the same. `value` is given to a picker
        or select found by `label`.
        """
        place = self._place(where)
        if value is not None:
            return self.picks(label, value, where, near)
        found = finding.clickable(self._reader(), place.blocks, label, near)
        return self._acts_on(place, found.block, found.element, found.value)

    def picks(
        self,
        label: str,
        value: Any,
        where: Answer | Message | View | None = None,
        near: str | None = None,
    ) -> Answer | None:
        """Choose in a select or picker named by its label, placeholder, row or action id."""
        place = self._place(where)
        block, element = finding.picker(self._reader(), place.blocks, label, near)
        return self._acts_on(place, block, element, finding.held(element, value))

    def _acts_on(
        self, place: Message | View, block: Json, element: Json, value: Any
    ) -> Answer | None:
        ids = (block["block_id"], element["action_id"])
        if isinstance(place, View):
            work = acts.click_in_view(self._backend, self.user, place, *ids, value)
            return self._box.wait(work)
        work_in_message = acts.click_in_message(self._backend, self.user, place, *ids, value)
        return Answer(self._box.wait(work_in_message), self._box.text_of)

    def shortcut(self, name: str, message: Answer | Message | None = None) -> Answer | None:
        """Use a message shortcut, or without a message a global one, by name or callback id."""
        callback_id = self._callback_id(name)
        if message is None:
            self._box.wait(acts.global_shortcut(self._backend, self.user, callback_id))
            return None
        place = self._place(message)
        assert isinstance(place, Message)  # noqa: S101 what _place gives for a message
        work = acts.message_shortcut(self._backend, self.user, place, callback_id)
        return Answer(self._box.wait(work), self._box.text_of)

    def _callback_id(self, name: str) -> str:
        for app in self._backend.workspace.apps.values():
            for shortcut in app.shortcuts.values():
                if name in (shortcut.name, shortcut.callback_id):
                    return shortcut.callback_id
        raise LookupError(f"no shortcut {name!r}")

    def _place(self, where: Answer | Message | View | None) -> Message | View:
        if isinstance(where, Answer):
            where = where.message
            if where is None:
                raise LookupError("nothing was answered")
        place = where or self.view or self.home
        if place is None:
            raise LookupError(f"{self.name} has no modal open and no home")
        return place

    # Forms

    @property
    def view(self) -> View | None:
        """The modal on top, if any."""
        return self._backend.workspace.top_view(self.id)

    def fills(self, values: dict[str, Any]) -> None:
        """Fill in the open modal by its labels; None empties an input."""
        view = self._open_view()
        for label, value in values.items():
            block, element = finding.input_labelled(self._reader(), view.blocks, label)
            filled = finding.held(element, value)
            entry = as_state(element, filled)
            view.state.setdefault(block["block_id"], {})[element["action_id"]] = entry
            if block.get("dispatch_action"):
                self._acts_on(view, block, element, filled)

    def submits(self) -> dict[str, str]:
        """Send the open modal off; complaints by label, none when it was accepted."""
        view = self._open_view()
        labels = {
            block["block_id"]: block["label"]["text"]
            for block in view.blocks
            if block["type"] == "input"
        }
        errors = self._box.wait(forms.submit(self._backend, self.user, view))
        return {labels[block_id]: text for block_id, text in errors.items()}

    def closes(self) -> None:
        """Close the open modal without sending it."""
        self._box.wait(forms.close(self._backend, self.user, self._open_view()))

    def _open_view(self) -> View:
        view = self.view
        if view is None:
            raise LookupError(f"{self.name} has no modal open")
        return view

    # App Home

    def opens_home(self) -> None:
        """Look at the App Home; the app hears of it."""
        app = self._backend.workspace.main_app
        self._box.wait(acts.open_home(self._backend, self.user, app))

    @property
    def home(self) -> View | None:
        """The App Home as it was published last."""
        workspace = self._backend.workspace
        return workspace.homes.get((self.id, workspace.main_app.app_id))

    # Reading

    def reads(self, channel: Channel, thread: str | Message | None = None) -> list[Message]:
        """What this person sees in a channel, or in a thread of it, oldest first."""
        thread_ts = thread.ts if isinstance(thread, Message) else thread
        return self._box.call(
            lambda: list(page_state.visible(self._backend, self.user, channel, thread_ts))
        )

    def _reader(self) -> Reader:
        return Reader(self._backend.workspace, self.user.tz)

    # Channels

    def joins(self, channel: Channel) -> None:
        """Come into a public channel."""
        self._box.wait(talk.join(self._backend, self.user, channel))

    def leaves(self, channel: Channel) -> None:
        """Leave a channel."""
        self._box.wait(talk.leave(self._backend, self.user, channel))

    def invites(self, channel: Channel, whom: Person | None = None) -> None:
        """Bring somebody into a channel; without a name: the app."""
        user = whom.id if whom is not None else self._backend.workspace.main_app.bot_user_id
        self._box.wait(talk.invite(self._backend, self.user, channel, user))

    def removes(self, channel: Channel, whom: Person | None = None) -> None:
        """Remove somebody from a channel; without a name: the app."""
        user = whom.id if whom is not None else self._backend.workspace.main_app.bot_user_id
        self._box.wait(talk.kick(self._backend, self.user, channel, user))

    def archives(self, channel: Channel) -> None:
        """Archive a channel."""
        self._box.wait(talk.archive(self._backend, self.user, channel))

    def unarchives(self, channel: Channel) -> None:
        """Bring an archived channel back."""
        self._box.wait(talk.unarchive(self._backend, self.user, channel))

    def renames(self, channel: Channel, name: str) -> None:
        """Give a channel another name."""
        self._box.wait(talk.rename(self._backend, self.user, channel, name))

    def makes_private(self, channel: Channel) -> None:
        """Make a public channel private."""
        self._box.wait(talk.make_private(self._backend, self.user, channel))

    def deletes_channel(self, channel: Channel) -> None:
        """Delete a channel for good."""
        self._box.wait(talk.delete_channel(self._backend, self.user, channel))
