from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.law.offices import Level, Role

if TYPE_CHECKING:
    from enum import StrEnum


@pytest.mark.parametrize("kind", [Level, Role])
def test_every_level_and_role_has_a_label_of_its_own(kind: type[StrEnum]) -> None:
    assert len({each.label for each in kind}) == len(kind)
