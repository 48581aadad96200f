"""Notices: several things told in one message, each of which can be said anew in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.delivery.outbox import Delivery, Medium, State, promise, revise
from bot.history import tells
from bot.messages import FALLBACK_LIMIT, Message, fits, fitted, shortened
from bot.people import Person
from bot.projects import Project

MOST = 15  # notices in one message: three blocks each stay below Slack's fifty
TOLD = "jourfixe_told"


@dataclass(frozen=True)
class Item:
    """One thing to be told; *about* names what it is about. A *heading* stays with what follows.

    Only who may read *project* (its id) when it is sent reads it.
    With *stand*, how the thing stands, the item is kept as it is told first: see `Notice.asked`.
    """

    message: Message
    about: str = ""
    heading: bool = False
    stand: str = ""
    project: int | None = None


class Notice(Base):
    """One thing told as part of a message; *about* names what it is about.

    *asked* is what was said at first, where that may be said again: as long as the thing stands
    as *stand* has it. It is *settled* once that was answered. Who may not read *project_id*, and
    *other_project_id* where it tells of two, is not to read it. *change_id* is what somebody did
    that it tells of.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    about: Mapped[str] = mapped_column(index=True)
    content: Mapped[dict[str, Any]]
    asked: Mapped[dict[str, Any] | None]
    stand: Mapped[str | None]
    is_settled: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    is_heading: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    other_project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    change_id: Mapped[int | None]


def tell(
    session: Session,
    person: Person,
    about: str,
    message: Message,
    now: datetime,
    gather: timedelta,
    *,
    of: Sequence[Project] = (),
    asks: bool = False,
    stand: str = "",
) -> None:
    """Tell *person* something; within *gather* of the last notice it joins that message.

    Only who may read each of the at most two projects it is *of* when it is sent reads it. Where
    it *asks* something, that is kept, to be asked again when the answer is taken back. With
    *stand*, see `Item`.
    """
    if person.is_bot or not person.is_active:
        return
    session.info.setdefault(TOLD, set()).add(person)
    item = Item(message, about, stand=stand)
    delivery = _open_message(session, person, now - gather)
    if delivery is None or not _has_room(session, delivery, message):
        key = f"notice:{person.id}:{about}:{now.timestamp()}"
        delivery = promise(
            session, key, person.slack_id, message, now, person=person, is_passing=True
        )
        session.flush()
        _add(session, delivery, item, of, asks=asks)
        return
    _add(session, delivery, item, of, asks=asks)
    session.flush()
    compose(session, delivery)


def told_in(session: Session) -> set[Person]:
    """Who was told something in *session*."""
    found: set[Person] = session.info.get(TOLD, set())
    return found


def _add(
    session: Session, delivery: Delivery, item: Item, of: Sequence[Project], *, asks: bool
) -> None:
    notice = Notice(**_row(delivery, item, of))
    if asks:
        notice.asked = notice.content
    session.add(notice)
    tells(session, notice)


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
    under: str | None = None,
    is_lasting: bool = False,
    unsure_since: datetime | None = None,
) -> None:
    """Promise *items* as one message of the clock's; what it cannot hold follows in its thread.

    With *under*, all of it stands in the thread of that message. *unsure_since*: see `promise`.
    """
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
            under=under or (key if number else None),
            at=at,
            useless_after=useless_after,
            is_planned=True,
            is_lasting=is_lasting,
            unsure_since=unsure_since,
        )
        session.flush()
        rows = [_row(delivery, item) for item in part]
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


def _row(delivery: Delivery, item: Item, of: Sequence[Project] = ()) -> dict[str, Any]:
    content = item.message.as_payload()
    projects: list[int | None] = [project.id for project in of]
    first, second = [*(projects or [item.project]), None][:2]
    return {
        "delivery_id": delivery.id,
        "about": item.about,
        "content": content,
        "asked": content if item.stand else None,
        "stand": item.stand or None,
        "is_settled": False,
        "is_heading": item.heading,
        "project_id": first,
        "other_project_id": second,
    }


def _open_message(session: Session, person: Person, since: datetime) -> Delivery | None:
    # Two who tell the same person come one after the other, even when there is no message yet.
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    return session.scalar(
        select(Delivery)
        .where(
            Delivery.person_id == person.id,
            Delivery.medium == Medium.SLACK,
            Delivery.made_at >= since,
            Delivery.state.not_in([State.DEAD, State.CANCELLED]),
        )
        .order_by(Delivery.id.desc())
        .limit(1)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def _has_room(session: Session, delivery: Delivery, message: Message) -> bool:
    notices = parts_of(session, delivery)
    blocks = [block for notice in notices for block in notice.content["blocks"]]
    return len(notices) < MOST and fits([*blocks, *message.blocks])


def parts_of(session: Session, delivery: Delivery) -> Sequence[Notice]:
    """What *delivery* is composed of, in order; nothing where it is one message of its own."""
    return session.scalars(
        select(Notice).where(Notice.delivery_id == delivery.id).order_by(Notice.id)
    ).all()


def compose(session: Session, delivery: Delivery) -> None:
    """Have *delivery*, which is locked, say what its notices say."""
    revise(session, delivery, composed(parts_of(session, delivery)))


def composed(notices: Sequence[Notice]) -> dict[str, Any]:
    """*notices* as the content of one message."""
    return {
        "text": shortened("\n".join(n.content["text"] for n in notices), FALLBACK_LIMIT),
        "blocks": fitted(
            [
                {**block, "block_id": f"n{n.id}-{place}"}
                for n in notices
                for place, block in enumerate(n.content["blocks"])
            ]
        ),
    }
