"""dates that wait for an answer"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

WAITS = sa.text("proposed IS NOT NULL AND closed_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_action_proposed",
        "action",
        ["project_id"],
        unique=False,
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )


def downgrade() -> None:
    op.drop_index(
        "ix_action_proposed", table_name="action", sqlite_where=WAITS, postgresql_where=WAITS
    )
