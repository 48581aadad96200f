"""calendars"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "mail_address",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_mail_address")),
    )
    op.create_table(
        "received_mail",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_understood", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_received_mail")),
    )
    with op.batch_alter_table("received_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_received_mail_read_at"), ["read_at"], unique=False)

    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("milestones", sa.Boolean(), nullable=False),
        sa.Column("actions", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown", sa.String(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_calendar_feed_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_feed_digest")),
        sa.UniqueConstraint("person_id", "project_id", name=op.f("uq_calendar_feed_person_id")),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index(
            "uq_calendar_feed_mine",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("project_id IS NULL"),
            postgresql_where=sa.text("project_id IS NULL"),
        )

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

    op.create_table(
        "calendar_edition",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["calendar_event.id"],
            name=op.f("fk_calendar_edition_event_id_calendar_event"),
        ),
        sa.PrimaryKeyConstraint("event_id", "sequence", name=op.f("pk_calendar_edition")),
    )
    op.create_table(
        "minutes_copy",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_minutes_copy_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "address", name=op.f("pk_minutes_copy")),
    )
    op.create_table(
        "minutes_round",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_minutes_round_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_minutes_round")),
    )
    with op.batch_alter_table("minutes_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_minutes_round_due_at"), ["due_at"], unique=False)

    op.create_table(
        "outsider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("was_there", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_outsider_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outsider")),
        sa.UniqueConstraint("meeting_id", "address", name=op.f("uq_outsider_meeting_id")),
    )
    op.create_table(
        "series_rsvp",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("invitee_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("coming", sa.String(length=20), nullable=False),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_series_rsvp_by_id_person")),
        sa.ForeignKeyConstraint(
            ["invitee_id"], ["invitee.id"], name=op.f("fk_series_rsvp_invitee_id_invitee")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_series_rsvp_series_id_series")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_rsvp")),
    )
    with op.batch_alter_table("series_rsvp", schema=None) as batch_op:
        batch_op.create_index("ix_series_rsvp_invitee_id_uid", ["invitee_id", "uid"], unique=False)
        batch_op.create_index(batch_op.f("ix_series_rsvp_series_id"), ["series_id"], unique=False)

    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_heard", sa.Boolean(), server_default=sa.text("(true)"), nullable=False)
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

    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("left_out", sa.Boolean(), server_default=sa.text("(false)"), nullable=False)
        )
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("rsvp", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("sequence", sa.Integer(), server_default=sa.text("0"), nullable=False)
        )
        batch_op.add_column(sa.Column("by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_rsvp_by_id_person"), "person", ["by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("rsvp", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_rsvp_by_id_person"), type_="foreignkey")
        batch_op.drop_column("by_id")
        batch_op.drop_column("sequence")

    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_column("asked_at")
        batch_op.drop_column("left_out")

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_delivery_due",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(
            batch_op.f("ix_delivery_due"),
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_column("medium")

    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_column("is_heard")

    with op.batch_alter_table("series_rsvp", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_series_rsvp_series_id"))
        batch_op.drop_index("ix_series_rsvp_invitee_id_uid")

    op.drop_table("series_rsvp")
    op.drop_table("outsider")
    with op.batch_alter_table("minutes_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_minutes_round_due_at"))

    op.drop_table("minutes_round")
    op.drop_table("minutes_copy")
    op.drop_table("calendar_edition")
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
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_calendar_feed_mine",
            sqlite_where=sa.text("project_id IS NULL"),
            postgresql_where=sa.text("project_id IS NULL"),
        )

    op.drop_table("calendar_feed")
    with op.batch_alter_table("received_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_received_mail_read_at"))

    op.drop_table("received_mail")
    op.drop_table("mail_address")
