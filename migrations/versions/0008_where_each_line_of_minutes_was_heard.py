"""where each line of minutes was heard"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

# What heads a meeting may stand elsewhere by now: what was written before it was in another thread.
THREADS = """
    INSERT INTO meeting_thread (meeting_id, channel, ts)
    SELECT meeting.id, delivery.sent_channel, delivery.ts
    FROM meeting JOIN delivery ON delivery.id = meeting.thread_id
    WHERE delivery.ts IS NOT NULL AND delivery.sent_channel IS NOT NULL
"""
LINES = """
    UPDATE capture SET thread_id = (
        SELECT meeting_thread.id FROM meeting_thread
        WHERE meeting_thread.meeting_id = capture.meeting_id AND meeting_thread.ts < capture.ts
    )
    WHERE stamp <> '-'
"""


def upgrade() -> None:
    op.create_table(
        "meeting_thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_thread_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_thread")),
        sa.UniqueConstraint("channel", "ts", "meeting_id", name=op.f("uq_meeting_thread_channel")),
    )
    with op.batch_alter_table("meeting_thread", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_meeting_thread_meeting_id"), ["meeting_id"], unique=False
        )

    with op.batch_alter_table("capture", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thread_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_capture_thread_id_meeting_thread"),
            "meeting_thread",
            ["thread_id"],
            ["id"],
        )
    op.execute(THREADS)
    op.execute(LINES)


def downgrade() -> None:
    with op.batch_alter_table("capture", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_capture_thread_id_meeting_thread"), type_="foreignkey"
        )
        batch_op.drop_column("thread_id")

    with op.batch_alter_table("meeting_thread", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_thread_meeting_id"))

    op.drop_table("meeting_thread")
