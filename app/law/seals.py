"""Seals of offices and their use: sizes (国发〔1999〕25号), and the states a picture and a use pass through."""

from __future__ import annotations

from enum import StrEnum

from app.law.offices import Level

USUAL_WIDTH = {Level.CITY: 45.0, Level.COUNTY: 45.0, Level.TOWNSHIP: 42.0, Level.SCHOOL: 42.0}
"""Millimetres: 市、县政府 45, 乡镇政府 42; departments and schools 45 at most. Proposed, never imposed."""
SMALLEST, LARGEST = 38.0, 50.0
"""Millimetres of an office's round seal."""
SMALLEST_OTHER = 30.0
"""Of a special seal (专用章), which has to be said to be one."""


class SealState(StrEnum):
    """What became of a seal picture. At most one of an office is approved; no picture is ever removed."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    RETIRED = "retired"

    @property
    def label(self) -> str:
        return {"waiting": "待审批", "approved": "启用", "refused": "未批准", "retired": "已停用"}[self.value]


class UseState(StrEnum):
    """What became of a use that was asked for."""

    ASKED = "asked"
    APPROVED = "approved"
    APPLIED = "applied"
    REFUSED = "refused"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return {"asked": "待审批", "approved": "正在盖章", "applied": "已盖章", "refused": "未批准",
                "failed": "没有盖成"}[self.value]
