"""Hand out the ledger, or a part of it, as a workbook; full numbers only with a reason, every child written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.errors import Problem, Refused
from app.law import powers, reasons
from app.law.dropout import LAST_OF_PRIMARY
from app.law.identity import masked
from app.records import audit, batches, looks, rolls
from app.records.rolls import Wanted
from app.records.students import GRADUATED
from app.reports import ledger

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.records.students import Student

MOST = 50_000
SHORTEST_REASON = 5
HEADINGS = (("姓名", 14), ("性别", 6), ("出生日期", 12), ("身份证号", 22), ("学籍号", 23), ("学校", 24), ("年级", 6),
            ("班级", 10), ("乡镇（街道）", 16), ("村（社区）", 16), ("现住址", 30), ("户籍地址", 30),
            ("受托照护人", 12), ("监护人", 30), ("监护人身份证号", 30), ("监护人电话", 24), ("学籍状态", 10))


@dataclass(frozen=True)
class Asked:
    """Which pupils; whether with full numbers, and then why."""

    wanted: Wanted = field(default_factory=Wanted)
    revealed: bool = False
    reason: str = ""


def export_ledger(desk: Desk, actor: Actor, asked: Asked) -> bytes:
    """The workbook, once the export is written down: how many pupils, and of full numbers whose."""
    powers.require(actor, powers.Power.EXPORT_LEDGER)
    reason = ""
    if asked.revealed:
        powers.require(actor, powers.Power.REVEAL_ID)
        reason = _reason(asked)
    now = desk.clock.now()
    with desk.change() as db:
        pupils = rolls.page(db, actor, asked.wanted, 0, MOST + 1, parents=True)
        if len(pupils) > MOST:
            raise Refused(f"一次最多导出{MOST}人。", advice="请按学校或乡镇缩小范围后分次导出。")
        summary = {"pupils": len(pupils), "revealed": asked.revealed, "reason": reason}
        batch_id, _ = batches.add(db, kind=batches.EXPORT, office_id=actor.office_id, account_id=actor.account_id,
                                  made_at=now, done_at=now, summary=summary)
        looks.note(db, actor.account_id, [each.id for each in pupils], day=desk.clock.today(), now=now,
                   how=looks.REVEAL if asked.revealed else looks.EXPORT)
        audit.append(db, actor, "export_ledger", "batch", batch_id, now, pupils=len(pupils), revealed=asked.revealed,
                     students=[each.id for each in pupils] if asked.revealed else [])
    return ledger.workbook("学生台账", HEADINGS, [_row(each, revealed=asked.revealed) for each in pupils])


def _reason(asked: Asked) -> str:
    ask = f"导出完整证件号码要写明用途，至少{SHORTEST_REASON}个字。"
    try:
        return reasons.reason(asked.reason, ask, least=SHORTEST_REASON)
    except Refused as error:
        raise Refused(error.what, problems=(Problem("reason", error.what),)) from None


def _row(student: Student, *, revealed: bool) -> list[str]:
    def number(text: str) -> str:
        return text if revealed else masked(text)

    parents = student.guardians
    return [student.name, student.sex, student.birth_date.isoformat(), number(student.id_number),
            number(student.student_status_no), student.school, str(student.grade), student.class_name,
            student.township, student.village, student.home_address, student.hukou_address, student.caregiver,
            "；".join(f"{each.name}（{each.relation}）" for each in parents),
            "；".join(number(each.id_number) for each in parents), "；".join(each.phone for each in parents),
            _status(student)]


def _status(student: Student) -> str:
    """Who left a small school that ends before grade 6 has finished nothing yet."""
    if student.status != GRADUATED:
        return "在校"
    return "已毕业" if student.grade >= LAST_OF_PRIMARY else "转入上一级学校"
