"""Gates: what Slack asked us to leave alone for a while, told to all replicas by a table."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base


class Gate(Base):
    """Something that is not to be asked of Slack before *closed_until*, in machine time."""

    __tablename__ = "gate"

    name: Mapped[str] = mapped_column(primary_key=True)
    closed_until: Mapped[datetime]
    reason: Mapped[str]
