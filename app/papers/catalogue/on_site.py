"""Records made where it happens: 《义务教育法》第五十八条; 《行政处罚法》第四十二条、第五十五条 by analogy."""

from __future__ import annotations

from dataclasses import replace

from app.law.offices import Level
from app.law.steps import Step
from app.papers.catalogue import record
from app.papers.catalogue.common import CASE_LISTED, CASE_OF_ONE, HEARD, LEDGER, OFFICERS, ORGAN
from app.papers.kinds import (
    Choice,
    Day,
    Flag,
    Group,
    Life,
    LongText,
    Moment,
    Paper,
    PersonName,
    Rows,
    Text,
)

CRITICISM_RECORD = Paper(
    kind="criticism_record",
    title="批评教育笔录",
    basis="《义务教育法》第五十八条；参照《行政处罚法》第四十二条、第五十五条",
    life=Life.RECORD,
    step=Step.ADMONISH,
    done_on="start_at",
    hears="person",
    late=("person",),
    late_rules=(record.late_hearing_problems,),
    issuers=(Level.TOWNSHIP, Level.COUNTY),
    page_limit=30,
    banned=frozenset({"record"}),
    help="两名执法人员当面进行，打印后逐页签名、捺印，扫描存卷；每名监护人各做一份。",
    groups=(
        Group(title="学生和监护人", fields=(*CASE_OF_ONE, replace(HEARD, printed=False), *ORGAN)),
        Group(title="时间、地点和人员", fields=(
            Moment(name="start_at", label="开始时间"),
            Moment(name="end_at", label="结束时间"),
            Text(name="place", label="地点", max_length=50, example="西吉县吉强镇人民政府二楼调解室"),
            OFFICERS,
            PersonName(name="recorder", label="记录人", hint="可以是其中一名执法人员。"),
            PersonName(name="person", label="被教育人", basis="《义务教育法》第五十八条；《民法典》第二十七条",
                       default=record.person_proposed, hint="学生的法定监护人，不能是学生本人或者受托照护人。"),
            Flag(name="id_checked", label="已核验被教育人身份证件", printed=False,
                 must="请先核验被教育人的身份证件，再勾选。"),
            Rows(name="attendees", label="在场人", required=False, row_label="人", most=6, columns=(
                PersonName(name="name", label="姓名"),
                Text(name="unit", label="单位、职务或者与学生关系", max_length=30, example="西吉县第二中学副校长"),
            )),
        )),
        Group(title="告知和询问", fields=(
            Flag(name="rights_told", label="已出示执法证件并告知权利", printed=False,
                 must="没有告知权利的，笔录不能成立，请先告知。", basis="参照《行政处罚法》第五十五条"),
            Text(name="rights_answer", label="对告知的回答", max_length=80, quoted=True,
                 hint="当面告知以后，按本人所答填写。", example="看清、听清了，不申请回避。"),
            Rows(name="qa", label="询问情况", row_label="组", most=20, default=record.questions_proposed,
                 hint="务必问明未到校的原因；不问宗教信仰。", columns=(
                     Text(name="question", label="问", max_length=120),
                     Text(name="answer", label="答", max_length=400, quoted=True),
                 )),
        )),
        Group(title="批评教育和态度", fields=(
            LongText(name="content", label="批评教育的内容", max_length=800, default=record.content_proposed,
                     hint="法律条文已印在前面，这里写劝导的话。",
                     basis="《义务教育法》第五条、第十一条；《未成年人保护法》第十六条、第十七条"),
            LongText(name="child_view", label="未成年人本人的意见", required=False, max_length=300, quoted=True,
                     basis="《未成年人保护法》第四条第五项", hint="听取了学生本人意见的，如实记录。"),
            Choice(name="guardian_stance", label="被教育人的态度", options=record.STANCES, shown_in="stance_line"),
            Text(name="stance_note", label="理由或者说明", required=False, max_length=300, quoted=True,
                 shown_in="stance_line"),
            Day(name="promise_date", label="承诺返校日期", required=False, shown_in="stance_line"),
        )),
    ),
    derive=record.criticism_texts,
    rules=(record.criticism_problems,),
)

COMPLIANCE_CHECK = Paper(
    kind="compliance_check",
    title="限期改正复查记录",
    basis="《义务教育法》第五十八条；《行政强制法》第五十四条",
    life=Life.RECORD,
    step=Step.CHECK,
    done_on="checked_on",
    present=("present", "yes"),
    late=("present",),
    issuers=(Level.TOWNSHIP, Level.COUNTY),
    banned=frozenset({"record"}),
    help="改正期限届满后第一个工作日进行，只记录查验情况和处理意见，不另定期限。",
    groups=(
        Group(title="原通知书", fields=(
            *CASE_LISTED,
            *ORGAN,
            Text(name="order_no", label="原通知书文号", source=LEDGER, max_length=40),
            Day(name="order_date", label="原通知书成文日期", source=LEDGER),
            Day(name="served_on", label="送达日期", source=LEDGER),
            Day(name="deadline", label="改正期限届满日", source=LEDGER),
        )),
        Group(title="复查情况", fields=(
            Day(name="checked_on", label="复查日期", hint="期限届满后的第一个工作日。"),
            Choice(name="method", label="复查方式", options=record.METHODS),
            Text(name="place", label="复查地点", max_length=50, example="西吉县第二中学八年级（2）班教室"),
            OFFICERS,
            Choice(name="present", label="复查结果", options=record.PRESENT),
            LongText(name="findings", label="查验情况", max_length=400,
                     example="查看班级考勤，9月29日学生未到校；教室座位空置。"),
            LongText(name="excuse", label="未履行的理由", required=False, max_length=200, quoted=True,
                     hint="监护人陈述的理由，如实记录。"),
            Choice(name="next", label="处理意见", options=record.NEXT_STEPS),
        )),
    ),
    derive=record.check_texts,
    rules=(record.check_problems,),
)
