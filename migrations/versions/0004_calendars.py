"""calendars"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "calendar_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("state", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("horizon", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_calendar_event_series_id_series")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_event")),
        sa.UniqueConstraint("uid", name=op.f("uq_calendar_event_uid")),
    )
    with op.batch_alter_table("calendar_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_event_horizon"), ["horizon"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_calendar_event_series_id"), ["series_id"], unique=False
        )

    op.create_table(
        "calendar_round",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_silent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_calendar_round_series_id_series")
        ),
        sa.PrimaryKeyConstraint("series_id", name=op.f("pk_calendar_round")),
    )
    with op.batch_alter_table("calendar_round", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_round_due", ["due_at"], unique=False)

    op.create_table(
        "calendar_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("invitee_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("holds", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["calendar_event.id"],
            name=op.f("fk_calendar_copy_event_id_calendar_event"),
        ),
        sa.ForeignKeyConstraint(
            ["invitee_id"], ["invitee.id"], name=op.f("fk_calendar_copy_invitee_id_invitee")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_copy")),
        sa.UniqueConstraint("event_id", "address", name=op.f("uq_calendar_copy_event_id")),
    )
    with op.batch_alter_table("calendar_copy", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_calendar_copy_invitee_id"), ["invitee_id"], unique=False
        )

    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("left_out", sa.Boolean(), server_default=sa.text("(false)"), nullable=False)
        )

    op.create_table(
        "mail_address",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_mail_address")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("medium", sa.String(length=20), server_default="slack", nullable=False)
        )
        batch_op.drop_index(
            batch_op.f("ix_delivery_due"), sqlite_where=sa.text("state = 'waiting'")
        )
        batch_op.create_index(
            "ix_delivery_due",
            ["medium", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_due", sqlite_where=sa.text("state = 'waiting'"))
        batch_op.create_index(
            batch_op.f("ix_delivery_due"),
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_column("medium")

    op.drop_table("mail_address")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_column("left_out")

    with op.batch_alter_table("calendar_copy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_copy_invitee_id"))

    op.drop_table("calendar_copy")
    with op.batch_alter_table("calendar_round", schema=None) as batch_op:
        batch_op.drop_index("ix_calendar_round_due")

    op.drop_table("calendar_round")
    with op.batch_alter_table("calendar_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_event_series_id"))
        batch_op.drop_index(batch_op.f("ix_calendar_event_horizon"))

    op.drop_table("calendar_event")
