"""The sheet on which a leader signs by hand (发文稿纸): 《党政机关公文处理工作条例》第二十二条 (意见、姓名、日期)."""

from __future__ import annotations

from app.law.offices import Level
from app.papers.catalogue.common import CONFIG, CONTACT, LEDGER, ORGAN
from app.papers.kinds import Day, Group, Life, Paper, PersonName, Text, Whole

APPROVAL_SLIP = Paper(
    kind="approval_slip",
    title="发文稿纸",
    basis="《党政机关公文处理工作条例》第二十二条",
    life=Life.SLIP,
    issuers=(Level.SCHOOL, Level.TOWNSHIP, Level.COUNTY),
    page_limit=1,
    help="领导在纸上签发的，送审后打印，签好扫描，由起草人以外的人登记；不编号，不单独起草。",
    groups=(
        Group(title="文稿", fields=(
            *ORGAN,
            Text(name="slip_title", label="标题", source=LEDGER, max_length=40),
            Text(name="slip_to", label="主送", source=LEDGER, max_length=120),
            Text(name="slip_enclosed", label="附件", source=LEDGER, max_length=30),
            Text(name="doc_no", label="文号", source=CONFIG, required=False, max_length=40,
                 when_empty="（签发时编号）"),
            Day(name="issue_date", label="成文日期", source=CONFIG),
            Whole(name="slip_pages", label="正文页数", source=LEDGER, least=1, unit="页"),
            Text(name="slip_code", label="稿本号", source=LEDGER, max_length=12),
        )),
        Group(title="拟稿", fields=(
            PersonName(name="slip_drafter", label="拟稿人", source=LEDGER),
            Day(name="slip_sent", label="送审日期", source=LEDGER),
            *(field for field in CONTACT if field.name == "phone"),
        )),
    ),
)
