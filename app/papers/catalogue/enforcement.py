"""Papers of the procedure against a guardian: 《义务教育法》第五十八条; 《未成年人保护法》第二十八条、第八十三条."""

from __future__ import annotations

from dataclasses import replace

from app.law import dropout
from app.law.offices import Level
from app.law.steps import Step
from app.papers.catalogue import order, record, report
from app.papers.catalogue.common import (
    ABSENCE,
    CASE_LISTED,
    CASE_OF_ONE,
    CASE_UNNAMED,
    CONFIG,
    CONTACT,
    ISSUE,
    LEDGER,
    OFFICERS,
    ORGAN,
)
from app.papers.kinds import (
    Choice,
    Day,
    Flag,
    Group,
    IdNumber,
    Life,
    LongText,
    Moment,
    Paper,
    PersonName,
    Rows,
    StudentNo,
    Text,
    Whole,
)

SCHOOL_REPORT = Paper(
    kind="school_report",
    title="疑似辍学学生报告",
    basis="《未成年人保护法》第二十八条第二款",
    life=Life.ISSUED,
    step=Step.REPORT,
    issuers=(Level.SCHOOL,),
    series="控辍",
    page_limit=6,
    sealed=True,
    banned=frozenset({"school"}),
    help="学校登记、劝返无效后，书面报告乡镇人民政府（街道办事处）和县级教育行政部门。",
    groups=(
        Group(title="学生和监护人", fields=(
            *CASE_UNNAMED,
            IdNumber(name="id_number", label="学生身份证号", source=LEDGER),
            StudentNo(name="student_status_no", label="学籍号", source=LEDGER, required=False),
            Day(name="first_absent_date", label="首次缺课日", source=LEDGER, shown_in="absence_line"),
            Choice(name="absence", label="未到校状态", source=LEDGER, options=ABSENCE),
        )),
        Group(title="缺课和请假", fields=(
            Choice(name="leave_status", label="请假情况", shown_in="absence_line", options=report.LEAVE),
            Text(name="absence_note", label="缺课说明", required=False, shown_in="absence_line", max_length=120,
                 hint="缺课节次、有无反复等，没有可不填。", example="其中9月10日曾到校半天。"),
        )),
        Group(title="劝返经过", fields=(
            Rows(name="actions", label="已采取的措施", row_label="项", most=8, basis="《未成年人保护法》第二十八条第二款",
                 hint="按时间先后，每次劝返一行。", columns=(
                     Day(name="date", label="日期"),
                     Text(name="by", label="何人", max_length=30, example="班主任马某、副校长王某"),
                     Text(name="method", label="方式", max_length=20, example="入户走访"),
                     Text(name="result", label="结果", max_length=60, example="监护人表示暂不送返。"),
                 )),
            LongText(name="whereabouts", label="学生去向", max_length=200, hint="已核实的写明核实方式，未核实的如实写明。",
                     example="据监护人称在家，9月14日入户时见到本人。"),
        )),
        Group(title="学校意见", fields=(
            LongText(name="school_opinion", label="学校意见", max_length=300, default=report.opinion_proposed,
                     hint="只写请求，不写对监护人的处理。"),
        )),
        Group(title="发文", fields=(
            Text(name="recipient_township", label="报送乡镇（街道）", source=CONFIG, shown_in="recipients", max_length=40),
            Text(name="recipient_bureau", label="报送教育行政部门", source=CONFIG, shown_in="recipients", max_length=40),
            *ISSUE,
            *CONTACT,
            PersonName(name="approver", label="签发人", source=CONFIG, required=False, hint="校长签发后填入。"),
        )),
    ),
    derive=report.report_texts,
    rules=(report.report_problems,),
)

