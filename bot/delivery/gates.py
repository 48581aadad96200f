"""Gates: what of Slack or of mail is to be left alone for a while, told to all by a table.

Slack's 429 on a post does not say whether the channel is meant (about one message a second) or
the workspace (some hundred a minute). So the first one closes the channel only, and a second
channel refused meanwhile closes posting altogether. Updates and reads are counted per workspace.
"""

from datetime import datetime

from sqlalchemy import case, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base, insert_into
from bot.delivery.outbox import Medium

POST = "post"
UPDATE = "update"
READ = "read"
ALL = "all"
MAIL = "mail"


class Gate(Base):
    """Something that is not to be asked for before *closed_until*, in machine time.

    Its name is one of those above, or that of posting to one channel.
    """

    __tablename__ = "gate"

    name: Mapped[str] = mapped_column(primary_key=True)
    closed_until: Mapped[datetime]
    reason: Mapped[str]


def all_of(medium: Medium) -> str:
    """The gate in front of all that leaves by *medium*."""
    return MAIL if medium is Medium.MAIL else ALL


def post_to(channel: str) -> str:
    """The gate in front of one channel."""
    return f"{POST} {channel}"


def channels_behind(closed: frozenset[str]) -> list[str]:
    """The channels whose own gates are among the *closed*."""
    return sorted(name.removeprefix(f"{POST} ") for name in closed if name.startswith(f"{POST} "))


def closed_at(session: Session, now: datetime, medium: Medium = Medium.SLACK) -> frozenset[str]:
    """The gates closed just now to what leaves by *medium*."""
    is_of_mail = Gate.name == MAIL
    is_of_it = is_of_mail if medium is Medium.MAIL else ~is_of_mail
    return frozenset(session.scalars(select(Gate.name).where(Gate.closed_until > now, is_of_it)))


def close(session: Session, name: str, until: datetime, reason: str, now: datetime) -> None:
    """Leave what is behind the gate *name* alone; a second closed channel closes them all."""
    others = channels_behind(closed_at(session, now) - {name})
    if name.startswith(f"{POST} ") and others:
        _close(session, POST, until, reason)
    _close(session, name, until, reason)
    # What somebody else is just closing anew is theirs: two would wait for each other.
    open_again = select(Gate.name).where(Gate.closed_until <= now).with_for_update(skip_locked=True)
    session.execute(
        delete(Gate).where(Gate.name.in_(open_again)).execution_options(synchronize_session=False)
    )


def _close(session: Session, name: str, until: datetime, reason: str) -> None:
    closing = insert_into(session, Gate).values(name=name, closed_until=until, reason=reason)
    new = closing.excluded
    later = case((new.closed_until > Gate.closed_until, new.closed_until), else_=Gate.closed_until)
    session.execute(
        closing.on_conflict_do_update(
            index_elements=[Gate.name], set_={"closed_until": later, "reason": new.reason}
        )
    )


def open_all(session: Session, medium: Medium) -> None:
    """Try again what a refused token kept back: the token works, or is another one."""
    session.execute(delete(Gate).where(Gate.name == all_of(medium)))
