"""Papers that are issued against a dropout: 《未成年人保护法》第二十八条、第八十三条; 《义务教育法》第五十八条."""

from __future__ import annotations

from dataclasses import replace

from app.law import dropout
from app.law.offices import Level
from app.law.steps import Step
from app.papers.catalogue import order, report
from app.papers.catalogue.common import ABSENCE, CASE_AGED, CASE_UNNAMED, CONFIG, CONTACT, HEARD, ISSUE, LEDGER
from app.papers.kinds import (
    Choice,
    Day,
    Flag,
    Group,
    IdNumber,
    Life,
    LongText,
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
    basis="《未成年人保护法》第二十八条第二款；《办法》（固政办发〔2021〕28号）",
    life=Life.ISSUED,
    step=Step.REPORT,
    issuers=(Level.SCHOOL,),
    series="控辍",
    sealed=True,
    late=(),
    page_limit=6,
    banned=frozenset({"school"}),
    help="学校登记、劝返无效后，书面报告乡镇人民政府（街道办事处）和县级教育行政部门。",
    groups=(
        Group(title="学生和监护人", fields=(
            *CASE_AGED,
            IdNumber(name="id_number", label="学生公民身份号码", source=LEDGER, required=False, when_empty="暂缺"),
            StudentNo(name="student_status_no", label="学籍号", source=LEDGER, required=False),
            Day(name="first_absent_date", label="首次缺课日", source=LEDGER, shown_in="absence_line"),
            Choice(name="absence", label="未到校状态", source=LEDGER, options=ABSENCE),
        )),
        Group(title="缺课和请假", fields=(
            Choice(name="leave_status", label="请假情况", shown_in="absence_line", options=report.LEAVE),
            Text(name="absence_note", label="缺课说明", required=False, shown_in="absence_line", max_length=120,
                 hint="期间各节是否都未到校，没有可不填；中间到过校的，首次缺课日应从再次缺课起算。",
                 example="其间各节均未到校。"),
        )),
        Group(title="劝返经过", fields=(
            Rows(name="actions", label="已采取的措施", row_label="项", most=8,
                 basis="《未成年人保护法》第二十八条第二款", hint="按时间先后，每次劝返一行。", columns=(
                     Day(name="date", label="日期"),
                     Text(name="by", label="何人", max_length=30, example="班主任马某、副校长王某"),
                     Text(name="method", label="方式", max_length=20, example="入户走访"),
                     Text(name="result", label="结果", max_length=60, quoted=True, example="监护人表示暂不送返。"),
                 )),
            LongText(name="whereabouts", label="学生去向", max_length=200, quoted=True,
                     hint="已核实的写明核实方式，未核实的如实写明。",
                     example="据监护人称在家，9月14日入户时见到本人。"),
        )),
        Group(title="学校意见", fields=(
            LongText(name="school_opinion", label="学校意见", max_length=300, default=report.opinion_proposed,
                     hint="只写请求，不写对监护人的处理。"),
        )),
        Group(title="发文", fields=(
            Text(name="recipient_township", label="报送乡镇（街道）", source=CONFIG, shown_in="recipients",
                 max_length=40),
            Text(name="recipient_bureau", label="报送教育行政部门", source=CONFIG, shown_in="recipients",
                 max_length=40),
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
    served=True,
    term=order.term,
    announced="announced",
    sealed=True,
    late=("condition_met", "term_days", "deadline_mode", "serve_on", "announced"),
    late_fields=(order.LATE_TERM,),
    late_rules=(order.late_problems,),
    page_limit=4,
    banned=frozenset({"order"}),
    help="批评教育后监护人仍无正当理由不送子女返校的，由乡镇人民政府或者县级教育行政部门制发，随附送达回证。",
    groups=(
        Group(title="当事人和学生", fields=(
            *CASE_UNNAMED,
            Day(name="first_absent_date", label="首次缺课日", source=LEDGER, printed=False),
            Choice(name="absence", label="未到校状态", source=LEDGER, options=ABSENCE, printed=False),
            Choice(name="reason_code", label="未到校原因", source=LEDGER, printed=False,
                   options={code: reason.label for code, reason in dropout.REASONS.items()}),
            Flag(name="condition_met", label="已核实符合责令条件", printed=False, required=False,
                 hint="原因为因残（可在校）、因病、延缓入学的，须核实后勾选。"),
            Day(name="reported_on", label="学校报告日期", source=LEDGER, shown_in="steps_taken"),
            Day(name="admonished_on", label="批评教育日期", source=LEDGER, shown_in="steps_taken"),
            replace(HEARD, shown_in="steps_taken"),
        )),
        Group(title="事实和证据", fields=(
            LongText(name="findings", label="查明的事实", max_length=200, default=order.findings_proposed,
                     basis="《义务教育法》第五十八条“无正当理由”",
                     hint="写明时间、地点、经过，哪一天向谁询问过未到校的原因、怎样回答；不写婚育、信仰、病情。"),
            Rows(name="evidence", label="证据", row_label="项", most=6, default=order.evidence_proposed,
                 shown_in="evidence_list", columns=(
                     Text(name="item", label="证据名称", max_length=30, example="2026年9月14日入户走访记录"),
                 )),
        )),
        Group(title="改正的内容和期限", fields=(
            Text(name="school_to_attend", label="应送入的学校", max_length=40, default=order.school_proposed,
                 shown_in="demand"),
            LongText(name="demand_more", label="补充要求", required=False, max_length=80,
                     hint="与返校直接有关的具体安排，没有可不填。",
                     example="到校时请携带户口簿，由学校教务处办理返校登记。"),
            Whole(name="term_days", label="改正期限", least=order.LEAST_DAYS, most=order.MOST_DAYS, unit="日",
                  shown_in="demand_term", default=order.days_proposed,
                  hint="3至15日，通常7日；法律没有规定固定天数。"),
            Choice(name="deadline_mode", label="期限写法", options=order.DEADLINE_MODES, printed=False,
                   default=order.mode_proposed),
            Day(name="serve_on", label="送达日期", required=False, shown_in="demand_term",
                default=order.serve_on_proposed, basis="《民法典》第二百零一条、第二百零三条",
                hint="写明截止日期的必填，应与成文日期同日；期限自次日起算，末日遇法定休假日顺延。"),
            Flag(name="announced", label="公告送达", printed=False, required=False),
        )),
        Group(title="发文", fields=(
            *ISSUE,
            *(replace(each, shown_in="statement_right") for each in CONTACT),
            Text(name="county_area", label="县（区）名称", source=CONFIG, shown_in="rights", max_length=20,
                 example="西吉县", basis="《行政复议法》第二十四条"),
            Text(name="court", label="行政诉讼法院", source=CONFIG, required=False, shown_in="rights", max_length=40),
        )),
    ),
    derive=order.order_texts,
    rules=(order.order_problems,),
)
