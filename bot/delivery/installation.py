"""The installation: what one database keeps of itself, whoever works on it or restores it."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from uuid import UUID, uuid4, uuid5

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base, Sessions

NAME = "jourfixe_installation"
ONLY = 1  # one installation serves one workspace


class Installation(Base):
    """The one row; replicas and restored backups share it, so what one signs all recognise.

    *beat_at* is when somebody last worked on this database. What is due before *doubted_at* may
    have been posted by somebody this database knows nothing of, and history tells so from
    *readable_at* on. All machine time.
    """

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    secret: Mapped[str]
    beat_at: Mapped[datetime | None]
    doubted_at: Mapped[datetime | None]
    readable_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Seal:
    """Signs tokens, so that what stands in Slack is known to be ours."""

    secret: str

    def sign(self, token: str) -> str:
        """The signature of *token*."""
        return hmac.new(self.secret.encode(), token.encode(), hashlib.sha256).hexdigest()

    def is_right(self, token: str, signature: str) -> bool:
        """Whether we signed *token*."""
        return hmac.compare_digest(self.sign(token), signature)


def seal_of(sessions: Sessions) -> Seal:
    """The seal of this installation, made at its first use."""
    try:
        with sessions.begin() as session:
            return Seal(of(session).secret)
    except IntegrityError:  # another process made it in the same moment
        with sessions.begin() as session:
            return Seal(of(session).secret)


def of(session: Session) -> Installation:
    """The row of this installation, made at its first use."""
    found = session.scalar(select(Installation).where(Installation.id == ONLY))
    if found is None:
        found = Installation(id=ONLY, name=str(uuid4()), secret=token_hex(32))
        session.add(found)
        session.flush()
    return found


def token_for(session: Session, key: str) -> str:
    """The token of what the clock plans under *key*: whoever plans it again makes the same one."""
    name = session.info.get(NAME)
    if name is None:
        name = session.info[NAME] = UUID(of(session).name)
    return str(uuid5(name, key))
