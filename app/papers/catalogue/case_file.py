"""Papers that prove service and hold the file together: 《民事诉讼法》第八十七条至第九十五条 by analogy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from app.law.offices import Level
from app.law.service import Mode
from app.law.steps import Step
from app.papers.catalogue.common import (
    CASE_NO,
    GUARDIANS,
    LEDGER,
    ORGAN,
    TO_BE_NUMBERED,
    day,
    guardian_list,
    guardian_names,
    named,
    rows,
)
from app.papers.kinds import (
    Choice,
    Day,
    Group,
    Life,
    Paper,
    PersonName,
    Rows,
    Text,
    Whole,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.law.lawbook import Lawbook
    from app.papers.kinds import Printable, Value, Values

RETENTION = {"permanent": "永久", "30": "30年", "10": "10年"}
MODES_IN_LINE = 4
REFUSED = "记明拒收事由和日期，由送达人、见证人签名后把文书留下，或者留下并拍照、录像"


def receipt_texts(_values: Values, lawbook: Lawbook) -> Mapping[str, Printable]:
    """What is printed for the server to tick, and how to fill the rest in by hand."""
    cite, modes = lawbook.statutes.cite, tuple(f"□{mode.label}" for mode in Mode)
    how = named(*(cite("民事诉讼法", article) for article in (87, 88, 89, 91)))
    notes = (
        "填写说明：1.每名监护人一份，本人不在的可由同住的成年家属签收，学生和教师不能代收。",
        f"2.在受送达人住所拒绝签收的，{REFUSED}。",
        f"3.时间写到分钟；邮寄的，以回执上注明的收件日期为送达日期；不得补签、倒签。（参照{how}）",
    )
    return {
        "modes": tuple({"text": "　".join(line)} for line in (modes[:MODES_IN_LINE], modes[MODES_IN_LINE:])),
        "notes": "".join(notes),
    }


def index_texts(values: Values, _lawbook: Lawbook) -> Mapping[str, Printable]:
    opened, closed = day(values, "opened_on"), day(values, "closed_on")
    return {
        "guardian_list": guardian_list(values),
        "case_title": f"{guardian_names(values)}未依法送子女入学接受义务教育案",
        "papers": tuple(
            {name: str(row[name] or "") for name in ("title", "doc_no", "page", "note")}
            | {"no": str(number), "date": _dotted(row["date"])}
            for number, row in enumerate(rows(values, "papers"), 1)),
        "period": f"{opened}立案，{closed}结案" if closed else f"{opened}立案",
    }


def _dotted(day: Value) -> str:
    """2026.9.18, as the narrow column of a 卷内目录 has it."""
    return f"{day.year}.{day.month}.{day.day}" if isinstance(day, date) else ""


SERVICE_RECEIPT = Paper(
    kind="service_receipt",
    title="送达回证",
    basis="参照《民事诉讼法》第八十七条至第九十五条",
    life=Life.RECEIPT,
    step=Step.SERVE,
    issuers=(Level.TOWNSHIP, Level.COUNTY),
    follows="rectification_order",
    page_limit=1,
    help="随被送达的文书打印，每名受送达人一份；空白处送达时手写，签名后扫描存卷。",
    groups=(
        Group(title="送达的文书", fields=(
            CASE_NO,
            *ORGAN,
            Text(name="served_title", label="文书名称", source=LEDGER, max_length=20),
            Text(name="served_no", label="文号", source=LEDGER, required=False,
                 when_empty=TO_BE_NUMBERED, max_length=40),
            Day(name="served_date", label="文书成文日期", source=LEDGER),
            PersonName(name="addressee", label="受送达人", source=LEDGER),
            Text(name="addressee_relation", label="与学生关系", source=LEDGER, max_length=10),
        )),
        Group(title="送达安排", fields=(
            Text(name="place", label="送达地点", required=False, max_length=40, hint="已知的可先填，也可送达时手写。"),
        )),
    ),
    derive=receipt_texts,
)

CASE_INDEX = Paper(
    kind="case_index",
    title="卷宗封面和卷内目录",
    basis="《办法》二（二）工作台账",
    life=Life.COMPILED,
    step=Step.FILE,
    done_on="filed_on",
    issuers=(Level.TOWNSHIP, Level.COUNTY),
    page_limit=30,
    help="立卷时编制；目录由系统按卷内文书排列，页次为全卷连续页码。",
    groups=(
        Group(title="案件", fields=(
            CASE_NO,
            PersonName(name="student_name", label="学生姓名", source=LEDGER, printed=False),
            replace(GUARDIANS, shown_in="guardian_list"),
            *ORGAN,
            Day(name="opened_on", label="立案日期", source=LEDGER, shown_in="period"),
            Day(name="closed_on", label="结案日期", source=LEDGER, required=False, shown_in="period"),
        )),
        Group(title="卷内文书", fields=(
            Rows(name="papers", label="卷内文书", source=LEDGER, row_label="件", most=200, columns=(
                Text(name="title", label="文书名称", max_length=60),
                Text(name="doc_no", label="文号", required=False, max_length=40),
                Day(name="date", label="日期", required=False),
                Text(name="page", label="页次", max_length=9),
                Text(name="note", label="备注", required=False, max_length=20),
            )),
            Whole(name="paper_count", label="卷内件数", source=LEDGER, least=1, unit="件"),
            Whole(name="page_count", label="总页数", source=LEDGER, least=1, unit="页"),
        )),
        Group(title="立卷", fields=(
            Text(name="outcome", label="办理结果", max_length=80,
                 example="学生已于2026年9月28日返校，稳定就读，予以结案。"),
            Choice(name="retention", label="保管期限", required=False, options=RETENTION,
                   hint="按本单位档案保管期限表；没有定的留空手写。"),
            PersonName(name="filed_by", label="立卷人", required=False),
            Day(name="filed_on", label="立卷日期"),
        )),
    ),
    derive=index_texts,
)
