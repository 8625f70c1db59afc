import pytest
from app.law.lives import PaperState, Production, ScanRole


@pytest.mark.parametrize("kind", [PaperState, Production, ScanRole])
def test_every_state_has_a_label_of_its_own(kind):
    assert len({each.label for each in kind}) == len(kind)
