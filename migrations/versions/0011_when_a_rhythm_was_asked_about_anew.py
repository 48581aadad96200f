"""when a rhythm was asked about anew"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

RULES = ("series", "earlier_rule")


def upgrade() -> None:
    for table in RULES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table in RULES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("asked_at")
