"""School vacations; who wrote a paper's draft; the party whose receipt a receipt is."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vacations",
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("first", name=op.f("pk_vacations")),
    )
    # said to both databases alike, as in 0002
    op.execute("ALTER TABLE papers ADD COLUMN editors JSON NOT NULL DEFAULT '[]'")
    op.execute("ALTER TABLE papers ADD COLUMN guardian_id INTEGER")
