"""The states a paper passes through, and those of its production (decision 12)."""

from __future__ import annotations

from enum import StrEnum


class PaperState(StrEnum):
    """Where a paper stands. Only an issued paper counts; a void one keeps its number."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ISSUED = "issued"
    VOID = "void"

    @property
    def label(self) -> str:
        return {"draft": "草稿", "submitted": "待审签", "issued": "已签发", "void": "作废"}[self.value]


class Production(StrEnum):
    """Whether the PDF of a paper exists."""

    NONE = "none"
    WAITING = "waiting"
    READY = "ready"
    NEEDS_PERSON = "needs_person"

    @property
    def label(self) -> str:
        return {"none": "未制作", "waiting": "制作中", "ready": "已制成", "needs_person": "需人工处理"}[self.value]


class ScanRole(StrEnum):
    """What a scan that comes back shows."""

    STAMPED = "stamped"
    RECEIPT = "receipt"
    SIGNED_RECORD = "signed_record"
    PROOF = "proof"
    ORIGINAL = "original"
    APPROVAL = "approval"

    @property
    def label(self) -> str:
        return {"stamped": "盖章件扫描", "receipt": "回证扫描", "signed_record": "签名笔录扫描",
                "proof": "送达照片、录像截图", "original": "纸质原件扫描", "approval": "发文稿纸扫描"}[self.value]


ON_PAPER = "paper"
"""Origin of a paper that was done on paper and entered afterwards (补录)."""
SEALED_ON_PAPER = frozenset({ScanRole.STAMPED, ScanRole.ORIGINAL})
"""Scans of which each shows an issued paper as it left the office."""
SIGNED_ON_PAPER = frozenset({ScanRole.SIGNED_RECORD, ScanRole.ORIGINAL})
"""Scans of which each shows a record as it was signed."""