RECTIFICATION_ORDER = Paper(
    kind="rectification_order",
    title="责令限期改正通知书",
    basis="《义务教育法》第五十八条；《未成年人保护法》第八十三条第二款；《办法》二（四）",
    life=Life.ISSUED,
    step=Step.ORDER,
    issuers=(Level.TOWNSHIP, Level.COUNTY),
    series="责改",
    page_limit=4,
    served=True,
    term=order.term,
    sealed=True,
    banned=frozenset({"order"}),
    help="批评教育后监护人仍无正当理由不送子女返校的，由乡镇人民政府或者县级教育行政部门制发，随附送达回证。",
    groups=(
        Group(title="当事人和学生", fields=(
            *CASE_UNNAMED,
            Day(name="first_absent_date", label="首次缺课日", source=LEDGER, printed=False),
            Choice(name="absence", label="未到校状态", source=LEDGER, options=ABSENCE, printed=False),
            Choice(name="reason_code", label="未到校原因", source=LEDGER, printed=False,
                   options={code: reason.label for code, reason in dropout.REASONS.items()}),
            Flag(name="reviewer_override", label="审核人准许乡镇责令", source=LEDGER, printed=False, required=False),
            Flag(name="condition_met", label="已核实符合责令条件", printed=False, required=False,
                 hint="原因为因残（可在校）、因病、延缓入学的，须核实后勾选。"),
            Day(name="reported_on", label="学校报告日期", source=LEDGER, shown_in="steps_taken"),
            Day(name="admonished_on", label="批评教育日期", source=LEDGER, shown_in="steps_taken"),
        )),
        Group(title="事实和证据", fields=(
            LongText(name="findings", label="查明的事实", max_length=200, default=order.findings_proposed,
                     basis="《义务教育法》第五十八条“无正当理由”", hint="写明时间、地点、经过和询问原因的情况；不写婚育、信仰、病情。"),
            Rows(name="evidence", label="证据", row_label="项", most=6, default=order.evidence_proposed, shown_in="evidence_list",
                 columns=(Text(name="item", label="证据名称", max_length=30, example="2026年9月14日《入户走访记录》"),)),
        )),
        Group(title="改正的内容和期限", fields=(
            Text(name="school_to_attend", label="应送入的学校", max_length=40, default=order.school_proposed, shown_in="demand"),
            LongText(name="demand_more", label="补充要求", required=False, max_length=80,
                     hint="与返校直接有关的具体安排，没有可不填。", example="到校时请携带学生户口簿，由教务处办理返校登记。"),
            Whole(name="term_days", label="改正期限", least=order.LEAST_DAYS, most=order.MOST_DAYS, unit="日", printed=False,
                  default=lambda _: str(order.USUAL_DAYS), hint="3至15日，通常7日；法律没有规定固定天数。"),
            Choice(name="deadline_mode", label="期限写法", options=order.DEADLINE_MODES, printed=False,
                   default=lambda _: order.FIXED),
            Flag(name="announced", label="公告送达", printed=False, required=False),
            Day(name="serve_on", label="送达日期", required=False, printed=False, hint="写明截止日期的必填；期限自次日起算，遇法定休假日顺延。",
                basis="《民法典》第二百零一条、第二百零三条"),
        )),
        Group(title="发文", fields=(
            *ISSUE,
            *(replace(each, shown_in="statement_right") for each in CONTACT),
            Text(name="county_area", label="县（区）名称", source=CONFIG, shown_in="rights", max_length=20, example="西吉县",
                 basis="《行政复议法》第二十四条"),
            Text(name="court", label="行政诉讼法院", source=CONFIG, required=False, shown_in="rights", max_length=40),
        )),
    ),
    derive=order.order_texts,
    rules=(order.order_problems,),
)

CRITICISM_RECORD = Paper(
    kind="criticism_record",
    title="批评教育笔录",
    basis="《义务教育法》第五十八条；参照《行政处罚法》第四十二条、第五十五条",
    life=Life.RECORD,
    step=Step.ADMONISH,
    done_on="start_at",
    issuers=(Level.TOWNSHIP, Level.COUNTY),
    page_limit=30,
    banned=frozenset({"record"}),
    help="两名执法人员当面进行，打印后逐页签名、捺印，扫描存卷；每名监护人各做一份。",
    groups=(
        Group(title="学生和监护人", fields=(*CASE_OF_ONE, *ORGAN)),
        Group(title="时间、地点和人员", fields=(
            Moment(name="start_at", label="开始时间"),
            Moment(name="end_at", label="结束时间"),
            Text(name="place", label="地点", max_length=50, example="西吉县吉强镇人民政府二楼调解室"),
            OFFICERS,
            PersonName(name="recorder", label="记录人", hint="可以是其中一名执法人员。"),
            PersonName(name="person", label="被教育人", basis="《义务教育法》第五十八条；《民法典》第二十七条",
                       hint="学生的法定监护人，不能是学生本人或者受托照护人。"),
            Flag(name="id_checked", label="已核验被教育人身份证件", must="请先核验被教育人的身份证件，再勾选。", printed=False),
            Rows(name="attendees", label="在场人", required=False, row_label="人", most=6, columns=(
                PersonName(name="name", label="姓名"),
                Text(name="unit", label="单位、职务或者与学生关系", max_length=30, example="西吉县第二中学副校长"),
            )),
        )),
        Group(title="告知和询问", fields=(
            Flag(name="rights_told", label="已出示执法证件并告知权利", must="没有告知权利的，笔录不能成立，请先告知。", printed=False,
                 basis="参照《行政处罚法》第五十五条"),
            Text(name="rights_answer", label="对告知的回答", max_length=80, default=lambda _: "看清、听清了，不申请回避。"),
            Rows(name="qa", label="询问情况", row_label="组", most=20, default=record.questions_proposed,
                 hint="务必问明未到校的原因；不问宗教信仰。", columns=(
                     Text(name="question", label="问", max_length=120),
                     Text(name="answer", label="答", max_length=400),
                 )),
        )),
        Group(title="批评教育和态度", fields=(
            LongText(name="content", label="批评教育的内容", max_length=800, default=record.content_proposed,
                     basis="《义务教育法》第五条、第十一条；《未成年人保护法》第十六条、第十七条"),
            LongText(name="child_view", label="未成年人本人的意见", required=False, max_length=300,
                     basis="《未成年人保护法》第四条第五项", hint="听取了学生本人意见的，如实记录。"),
            Choice(name="guardian_stance", label="被教育人的态度", options=record.STANCES, shown_in="stance_line"),
            LongText(name="stance_note", label="理由或者说明", required=False, max_length=300, shown_in="stance_line"),
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
            LongText(name="findings", label="查验情况", max_length=400, example="查看班级考勤，9月29日学生未到校；教室座位空置。"),
            LongText(name="excuse", label="未履行的理由", required=False, max_length=200, hint="监护人陈述的理由，如实记录。"),
            Choice(name="next", label="处理意见", options=record.NEXT_STEPS),
        )),
    ),
    derive=record.check_texts,
    rules=(record.check_problems,),
)
