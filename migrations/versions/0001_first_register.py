"""The register as the first version keeps it."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("audit",
    sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
    sa.Column("at", sa.DateTime(), nullable=False),
    sa.Column("account_id", sa.Integer(), nullable=True),
    sa.Column("verb", sa.String(length=40), nullable=False),
    sa.Column("noun", sa.String(length=20), nullable=False),
    sa.Column("subject_id", sa.Integer(), nullable=False),
    sa.Column("case_id", sa.Integer(), nullable=True),
    sa.Column("detail", sa.JSON(), nullable=False),
    sa.Column("previous", sa.String(length=64), nullable=False),
    sa.Column("digest", sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    sa.UniqueConstraint("digest", name=op.f("uq_audit_digest")),
    sa.UniqueConstraint("previous", name=op.f("uq_audit_previous"))
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_subject_id"), ["subject_id"], unique=False)

    op.create_table("counters",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("organ", sa.String(length=40), nullable=False),
    sa.Column("series", sa.String(length=40), nullable=False),
    sa.Column("year", sa.Integer(), nullable=False),
    sa.Column("next", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_counters")),
    sa.UniqueConstraint("organ", "series", "year", name=op.f("uq_counters_organ_series_year"))
    )
    op.create_table("jobs",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("kind", sa.String(length=40), nullable=False),
    sa.Column("subject_id", sa.Integer(), nullable=False),
    sa.Column("state", sa.String(length=12), nullable=False),
    sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
    sa.Column("due_at", sa.DateTime(), nullable=False),
    sa.Column("lease_until", sa.DateTime(), nullable=True),
    sa.Column("problem", sa.Text(), server_default="", nullable=False),
    sa.Column("made_at", sa.DateTime(), nullable=False),
    sa.Column("done_at", sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs"))
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_jobs_state"), ["state"], unique=False)

    op.create_table("offices",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("code", sa.String(length=24), nullable=False),
    sa.Column("path", sa.String(length=200), nullable=False),
    sa.Column("level", sa.String(length=12), nullable=False),
    sa.Column("name", sa.String(length=100), nullable=False),
    sa.Column("full_name", sa.String(length=120), nullable=False),
    sa.Column("area_name", sa.String(length=60), nullable=False),
    sa.Column("organ_code", sa.String(length=20), server_default="", nullable=False),
    sa.Column("contact", sa.String(length=60), server_default="", nullable=False),
    sa.Column("phone", sa.String(length=40), server_default="", nullable=False),
    sa.Column("is_street", sa.Boolean(), server_default="0", nullable=False),
    sa.Column("seal_sha", sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_offices")),
    sa.UniqueConstraint("code", name=op.f("uq_offices_code")),
    sa.UniqueConstraint("path", name=op.f("uq_offices_path"))
    )
    op.create_table("workday_years",
    sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint("year", name=op.f("pk_workday_years"))
    )
    op.create_table("workdays",
    sa.Column("day", sa.Date(), nullable=False),
    sa.Column("kind", sa.String(length=4), nullable=False),
    sa.Column("name", sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint("day", name=op.f("pk_workdays"))
    )
    op.create_table("accounts",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("login", sa.String(length=60), nullable=False),
    sa.Column("name", sa.String(length=60), nullable=False),
    sa.Column("office_id", sa.Integer(), nullable=False),
    sa.Column("password_hash", sa.String(length=200), nullable=False),
    sa.Column("roles", sa.JSON(), nullable=False),
    sa.Column("cert_no", sa.String(length=40), server_default="", nullable=False),
    sa.Column("enabled", sa.Boolean(), server_default="1", nullable=False),
    sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
    sa.Column("locked_until", sa.DateTime(), nullable=True),
    sa.Column("created_at", sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_accounts_office_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
    sa.UniqueConstraint("login", name=op.f("uq_accounts_login"))
    )
    op.create_table("students",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("public_id", sa.String(length=32), nullable=False),
    sa.Column("name", sa.String(length=60), nullable=False),
    sa.Column("sex", sa.String(length=1), nullable=False),
    sa.Column("id_number", sa.String(length=18), nullable=False),
    sa.Column("birth_date", sa.Date(), nullable=False),
    sa.Column("student_status_no", sa.String(length=19), nullable=False),
    sa.Column("school_id", sa.Integer(), nullable=False),
    sa.Column("grade", sa.Integer(), nullable=False),
    sa.Column("class_name", sa.String(length=30), nullable=False),
    sa.Column("hukou_address", sa.String(length=100), nullable=False),
    sa.Column("home_address", sa.String(length=100), nullable=False),
    sa.Column("township_id", sa.Integer(), nullable=False),
    sa.Column("village", sa.String(length=40), nullable=False),
    sa.Column("caregiver", sa.String(length=60), server_default="", nullable=False),
    sa.Column("created_at", sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(["school_id"], ["offices.id"], name=op.f("fk_students_school_id")),
    sa.ForeignKeyConstraint(["township_id"], ["offices.id"], name=op.f("fk_students_township_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_students")),
    sa.UniqueConstraint("public_id", name=op.f("uq_students_public_id"))
    )
    with op.batch_alter_table("students", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_students_id_number"), ["id_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_students_school_id"), ["school_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_students_township_id"), ["township_id"], unique=False)

    op.create_table("cases",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("public_id", sa.String(length=32), nullable=False),
    sa.Column("case_no", sa.String(length=40), nullable=False),
    sa.Column("student_id", sa.Integer(), nullable=False),
    sa.Column("cycle", sa.Integer(), server_default="1", nullable=False),
    sa.Column("school_id", sa.Integer(), nullable=False),
    sa.Column("school_path", sa.String(length=200), nullable=False),
    sa.Column("township_id", sa.Integer(), nullable=False),
    sa.Column("township_path", sa.String(length=200), nullable=False),
    sa.Column("first_absent_on", sa.Date(), nullable=False),
    sa.Column("reason_code", sa.String(length=1), nullable=False),
    sa.Column("returned_on", sa.Date(), nullable=True),
    sa.Column("present", sa.Boolean(), nullable=True),
    sa.Column("opened_by", sa.Integer(), nullable=False),
    sa.Column("opened_at", sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(["opened_by"], ["accounts.id"], name=op.f("fk_cases_opened_by")),
    sa.ForeignKeyConstraint(["school_id"], ["offices.id"], name=op.f("fk_cases_school_id")),
    sa.ForeignKeyConstraint(["student_id"], ["students.id"], name=op.f("fk_cases_student_id")),
    sa.ForeignKeyConstraint(["township_id"], ["offices.id"], name=op.f("fk_cases_township_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    sa.UniqueConstraint("case_no", name=op.f("uq_cases_case_no")),
    sa.UniqueConstraint("public_id", name=op.f("uq_cases_public_id")),
    sa.UniqueConstraint("student_id", "cycle", name=op.f("uq_cases_student_id_cycle"))
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cases_school_path"), ["school_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_student_id"), ["student_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_township_path"), ["township_path"], unique=False)

    op.create_table("guardians",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("student_id", sa.Integer(), nullable=False),
    sa.Column("position", sa.Integer(), nullable=False),
    sa.Column("name", sa.String(length=60), nullable=False),
    sa.Column("relation", sa.String(length=20), nullable=False),
    sa.Column("id_number", sa.String(length=18), nullable=False),
    sa.Column("phone", sa.String(length=20), nullable=False),
    sa.Column("address", sa.String(length=100), nullable=False),
    sa.ForeignKeyConstraint(["student_id"], ["students.id"], name=op.f("fk_guardians_student_id"), ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_guardians"))
    )
    with op.batch_alter_table("guardians", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guardians_student_id"), ["student_id"], unique=False)

    op.create_table("sessions",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("token_hash", sa.String(length=64), nullable=False),
    sa.Column("account_id", sa.Integer(), nullable=False),
    sa.Column("created_at", sa.DateTime(), nullable=False),
    sa.Column("expires_at", sa.DateTime(), nullable=False),
    sa.Column("ended_at", sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash"))
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_account_id"), ["account_id"], unique=False)

    op.create_table("case_steps",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("case_id", sa.Integer(), nullable=False),
    sa.Column("step", sa.String(length=12), nullable=False),
    sa.Column("done_on", sa.Date(), nullable=False),
    sa.Column("entered_at", sa.DateTime(), nullable=False),
    sa.Column("entered_by", sa.Integer(), nullable=False),
    sa.Column("paper_id", sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_steps_case_id")),
    sa.ForeignKeyConstraint(["entered_by"], ["accounts.id"], name=op.f("fk_case_steps_entered_by")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_case_steps")),
    sa.UniqueConstraint("case_id", "step", name=op.f("uq_case_steps_case_id_step"))
    )
    op.create_table("packets",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("public_id", sa.String(length=32), nullable=False),
    sa.Column("code", sa.String(length=40), nullable=False),
    sa.Column("case_id", sa.Integer(), nullable=False),
    sa.Column("office_id", sa.Integer(), nullable=False),
    sa.Column("title", sa.String(length=60), nullable=False),
    sa.Column("contents", sa.JSON(), nullable=False),
    sa.Column("made_by", sa.Integer(), nullable=False),
    sa.Column("made_at", sa.DateTime(), nullable=False),
    sa.Column("production", sa.String(length=12), nullable=False),
    sa.Column("problem", sa.Text(), server_default="", nullable=False),
    sa.Column("pdf_sha", sa.String(length=64), nullable=True),
    sa.Column("pages", sa.Integer(), nullable=True),
    sa.Column("signed_at", sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_packets_case_id")),
    sa.ForeignKeyConstraint(["made_by"], ["accounts.id"], name=op.f("fk_packets_made_by")),
    sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_packets_office_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_packets")),
    sa.UniqueConstraint("code", name=op.f("uq_packets_code")),
    sa.UniqueConstraint("public_id", name=op.f("uq_packets_public_id"))
    )
    with op.batch_alter_table("packets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_packets_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_packets_pdf_sha"), ["pdf_sha"], unique=False)

    op.create_table("papers",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("public_id", sa.String(length=32), nullable=False),
    sa.Column("kind", sa.String(length=40), nullable=False),
    sa.Column("title", sa.String(length=60), nullable=False),
    sa.Column("case_id", sa.Integer(), nullable=False),
    sa.Column("office_id", sa.Integer(), nullable=False),
    sa.Column("follows_id", sa.Integer(), nullable=True),
    sa.Column("state", sa.String(length=12), nullable=False),
    sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    sa.Column("typed", sa.JSON(), nullable=False),
    sa.Column("frozen", sa.JSON(), nullable=True),
    sa.Column("printed", sa.JSON(), nullable=True),
    sa.Column("template_sha", sa.String(length=64), server_default="", nullable=False),
    sa.Column("drafter_id", sa.Integer(), nullable=False),
    sa.Column("drafted_at", sa.DateTime(), nullable=False),
    sa.Column("submitted_at", sa.DateTime(), nullable=True),
    sa.Column("returned_note", sa.Text(), server_default="", nullable=False),
    sa.Column("approver_id", sa.Integer(), nullable=True),
    sa.Column("approved_at", sa.DateTime(), nullable=True),
    sa.Column("issue_date", sa.Date(), nullable=True),
    sa.Column("organ", sa.String(length=20), nullable=True),
    sa.Column("series", sa.String(length=20), nullable=True),
    sa.Column("year", sa.Integer(), nullable=True),
    sa.Column("seq", sa.Integer(), nullable=True),
    sa.Column("doc_no", sa.String(length=60), server_default="", nullable=False),
    sa.Column("production", sa.String(length=12), server_default="none", nullable=False),
    sa.Column("problem", sa.Text(), server_default="", nullable=False),
    sa.Column("docx_sha", sa.String(length=64), nullable=True),
    sa.Column("pdf_sha", sa.String(length=64), nullable=True),
    sa.Column("pages", sa.Integer(), nullable=True),
    sa.Column("void_reason", sa.String(length=300), server_default="", nullable=False),
    sa.Column("voided_by", sa.Integer(), nullable=True),
    sa.Column("voided_at", sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(["approver_id"], ["accounts.id"], name=op.f("fk_papers_approver_id")),
    sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_papers_case_id")),
    sa.ForeignKeyConstraint(["drafter_id"], ["accounts.id"], name=op.f("fk_papers_drafter_id")),
    sa.ForeignKeyConstraint(["follows_id"], ["papers.id"], name=op.f("fk_papers_follows_id")),
    sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_papers_office_id")),
    sa.ForeignKeyConstraint(["voided_by"], ["accounts.id"], name=op.f("fk_papers_voided_by")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
    sa.UniqueConstraint("organ", "series", "year", "seq", name=op.f("uq_papers_organ_series_year_seq")),
    sa.UniqueConstraint("public_id", name=op.f("uq_papers_public_id"))
    )
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_papers_case_id"), ["case_id"], unique=False)

    op.create_table("scans",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("public_id", sa.String(length=32), nullable=False),
    sa.Column("paper_id", sa.Integer(), nullable=False),
    sa.Column("role", sa.String(length=20), nullable=False),
    sa.Column("original_name", sa.String(length=255), nullable=False),
    sa.Column("original_sha", sa.String(length=64), nullable=False),
    sa.Column("pdf_sha", sa.String(length=64), nullable=False),
    sa.Column("pages", sa.Integer(), nullable=False),
    sa.Column("entered_at", sa.DateTime(), nullable=False),
    sa.Column("entered_by", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["entered_by"], ["accounts.id"], name=op.f("fk_scans_entered_by")),
    sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_scans_paper_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_scans")),
    sa.UniqueConstraint("public_id", name=op.f("uq_scans_public_id"))
    )
    with op.batch_alter_table("scans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scans_paper_id"), ["paper_id"], unique=False)

    op.create_table("services",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("paper_id", sa.Integer(), nullable=False),
    sa.Column("guardian_id", sa.Integer(), nullable=False),
    sa.Column("addressee", sa.String(length=60), nullable=False),
    sa.Column("mode", sa.String(length=20), nullable=False),
    sa.Column("served_at", sa.DateTime(), nullable=False),
    sa.Column("effective_on", sa.Date(), nullable=False),
    sa.Column("deadline", sa.Date(), nullable=True),
    sa.Column("details", sa.JSON(), nullable=False),
    sa.Column("entered_at", sa.DateTime(), nullable=False),
    sa.Column("entered_by", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["entered_by"], ["accounts.id"], name=op.f("fk_services_entered_by")),
    sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_services_paper_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
    sa.UniqueConstraint("paper_id", "guardian_id", name=op.f("uq_services_paper_id_guardian_id"))
    )
