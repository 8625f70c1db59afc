"""Failed sign-ins are counted by name and address, so that a stranger elsewhere cannot lock an official out."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_failures",
        sa.Column("name_hash", sa.String(length=64), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(), nullable=True),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name_hash", "address_hash", name=op.f("pk_sign_in_failures")),
    )
    op.create_index(op.f("ix_sign_in_failures_last_at"), "sign_in_failures", ["last_at"])
    # said to both databases alike, as in 0002; a lock that stood is gone, it would have ended within minutes
    op.execute("ALTER TABLE accounts DROP COLUMN failures")
    op.execute("ALTER TABLE accounts DROP COLUMN locked_until")
