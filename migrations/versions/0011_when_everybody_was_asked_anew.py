"""when everybody was asked anew, and how calendars know it until they are told"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

RULES = ("series", "earlier_rule")
ASKED = (*RULES, "meeting")

# What there is was answered to how the meeting is: other answers were dropped.
ANSWERS = """
    UPDATE rsvp SET asked_at = coalesce(
        (SELECT meeting.asked_at FROM meeting
        WHERE meeting.id = rsvp.meeting_id AND meeting.asked_at > rsvp.at), at
    )
"""


def upgrade() -> None:
    for table in ASKED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            if table in RULES:
                batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True)))
            batch_op.add_column(sa.Column("asked_before", sa.DateTime(timezone=True)))
            batch_op.add_column(sa.Column("told", sa.String()))
    with op.batch_alter_table("rsvp", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True)))
    op.execute(ANSWERS)
    with op.batch_alter_table("rsvp", schema=None) as batch_op:
        batch_op.alter_column("asked_at", nullable=False)


def downgrade() -> None:
    op.execute(
        """
        DELETE FROM rsvp WHERE asked_at < (
            SELECT meeting.asked_at FROM meeting WHERE meeting.id = rsvp.meeting_id
        )
        """
    )
    with op.batch_alter_table("rsvp", schema=None) as batch_op:
        batch_op.drop_column("asked_at")
    for table in ASKED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("told")
            batch_op.drop_column("asked_before")
            if table in RULES:
                batch_op.drop_column("asked_at")
