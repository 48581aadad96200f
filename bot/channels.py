"""Channels: what Slack last said of a conversation, and who is in it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.errors import MissingFactsError
from bot.values import ChannelId


class Channel(Base):
    """A Slack conversation the office has met."""

    __tablename__ = "channel"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    is_private: Mapped[bool]
    is_archived: Mapped[bool]
    has_bot: Mapped[bool]
    refreshed_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        """Whether the bot can post there."""
        return self.has_bot and not self.is_archived


class ChannelMember(Base):
    """One user in one channel."""

    __tablename__ = "channel_member"

    channel_id: Mapped[str] = mapped_column(primary_key=True)
    slack_id: Mapped[str] = mapped_column(primary_key=True, index=True)


def channel_of(session: Session, channel: str) -> Channel:
    """The channel called *channel*. Raises `MissingFactsError` for one not met yet."""
    known = session.get(Channel, channel)
    if known is None or known.refreshed_at is None:
        raise MissingFactsError(channel=channel)
    return known


def is_member(
    session: Session, channel: ChannelId, user: str, now: datetime, old: timedelta
) -> bool:
    """Whether *user* is in *channel*, by facts no older than *old*.

    Raises `MissingFactsError` when they are older, so that Slack is asked.
    """
    known = channel_of(session, channel)
    if known.refreshed_at is None or now - known.refreshed_at > old:
        raise MissingFactsError(channel=channel)
    row = session.get(ChannelMember, (channel, user))
    return row is not None


def channels_with(session: Session, user: str) -> set[str]:
    """The channels *user* is known to be in; only where the bot is too, and hears who leaves."""
    rows = session.scalars(
        select(ChannelMember.channel_id)
        .join(Channel, Channel.id == ChannelMember.channel_id)
        .where(ChannelMember.slack_id == user, Channel.has_bot, Channel.refreshed_at.is_not(None))
    )
    return set(rows)


def members_of(session: Session, channel: str) -> set[str]:
    """The users known to be in *channel*."""
    return set(
        session.scalars(select(ChannelMember.slack_id).where(ChannelMember.channel_id == channel))
    )


def distrust(session: Session, channel: str) -> None:
    """What is known of who is in *channel* may no longer be so: Slack is to be asked again."""
    known = session.get(Channel, channel)
    if known is not None:
        known.refreshed_at = None


def set_members(session: Session, channel: str, users: Collection[str]) -> None:
    """Replace what is known of who is in *channel*."""
    session.execute(delete(ChannelMember).where(ChannelMember.channel_id == channel))
    session.add_all(ChannelMember(channel_id=channel, slack_id=user) for user in sorted(set(users)))
