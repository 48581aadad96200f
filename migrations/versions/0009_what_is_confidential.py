"""an entry that came of something confidential is known as such"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

REGISTERS = ("action", "decision", "issue", "milestone", "risk")

# What a line under a confidential item of an agenda became.
ENTRIES = """
    UPDATE {table} SET secret_of_id = (
        SELECT min(capture.meeting_id)
        FROM capture JOIN agenda_item ON agenda_item.id = capture.item_id
        WHERE capture.kind = '{table}' AND capture.object_id = {table}.id
        AND agenda_item.is_confidential
    )
"""


def upgrade() -> None:
    for table in REGISTERS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("secret_of_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_secret_of_id_meeting"), "meeting", ["secret_of_id"], ["id"]
            )
        op.execute(ENTRIES.format(table=table))


def downgrade() -> None:
    for table in REGISTERS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(
                batch_op.f(f"fk_{table}_secret_of_id_meeting"), type_="foreignkey"
            )
            batch_op.drop_column("secret_of_id")
