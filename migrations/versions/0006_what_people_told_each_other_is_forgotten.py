"""what people told each other is forgotten"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

KEPT = timedelta(days=400)
SAID_ONCE = ("remark:", "picture:", "file:", "rejected:", "paused:", "left:")
"""What the keys begin with of what is never said anew."""


def upgrade() -> None:
    delivery = sa.table(
        "delivery",
        sa.column("key", sa.String()),
        sa.column("person_id", sa.Integer()),
        sa.column("forget_at", sa.DateTime(timezone=True)),
    )
    is_passing = [delivery.c.key.startswith(stem, autoescape=True) for stem in SAID_ONCE]
    op.execute(
        sa.update(delivery)
        .where(
            delivery.c.forget_at.is_(None), sa.or_(delivery.c.person_id.is_not(None), *is_passing)
        )
        .values(forget_at=datetime.now(UTC) + KEPT)
    )


def downgrade() -> None:
    """Versions before forget what has a time to be forgotten, too."""
