"""A paper knows who sent it to be approved: that person may not approve it either."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # said to both databases alike: SQLite would otherwise copy the table, which its foreign keys forbid with data in it
    op.execute("ALTER TABLE papers ADD COLUMN submitter_id INTEGER"
               " CONSTRAINT fk_papers_submitter_id REFERENCES accounts (id)")
    op.execute("UPDATE papers SET submitter_id = drafter_id WHERE submitted_at IS NOT NULL")
