"""What came in: every request is done once, and a replay gets the answer of the first time."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, bindparam, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.command import Form
from bot.context import Place
from bot.db import Base, UtcDateTime
from bot.messages import Message
from bot.typed import Line


@dataclass(frozen=True)
class Request:
    """One thing a person asked for: a *line*, as Slack escapes it, or a filled-in *form*.

    *is_typed* tells that they typed the line, rather than clicked what stands for one.
    """

    key: str
    team: str
    user: str
    line: str
    place: Place = field(default_factory=Place)
    form: Form | None = None
    fields: dict[str, str | None] | None = None
    is_typed: bool = True

    @property
    def verb(self) -> tuple[str, str]:
        """The noun and verb it is about, as far as that is known without reading the line."""
        return (self.form.noun, self.form.verb) if self.form else ("", "")

    def told(self, line: Line) -> str:
        """The line the audit trail keeps."""
        if self.form is None:
            return line.text
        given = ((self.fields or {}).get(name) for name in ("title", "text", "reason", "name"))
        words = next((text for text in given if text), "")
        form = self.form
        return " ".join(filter(None, (form.noun, form.verb, form.subject, words)))


class Inbound(Base):
    """A request that changed something, with its answer."""

    __tablename__ = "inbound"

    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    reply: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class KeptLine(Base):
    """Typed text too long for a button to carry, kept so that nobody types it twice."""

    __tablename__ = "kept_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    team: Mapped[str]
    slack_id: Mapped[str]
    line: Mapped[str]


# Every change runs these two, so they are built once: built anew they cost four times as much.
_CLAIM = text(
    'INSERT INTO inbound ("key", at) VALUES (:key, :at) ON CONFLICT DO NOTHING RETURNING "key"'
).bindparams(bindparam("at", type_=UtcDateTime))
_TABLE = Base.metadata.tables[Inbound.__tablename__]
_KEEP = update(_TABLE).where(_TABLE.c.key == bindparam("request")).values(reply=bindparam("answer"))


def claim(session: Session, key: str, now: datetime) -> bool:
    """Take *key*; False if the request was done before. Waits for one that is being done."""
    return session.scalar(_CLAIM, {"key": key, "at": now}) is not None


def keep_answer(session: Session, key: str, message: Message) -> None:
    """Remember what was answered to the request *key*."""
    session.execute(_KEEP, {"request": key, "answer": message.as_payload()})


def answer_to(session: Session, key: str) -> Message | None:
    """What was answered to the request *key*."""
    stored = session.scalar(select(Inbound.reply).where(Inbound.key == key))
    return Message(**stored) if stored is not None else None


def keep_line(session: Session, request: Request, now: datetime) -> str:
    """Keep the typed line; the answer stands for it in a button."""
    kept = KeptLine(at=now, team=request.team, slack_id=request.user, line=request.line)
    session.add(kept)
    session.flush()
    return f"kept {kept.id}"


def kept_line(session: Session, number: int, team: str, user: str) -> str | None:
    """The line *user* typed that is kept under *number*."""
    return session.scalar(
        select(KeptLine.line).where(
            KeptLine.id == number, KeptLine.team == team, KeptLine.slack_id == user
        )
    )
