"""Notices: several things told in one message, each of which can be said anew in its place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.delivery.outbox import Delivery, State, promise, revise
from bot.messages import FALLBACK_LIMIT, Message, fits, fitted, shortened
from bot.people import Person
from bot.projects import Project

MOST = 15  # notices in one message: three blocks each stay below Slack's fifty


@dataclass(frozen=True)
class Item:
    """One thing to be told; *about* names what it is about. A *heading* stays with what follows.

    With *stand*, how the thing stands, the item is kept as it is told first: see `Notice.asked`.
    """

    message: Message
    about: str = ""
    heading: bool = False
    stand: str = ""


class Notice(Base):
    """One thing told as part of a message; *about* names what it is about.

    *asked* is what was said at first, where that may be said again: as long as the thing stands
    as *stand* has it.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    about: Mapped[str] = mapped_column(index=True)
    content: Mapped[dict[str, Any]]
    asked: Mapped[dict[str, Any] | None]
    stand: Mapped[str | None]


def tell(
    session: Session,
    person: Person,
    about: str,
    message: Message,
    now: datetime,
    gather: timedelta,
) -> None:
    """Tell *person* something; within *gather* of the last notice it joins that message."""
    if person.is_bot or not person.is_active:
        return
    delivery = _open_message(session, person, now - gather)
    if delivery is None or not _has_room(session, delivery, message):
        key = f"notice:{person.id}:{about}:{now.timestamp()}"
        delivery = promise(session, key, person.slack_id, message, now, person=person)
        session.flush()
        session.add(_notice(delivery, about, message))
        return
    session.add(_notice(delivery, about, message))
    session.flush()
    _compose(session, delivery)


def post(
    session: Session,
    key: str,
    channel: str,
    items: Sequence[Item],
    now: datetime,
    *,
    project: Project | None = None,
    at: datetime | None = None,
    useless_after: timedelta | None = None,
) -> None:
    """Promise *items* as one message of the clock's; what it cannot hold follows in its thread."""
    for number, part in enumerate(packed(items)):
        delivery = promise(
            session,
            key if number == 0 else f"{key}#{number + 1}",
            channel,
            Message(
                shortened("\n".join(item.message.text for item in part), FALLBACK_LIMIT),
                fitted([block for item in part for block in item.message.blocks]),
            ),
            now,
            project=project,
            under=key if number else None,
            at=at,
            useless_after=useless_after,
            is_planned=True,
        )
        session.flush()
        rows = [_row(delivery, item.about, item.message, item.stand) for item in part]
        session.execute(insert(Notice), rows, execution_options={"render_nulls": True})


def packed(items: Sequence[Item]) -> list[list[Item]]:
    """*items* in parts, each of which Slack takes as one message."""
    parts: list[list[Item]] = [[]]
    for item in items:
        part = parts[-1]
        blocks = [block for known in part for block in known.message.blocks]
        if part and not fits([*blocks, *item.message.blocks]):
            kept = len(part)
            while kept > 1 and part[kept - 1].heading:
                kept -= 1
            parts.append(part[kept:])
            del part[kept:]
        parts[-1].append(item)
    return parts


def retell(
    session: Session,
    about: str,
    now_so: Callable[[str], Message | None],
    since: datetime | None = None,
) -> None:
    """Say anew what is so about *about*: to each Slack user told of it, what *now_so* says.

    With *since*, only in what was made after that.
    """
    for notice, delivery in told_of(session, about, since):
        message = now_so(delivery.channel)
        if message is not None:
            say_anew(session, notice, delivery, message.as_payload())


def told_of(
    session: Session, about: str, since: datetime | None = None
) -> list[tuple[Notice, Delivery]]:
    """What was told about *about*, in what was made *since* then, kept from the worker."""
    known = select(Notice, Delivery).join(Delivery, Delivery.id == Notice.delivery_id)
    if since is not None:
        known = known.where(Delivery.made_at >= since)
    rows = session.execute(
        known.where(Notice.about == about)
        .with_for_update(of=Delivery)
        .execution_options(populate_existing=True)
    )
    return [(notice, delivery) for notice, delivery in rows]


def say_anew(session: Session, notice: Notice, delivery: Delivery, content: dict[str, Any]) -> None:
    """Let *notice*, a part of *delivery*, say something else in its place."""
    notice.content = content
    session.flush()
    _compose(session, delivery)


def _notice(delivery: Delivery, about: str, message: Message) -> Notice:
    return Notice(**_row(delivery, about, message, ""))


def _row(delivery: Delivery, about: str, message: Message, stand: str) -> dict[str, Any]:
    content = message.as_payload()
    return {
        "delivery_id": delivery.id,
        "about": about,
        "content": content,
        "asked": content if stand else None,
        "stand": stand or None,
    }


def _open_message(session: Session, person: Person, since: datetime) -> Delivery | None:
    # Two who tell the same person come one after the other, even when there is no message yet.
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    return session.scalar(
        select(Delivery)
        .where(
            Delivery.person_id == person.id,
            Delivery.made_at >= since,
            Delivery.state.not_in([State.DEAD, State.CANCELLED]),
        )
        .order_by(Delivery.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _has_room(session: Session, delivery: Delivery, message: Message) -> bool:
    notices = _notices(session, delivery)
    blocks = [block for notice in notices for block in notice.content["blocks"]]
    return len(notices) < MOST and fits([*blocks, *message.blocks])


def _notices(session: Session, delivery: Delivery) -> Sequence[Notice]:
    return session.scalars(
        select(Notice).where(Notice.delivery_id == delivery.id).order_by(Notice.id)
    ).all()


def _compose(session: Session, delivery: Delivery) -> None:
    notices = _notices(session, delivery)
    content = {
        "text": shortened("\n".join(n.content["text"] for n in notices), FALLBACK_LIMIT),
        "blocks": fitted(
            [
                {**block, "block_id": f"n{n.id}-{place}"}
                for n in notices
                for place, block in enumerate(n.content["blocks"])
            ]
        ),
    }
    revise(session, delivery, content)
