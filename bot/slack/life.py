"""Channel and people life: invited, removed, archived, renamed, gone."""

from slack_bolt import App

from bot import channels, life
from bot.channels import Channel
from bot.errors import MissingFactsError
from bot.slack.directory import SlackDirectory
from bot.slack.door import Body, Door, place_in

ENDS = {
    "channel_left": "removed",
    "group_left": "removed",
    "channel_archive": "archived",
    "group_archive": "archived",
    "channel_deleted": "deleted",
    "group_deleted": "deleted",
}
REFRESHES = ("channel_unarchive", "group_unarchive", "channel_rename", "group_rename")


def listen(app: App, door: Door, directory: SlackDirectory) -> None:
    """Keep what is known of channels and people true."""
    _people(app, directory)
    _members(app, door, directory)

    def end(body: Body) -> None:
        event = body["event"]
        reason = ENDS[event["type"]]
        with door.office.changing() as session:
            life.channel_ended(session, event["channel"], reason, door.office.clock())
        door.office.wake()

    for kind in ENDS:
        app.event(kind)(end)

    def refresh(body: Body) -> None:
        told = body["event"]["channel"]
        channel = told["id"] if isinstance(told, dict) else told
        directory.fetch(MissingFactsError(channel=channel))
        _reopen(door, channel)

    for kind in REFRESHES:
        app.event(kind)(refresh)

    @app.event("app_home_opened")
    def opened(body: Body) -> None:
        if body["event"].get("tab", "home") == "home":
            door.later(door.show_home, body["event"]["user"])


def _people(app: App, directory: SlackDirectory) -> None:
    def changed(body: Body) -> None:
        directory.keep_person(body["event"]["user"])

    for kind in ("user_change", "team_join"):
        app.event(kind)(changed)


def _members(app: App, door: Door, directory: SlackDirectory) -> None:
    def moved(body: Body) -> None:
        event = body["event"]
        if not directory.fetch(MissingFactsError(channel=event["channel"])):
            with door.office.changing() as session:
                channels.distrust(session, event["channel"])
        is_bot = event["user"] == door.bot_user
        if is_bot:
            _reopen(door, event["channel"])
        if is_bot and event["type"] == "member_joined_channel" and event.get("inviter"):
            place = place_in(event["channel"])
            answer = door.office.answer(
                door.request(body["event_id"], event["inviter"], "menu", place)
            )
            door.later(door.whisper, place, event["inviter"], answer.message)

    for kind in ("member_joined_channel", "member_left_channel"):
        app.event(kind)(moved)


def _reopen(door: Door, channel: str) -> None:
    """Post again for the projects of a channel that can be posted to again."""
    with door.office.changing() as session:
        known = session.get(Channel, channel)
        if known is not None and known.is_open:
            life.channel_opened(session, channel, door.office.clock())
    door.office.wake()
