"""What fails in a round is explained as in a test."""

import pytest

pytest.register_assert_rewrite("tests.kills.rounds", "tests.kills.town")
