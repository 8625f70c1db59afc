"""Offices with classes and villages, second factor, imports with undo, late entries, seals, kept drafts, look log."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Columns are added by statements said to both databases alike: SQLite would otherwise copy the tables, which its
# foreign keys forbid with data in them.
COLUMNS = {
    "accounts": (
        "must_change BOOLEAN DEFAULT '0' NOT NULL",
        "totp_secret VARCHAR(200) DEFAULT '' NOT NULL",
        "totp_step INTEGER DEFAULT '0' NOT NULL",
    ),
    "sessions": ("proved BOOLEAN DEFAULT '1' NOT NULL",),
    "offices": (
        "closed BOOLEAN DEFAULT '0' NOT NULL",
        "typed_numbers BOOLEAN DEFAULT '0' NOT NULL",
    ),
    "students": (
        "pinyin VARCHAR(400) DEFAULT '' NOT NULL",
        "initials VARCHAR(60) DEFAULT '' NOT NULL",
        "status VARCHAR(12) DEFAULT 'enrolled' NOT NULL",
    ),
    "papers": (
        "origin VARCHAR(8) DEFAULT 'system' NOT NULL",
        "number_typed BOOLEAN DEFAULT '0' NOT NULL",
        "signed_by VARCHAR(60) DEFAULT '' NOT NULL",
        "consent_by INTEGER CONSTRAINT fk_papers_consent_by REFERENCES accounts (id)",
        "copied_from_id INTEGER CONSTRAINT fk_papers_copied_from_id REFERENCES papers (id)",
        "sealed_sha VARCHAR(64)",
        "saved_by INTEGER CONSTRAINT fk_papers_saved_by REFERENCES accounts (id)",
    ),
    "jobs": (
        "holder VARCHAR(160) DEFAULT '' NOT NULL",
        "crashes INTEGER DEFAULT '0' NOT NULL",
    ),
    "packets": (
        "void_reason VARCHAR(300) DEFAULT '' NOT NULL",
        "voided_by INTEGER CONSTRAINT fk_packets_voided_by REFERENCES accounts (id)",
    ),
    "scans": (
        "matched VARCHAR(12) DEFAULT '' NOT NULL",
        "note VARCHAR(300) DEFAULT '' NOT NULL",
    ),
}
INDEXES = (("students", "student_status_no"), ("students", "initials"))


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.execute("ALTER TABLE offices DROP COLUMN seal_sha")  # laid by one person alone: uploaded anew by two
    op.add_column("papers", sa.Column("consent_at", sa.DateTime(), nullable=True))
    op.add_column("packets", sa.Column("voided_at", sa.DateTime(), nullable=True))
    op.add_column("papers", sa.Column("saved_at", sa.DateTime(), nullable=True))
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    borne = sa.text("seq IS NOT NULL")
    op.create_index("ix_papers_number_borne_once", "papers", ["doc_no"], unique=True, sqlite_where=borne,
                    postgresql_where=borne)
    _places()
    _batches()
    _looks()
    _seals()
    _keeps()


def _places() -> None:
    op.create_table(
        "villages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["township_id"], ["offices.id"], name=op.f("fk_villages_township_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_villages")),
        sa.UniqueConstraint("township_id", "name", name=op.f("uq_villages_township_id_name")),
    )
    op.create_table(
        "classes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["offices.id"], name=op.f("fk_classes_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classes")),
        sa.UniqueConstraint("school_id", "grade", "name", name=op.f("uq_classes_school_id_grade_name")),
    )


def _batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("source_sha", sa.String(length=64), server_default="", nullable=False),
        sa.Column("source_name", sa.String(length=255), server_default="", nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_batches_office_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_batches_account_id")),
        sa.ForeignKeyConstraint(["undone_by"], ["accounts.id"], name=op.f("fk_batches_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("public_id", name=op.f("uq_batches_public_id")),
    )
    op.create_table(
        "batch_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.String(length=64), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_items_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_items")),
    )
    op.create_index(op.f("ix_batch_items_batch_id"), "batch_items", ["batch_id"])


def _looks() -> None:
    op.create_table(
        "looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("how", sa.String(length=8), server_default="page", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_looks_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_looks")),
        sa.UniqueConstraint("account_id", "student_id", "day", "how", name="uq_looks_first_of_day"),
    )
    op.create_index(op.f("ix_looks_student_id"), "looks", ["student_id"])


def _seals() -> None:
    op.create_table(
        "seals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("width_tenths", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("note", sa.String(length=300), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_seals_office_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["accounts.id"], name=op.f("fk_seals_uploaded_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_seals_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals")),
        sa.UniqueConstraint("public_id", name=op.f("uq_seals_public_id")),
    )
    op.create_index(op.f("ix_seals_office_id"), "seals", ["office_id"])
    op.create_table(
        "seal_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("seal_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.Column("packet_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("applied_at", sa.DateTime(), nullable=True),
        sa.Column("note", sa.String(length=300), server_default="", nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("x_tenths", sa.Integer(), nullable=True),
        sa.Column("y_tenths", sa.Integer(), nullable=True),
        sa.Column("before_sha", sa.String(length=64), server_default="", nullable=False),
        sa.Column("after_sha", sa.String(length=64), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["seal_id"], ["seals.id"], name=op.f("fk_seal_uses_seal_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_seal_uses_paper_id")),
        sa.ForeignKeyConstraint(["packet_id"], ["packets.id"], name=op.f("fk_seal_uses_packet_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["accounts.id"], name=op.f("fk_seal_uses_asked_by")),
        sa.ForeignKeyConstraint(["approved_by"], ["accounts.id"], name=op.f("fk_seal_uses_approved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_uses")),
        sa.UniqueConstraint("public_id", name=op.f("uq_seal_uses_public_id")),
    )
    op.create_index(op.f("ix_seal_uses_paper_id"), "seal_uses", ["paper_id"])


def _keeps() -> None:
    op.create_table(
        "draft_keeps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), server_default="1", nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_draft_keeps_paper_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_draft_keeps_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_keeps")),
        sa.UniqueConstraint("public_id", name=op.f("uq_draft_keeps_public_id")),
    )
    op.create_index(op.f("ix_draft_keeps_paper_id"), "draft_keeps", ["paper_id"])
    op.create_table(
        "once",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_once_account_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_once")),
    )
    op.create_index(op.f("ix_once_at"), "once", ["at"])
    op.create_table(
        "held_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_held_forms_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_forms")),
    )
    for column in ("browser", "account_id", "at"):
        op.create_index(op.f(f"ix_held_forms_{column}"), "held_forms", [column])
