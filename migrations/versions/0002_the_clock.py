"""the clock"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "gate",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_gate")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("doubted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("readable_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "occurrence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("delivery_key", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
        sa.UniqueConstraint("job", "subject_id", "period", name=op.f("uq_occurrence_job")),
    )
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.create_index(
            "ix_occurrence_planned", ["job", "subject_id", "planned_at"], unique=False
        )

    op.create_table(
        "schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("job", "subject_id", name=op.f("uq_schedule_job")),
    )
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.create_index("ix_schedule_next", ["job", "next_at"], unique=False)

    op.create_table(
        "job_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_job_setting_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_setting")),
        sa.UniqueConstraint("project_id", "job", name=op.f("uq_job_setting_project_id")),
    )
    op.create_table(
        "milestone",
        sa.Column("baseline", sa.Date(), nullable=True),
        sa.Column("actual", sa.Date(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["person.id"], name=op.f("fk_milestone_opened_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_milestone_owner_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_milestone_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_milestone_project_id")),
    )
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.create_index(
            "ix_milestone_due",
            ["due"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index("ix_milestone_owner", ["owner_id"], unique=False)

    op.create_table(
        "preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest_at", sa.String(), nullable=True),
        sa.Column("quiet_from", sa.String(), nullable=True),
        sa.Column("quiet_until", sa.String(), nullable=True),
        sa.Column("away_from", sa.Date(), nullable=True),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.Column("muted", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_preference_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preference")),
        sa.UniqueConstraint("person_id", name=op.f("uq_preference_person_id")),
    )
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overall", sa.String(length=20), nullable=True),
        sa.Column("actions_open", sa.Integer(), nullable=False),
        sa.Column("actions_overdue", sa.Integer(), nullable=False),
        sa.Column("issues_open", sa.Integer(), nullable=False),
        sa.Column("issues_overdue", sa.Integer(), nullable=False),
        sa.Column("risks_open", sa.Integer(), nullable=False),
        sa.Column("risks_high", sa.Integer(), nullable=False),
        sa.Column("exposure", sa.Integer(), nullable=False),
        sa.Column("milestones_open", sa.Integer(), nullable=False),
        sa.Column("milestones_late", sa.Integer(), nullable=False),
        sa.Column("slip", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_snapshot_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("project_id", "period", name=op.f("uq_snapshot_project_id")),
    )
    op.create_table(
        "snooze",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_snooze_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snooze")),
        sa.UniqueConstraint("person_id", "kind", "object_id", name=op.f("uq_snooze_person_id")),
    )
    op.create_table(
        "escalation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("delivery_key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["action.id"], name=op.f("fk_escalation_action_id_action")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_escalation_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint(
            "action_id", "role", "delivery_key", name=op.f("uq_escalation_action_id")
        ),
    )
    op.create_table(
        "milestone_forecast",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("was", sa.Date(), nullable=True),
        sa.Column("forecast", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_milestone_forecast_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["milestone_id"],
            ["milestone.id"],
            name=op.f("fk_milestone_forecast_milestone_id_milestone"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_milestone_forecast_proposed_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_forecast")),
    )
    with op.batch_alter_table("milestone_forecast", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_milestone_forecast_milestone_id"), ["milestone_id"], unique=False
        )

    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("was", sa.Date(), nullable=True),
        sa.Column("forecast", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_proposal_decided_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["milestone.id"], name=op.f("fk_proposal_milestone_id_milestone")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_proposal_project_id_project")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_proposal_proposed_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_proposal_project_id")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proposal_milestone_id"), ["milestone_id"], unique=False
        )

    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.add_column(sa.Column("given_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("useless_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("unsure_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reads", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("forget_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "is_forgotten", sa.Boolean(), server_default=sa.text("(false)"), nullable=False
            )
        )
        batch_op.drop_index(
            batch_op.f("ix_delivery_waiting"), sqlite_where=sa.text("state = 'waiting'")
        )
        batch_op.create_index(
            "ix_delivery_dead",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'dead'"),
            postgresql_where=sa.text("state = 'dead'"),
        )
        batch_op.create_index(
            "ix_delivery_due",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(
            "ix_delivery_forget",
            ["forget_at"],
            unique=False,
            sqlite_where=sa.text("forget_at IS NOT NULL"),
            postgresql_where=sa.text("forget_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_delivery_held",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'held'"),
            postgresql_where=sa.text("state = 'held'"),
        )
        batch_op.create_index(
            "ix_delivery_parent",
            ["parent_id"],
            unique=False,
            sqlite_where=sa.text("parent_id IS NOT NULL"),
            postgresql_where=sa.text("parent_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_delivery_tried",
            ["channel"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting' AND tried_at IS NOT NULL"),
            postgresql_where=sa.text("state = 'waiting' AND tried_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_delivery_useless",
            ["useless_at"],
            unique=False,
            sqlite_where=sa.text("ts IS NULL"),
            postgresql_where=sa.text("ts IS NULL"),
        )

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("stand", sa.String(), nullable=True))
        batch_op.add_column(
            sa.Column("is_settled", sa.Boolean(), server_default=sa.text("(false)"), nullable=False)
        )
        batch_op.add_column(
            sa.Column("is_heading", sa.Boolean(), server_default=sa.text("(false)"), nullable=False)
        )
        batch_op.add_column(sa.Column("project_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("other_project_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_notice_other_project_id_project"),
            "project",
            ["other_project_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_notice_project_id_project"), "project", ["project_id"], ["id"]
        )

    with op.batch_alter_table("risk", schema=None) as batch_op:
        batch_op.add_column(sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("escalated_because", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("risk", schema=None) as batch_op:
        batch_op.drop_column("escalated_because")
        batch_op.drop_column("escalated_at")

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_notice_project_id_project"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("fk_notice_other_project_id_project"), type_="foreignkey"
        )
        batch_op.drop_column("other_project_id")
        batch_op.drop_column("project_id")
        batch_op.drop_column("is_heading")
        batch_op.drop_column("is_settled")
        batch_op.drop_column("stand")
        batch_op.drop_column("asked")

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_delivery_useless",
            sqlite_where=sa.text("ts IS NULL"),
            postgresql_where=sa.text("ts IS NULL"),
        )
        batch_op.drop_index(
            "ix_delivery_tried",
            sqlite_where=sa.text("state = 'waiting' AND tried_at IS NOT NULL"),
            postgresql_where=sa.text("state = 'waiting' AND tried_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_delivery_parent",
            sqlite_where=sa.text("parent_id IS NOT NULL"),
            postgresql_where=sa.text("parent_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_delivery_held",
            sqlite_where=sa.text("state = 'held'"),
            postgresql_where=sa.text("state = 'held'"),
        )
        batch_op.drop_index(
            "ix_delivery_forget",
            sqlite_where=sa.text("forget_at IS NOT NULL"),
            postgresql_where=sa.text("forget_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_delivery_due",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(
            "ix_delivery_dead",
            sqlite_where=sa.text("state = 'dead'"),
            postgresql_where=sa.text("state = 'dead'"),
        )
        batch_op.create_index(
            batch_op.f("ix_delivery_waiting"),
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_column("is_forgotten")
        batch_op.drop_column("forget_at")
        batch_op.drop_column("reads")
        batch_op.drop_column("unsure_at")
        batch_op.drop_column("useless_at")

    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.drop_column("given_at")

    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_milestone_id"))

    op.drop_table("proposal")
    with op.batch_alter_table("milestone_forecast", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestone_forecast_milestone_id"))

    op.drop_table("milestone_forecast")
    op.drop_table("escalation")
    op.drop_table("snooze")
    op.drop_table("snapshot")
    op.drop_table("preference")
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_index("ix_milestone_owner")
        batch_op.drop_index(
            "ix_milestone_due",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.drop_table("milestone")
    op.drop_table("job_setting")
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.drop_index("ix_schedule_next")

    op.drop_table("schedule")
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.drop_index("ix_occurrence_planned")

    op.drop_table("occurrence")
    op.drop_table("installation")
    op.drop_table("gate")
