"""Reactions: the one mark of ours that ought to stand at somebody's message, kept until it does."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Index, UniqueConstraint, case, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base

DONE, UNCLEAR = "white_check_mark", "question"


class Reaction(Base):
    """What ought to stand at a message (*wanted*) and what does, as far as is known (*shown*).

    While it *owes*, the two may differ. *turn* counts how often something else was wanted, so that
    who is late to react does not pass for who was right.
    """

    __tablename__ = "reaction"
    __table_args__ = (
        UniqueConstraint("channel", "ts"),
        Index("ix_reaction_owed", "id", sqlite_where=text("owes"), postgresql_where=text("owes")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    ts: Mapped[str]
    wanted: Mapped[str | None]
    shown: Mapped[str | None]
    owes: Mapped[bool]
    turn: Mapped[int] = mapped_column(default=1)


def want(session: Session, channel: str, ts: str, name: str | None) -> None:
    """Have the reaction *name*, or none, stand at a message."""
    known = session.scalar(
        select(Reaction).where(Reaction.channel == channel, Reaction.ts == ts).with_for_update()
    )
    if known is None:
        if name is not None:
            session.add(Reaction(channel=channel, ts=ts, wanted=name, owes=True))
        return
    if known.wanted != name:
        known.wanted, known.owes, known.turn = name, True, known.turn + 1


def owed(session: Session, count: int) -> Sequence[Reaction]:
    """The next *count* messages at which something else ought to stand."""
    return session.scalars(
        select(Reaction).where(Reaction.owes).order_by(Reaction.id).limit(count)
    ).all()


def stand(session: Session, reactions: Iterable[Reaction]) -> None:
    """Note that what was wanted stands; where something else is wanted by now, it is owed again."""
    for reaction in reactions:
        is_still = Reaction.turn == reaction.turn
        session.execute(
            update(Reaction)
            .where(Reaction.id == reaction.id)
            .values(
                owes=case((is_still, False), else_=True),
                shown=case((is_still, reaction.wanted), else_=Reaction.shown),
            )
        )


def surplus(reaction: Reaction) -> list[str]:
    """What may stand there of ours and ought not to; nothing was there before the first turn."""
    if reaction.turn == 1:
        return []
    return [name for name in (DONE, UNCLEAR) if name != reaction.wanted]
