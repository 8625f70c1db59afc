import pytest
from app.law.offices import Level, Role


@pytest.mark.parametrize("kind", [Level, Role])
def test_every_level_and_role_has_a_label_of_its_own(kind):
    assert len({each.label for each in kind}) == len(kind)
