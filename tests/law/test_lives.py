from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.law.lives import PaperState, Production, ScanRole

if TYPE_CHECKING:
    from enum import StrEnum


@pytest.mark.parametrize("kind", [PaperState, Production, ScanRole])
def test_every_state_has_a_label_of_its_own(kind: type[StrEnum]) -> None:
    assert len({each.label for each in kind}) == len(kind)
