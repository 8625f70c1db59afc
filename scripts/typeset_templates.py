"""Set the seven templates of app/templates_docx anew: `python scripts/typeset_templates.py [FOLDER]`.

The templates are made here only. Placeholders are names of fields or of what a declaration derives
(app/papers/catalogue); the language is names, dotted names, `if` and `for`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sheet import Sheet
from typesetting import (
    HEI,
    KAI,
    cell,
    each,
    label,
    para,
    row,
    rows_for,
    table,
    tabs,
    twips,
    value,
    when,
)

FOLDER = Path(__file__).resolve().parent.parent / "app" / "templates_docx"
GREY = "808080"
BLANK_DAY = "　　年　　月　　日"
QR_SIDE, QR_LEFT, QR_TOP = 26, 158, 235
"""The empty square for the code on a cover: millimetres, from the left and upper edge of the sheet."""


def heading(text: str) -> str:
    return para("Body", (text, HEI), keep=True)


def lines(rows: str, style: str = "Body", *, keep: bool = False) -> str:
    return each("line", rows, para(style, "{{ line.text }}", keep=keep))


def run_in(heading: str, rows: str, style: str = "Body") -> str:
    """Typed lines as paragraphs, the heading in front of the first."""
    return each("line", rows, para(style, "{% if line.first %}", (heading, HEI), "{% endif %}{{ line.text }}"))


def signature() -> str:
    """署名 and 成文日期 for a seal (7.3.5.1): never alone on a page, two lines free above, nothing of a seal drawn."""
    return (para("Flush", keep=True) + para("Mark", "（盖章）", keep=True, colour=GREY)
            + para("Sign", "{{ organ }}", keep=True) + para("Sign", "{{ issue_date }}"))


def form_head(title: str) -> str:
    """Issuer, name and case number above a form."""
    return (para("FormOrgan", "{{ organ }}") + para("FormTitle", title)
            + para("CaseNumber", "案件编号：{{ case_no }}", keep=True))


def signing(*rows: tuple[str, str, str]) -> str:
    """A table with room to sign by hand, kept on one page: who signs, the words in the room, the date."""
    return table((26, 86, 44), *(
        row(cell(para("Label", name, keep=True)), cell([para("Tick", line, keep=True) for line in words.split("\n")]),
            cell(para("Tick", on, keep=True)), height=12.5)
        for name, words, on in rows))


def school_report() -> Sheet:
    right = f'<w:tabs><w:tab w:val="right" w:pos="{twips(156 - 5.64)}"/></w:tabs>'
    return Sheet("疑似辍学学生报告", "".join((
        para("Upward", "{{ doc_no }}\t签发人：", ("{{ approver }}", KAI), extra=right),
        para("Flush"),
        para("Title", "{{ organ }}"),
        para("Title", "{{ headline }}"),
        para("Flush"),
        para("Flush", "{{ recipients }}："),
        para("Body", "依照{{ basis_label }}的规定，现将我校1名学生{{ absence }}的情况报告如下。"),
        heading("一、学生和监护人基本情况"),
        para("Party", "{{ student_line }}公民身份号码{{ id_number }}",
             "{% if student_status_no %}，学籍号{{ student_status_no }}{% endif %}。"),
        each("party", "parties", para("Party", "法定监护人：{{ party.text }}")),
        heading("二、缺课和请假情况"),
        para("Body", "{{ absence_line }}"),
        heading("三、学校已采取的措施"),
        each("action", "actions", para(
            "Body", "（{{ action.no }}）{{ action.date }}，{{ action.by }}通过{{ action.method }}方式联系、劝返。",
            "结果：{{ action.result }}")),
        heading("四、学生去向"),
        lines("whereabouts"),
        heading("五、学校意见"),
        lines("school_opinion", keep=True),
        para("Body", "特此报告。", keep=True),
        signature(),
        para("Body", "（联系人：{{ contact }}，联系电话：{{ phone }}）"),
    )))


def rectification_order() -> Sheet:
    """On two pages, so 26 lines to the page (GB/T 9704 5.2.3: 特定情况可以作适当调整)."""
    return Sheet("责令限期改正通知书", "".join((
        para("Title", "{{ organ }}"),
        para("Title", "责令限期改正通知书"),
        para("Number", "{{ doc_no }}"),
        each("party", "parties", para("CloseParty", ("当事人：", HEI), "{{ party.text }}")),
        para("CloseParty", ("学　生：", HEI), "{{ student_line }}"),
        run_in("一、查明的事实。", "findings", "Close"),
        para("Close", "{{ steps_taken }}以上事实有{{ evidence_list }}为证。"),
        para("Close", ("二、责令的内容和期限。", HEI), "{{ order_basis }}", ("{{ demand_term }}", HEI), "{{ demand }}"),
        lines("demand_more", "Close"),
        para("Close", "{{ help_offered }}"),
        para("Close", ("三、逾期不改正的后果。", HEI), "{{ consequences }}"),
        para("Close", ("四、陈述申辩和救济途径。", HEI), "{{ statement_right }}"),
        para("Close", "{{ rights }}", keep=True),
        signature(),
    )))


def criticism_record() -> Sheet:
    wide = (26, 52, 26, 52)
    below = para("Hand", "被教育人：\t在场人：\t记录人：", extra=tabs(54, 106))
    return Sheet("批评教育笔录", "".join((
        form_head("批评教育笔录"),
        table(
            wide,
            row(label("时　间"), value("{{ start_at }}至{{ end_at }}", span=3), height=9),
            row(label("地　点"), value("{{ place }}", span=3), height=9),
            row(label("执法人员"), cell(each("officer", "officers", para(
                "Cell", "{{ officer.name }}（执法证号：{{ officer.cert_no }}）")), span=3)),
            row(label("记录人"), value("{{ recorder }}"), label("案　由"),
                value("适龄儿童、少年未到校接受义务教育"), height=9),
            row(label("被教育人"), value("{{ person }}"), label("与学生关系"), value("{{ person_relation }}"),
                height=9),
            row(cell(para("Label", "公民身份") + para("Label", "号码")), value("{{ person_id }}"), label("联系电话"),
                value("{{ person_phone }}"), height=9),
            row(label("住　址"), value("{{ person_address }}", span=3), height=9),
            row(label("学　生"), value("{{ student_line }}", span=3), height=9),
            row(label("在场人"), cell(each("attendee", "attendees", para(
                "Cell", "{{ attendee.name }}（{{ attendee.unit }}）")) + para("Nothing"), span=3)),
        ),
        para("Heading", "一、表明身份和告知权利", keep=True),
        para("Record", "{{ opening }}"),
        para("Record", "{{ rights_words }}"),
        para("Asked", "问：以上内容是否看清、听清？是否需要申请回避？", keep=True),
        para("Asked", "答：{{ rights_answer }}"),
        para("Heading", "二、询问情况", keep=True),
        each("turn", "qa", para("Asked", "问：{{ turn.question }}", keep=True), para("Asked", "答：{{ turn.answer }}")),
        para("Heading", "三、批评教育的内容", keep=True),
        para("Record", "{{ law_told }}"),
        lines("content", "Record"),
        when("child_view", para("Heading", "四、未成年人本人的意见", keep=True), lines("child_view", "Record")),
        para("Heading", "{{ stance_no }}、被教育人的意见和承诺", keep=True),
        para("Record", "{{ stance_line }}"),
        para("Heading", "{{ check_no }}、核对和签名", keep=True),
        para("Plain", "以上笔录请核对。有遗漏或者差错的，可以补充、更正，并在改动处签名或者捺印。", keep=True),
        signing(
            ("被教育人", "□已阅看　□已向我宣读　记录属实。\n签名、捺印：", BLANK_DAY),
            ("在场人", "签名：", BLANK_DAY),
            ("执法人员", "签名：1.　　　　　　　　　2.", BLANK_DAY),
            ("记录人", "签名：", BLANK_DAY),
            ("拒绝签名的", "理由：\n见证人签名、单位：", BLANK_DAY),
        ),
        para("Nothing"),
    )), below=below, bottom=45.5)


def service_receipt() -> Sheet:
    wide = (35, 43, 36, 42)
    return Sheet("送达回证", "".join((
        form_head("送达回证"),
        table(
            wide,
            row(label("送达文书"), value("《{{ served_title }}》{{ served_no }}（{{ served_date }}），1份", span=3),
                height=12),
            row(label("受送达人"), value("{{ addressee }}（学生的{{ addressee_relation }}）", span=3)),
            row(label("送达地点"), value("{{ place }}", span=3), height=9),
            row(label("送达方式"), cell(lines("modes", "Tick"), span=3), height=12),
            row(label("送达时间"), value("　　　　年　　　月　　　日　　　时　　　分", span=3, style="Tick"),
                height=9),
            row(label("受送达人签名"), value(""), label("收到日期"), value(BLANK_DAY, style="Tick"), height=11.5),
            row(label("代收人签名"), value(""), label("收到日期"), value(BLANK_DAY, style="Tick"), height=10),
            row(label("代收人身份和理由"), value(
                "□同住成年家属，与受送达人关系：", "□书面指定的代收人　　代收理由：", span=3, style="Tick"),
                height=12.7),
            row(label("拒收事由和日期"), value("", span=3), height=9.5),
            row(label("见证人签名"), value(""), label("单位、职务"), value(""), height=9.5),
            row(label("照片、录像"), value("□已附　　张（段）", style="Tick"), label("邮寄单号"), value(""), height=8),
            row(label("送达人签名"), value(*(f"{number}.　　　　　　　　　　（执法证号：　　　　　　　　）"
                                          for number in (1, 2)), span=3, style="Tick"), height=16),
            row(label("备　注"), value("", span=3), height=7),
        ),
        para("Note", "{{ notes }}"),
    )))


def compliance_check() -> Sheet:
    wide = (30, 48, 30, 48)
    return Sheet("限期改正复查记录", "".join((
        form_head("限期改正复查记录"),
        table(
            wide,
            row(label("原通知书"), value("《责令限期改正通知书》{{ order_no }}（{{ order_date }}）", span=3)),
            row(label("送达日期"), value("{{ served_on }}"), label("期限届满日"), value("{{ deadline }}")),
            row(label("学　生"), value("{{ student_line }}", span=3)),
            row(label("监护人"), value("{{ guardian_list }}", span=3)),
            row(label("复查日期"), value("{{ checked_on }}"), label("复查方式"), value("{{ method }}")),
            row(label("复查地点"), value("{{ place }}", span=3)),
            row(label("复查结果"), value("{{ present }}", span=3)),
            row(label("查验情况"), cell(lines("findings", "Cell"), span=3), height=24),
            row(label("未履行的理由"), cell(lines("excuse", "Cell") + para("Nothing"), span=3), height=14),
            row(label("处理意见"), value("{{ next }}", span=3), height=12),
            row(label("复查人"), cell(each("officer", "officers", para(
                "Cell", "{{ officer.name }}（执法证号：{{ officer.cert_no }}）")), span=3)),
            row(label("复查人签名"), value(f"1.　　　　　　　　　2.　　　　　　　　　{BLANK_DAY}", span=3,
                                          style="Tick"), height=14),
            row(label("学校人员签名"), value(""), label("监护人签名"), value(""), height=14),
            row(label("拒签或缺席"), value("原因：", style="Tick"), label("见证人签名"), value(""), height=14),
        ),
        para("Nothing"),
    )))


def case_index() -> Sheet:
    sides = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{GREY}"/>'
                    for side in ("top", "left", "bottom", "right"))
    frame = (f'<w:framePr w:w="{twips(QR_SIDE)}" w:h="{twips(QR_SIDE)}" w:hRule="exact" w:hSpace="0" '
             f'w:wrap="around" w:vAnchor="page" w:hAnchor="page" w:x="{twips(QR_LEFT)}" w:y="{twips(QR_TOP)}"/>'
             f"<w:pBdr>{sides}</w:pBdr>")
    cover = table(
        (36, 120),
        row(label("案件编号"), value("{{ case_no }}"), height=13),
        row(label("案卷题名"), value("{{ case_title }}"), height=18),
        row(label("当事人"), value("{{ guardian_list }}"), height=15),
        row(label("办理期间"), value("{{ period }}"), height=13),
        row(label("办理结果"), value("{{ outcome }}"), height=17),
        row(label("本卷"), value("共{{ paper_count }}件，{{ page_count }}页"), height=13),
        row(label("保管期限"), value("{{ retention }}"), height=13),
        row(label("立卷人、检查人"), value("立卷人：{{ filed_by }}　　　　　　检查人："), height=13),
        row(label("立卷日期"), value("{{ filed_on }}"), height=13),
    )
    contents = table(
        (12, 48.5, 42, 23.5, 15.5, 14.5),
        row(*(label(name) for name in ("序号", "文书名称", "文号", "日期", "页次", "备注")), height=11, header=True),
        rows_for("item", "papers", row(
            value("{{ item.no }}", style="ItemMiddle"), value("{{ item.title }}", style="Item"),
            value("{{ item.doc_no }}", style="ItemMiddle"), value("{{ item.date }}", style="ItemMiddle"),
            value("{{ item.page }}", style="ItemMiddle"), value("{{ item.note }}", style="ItemMiddle"), height=10)),
    )
    return Sheet("卷宗封面和卷内目录", "".join((
        para("Small", extra=frame),
        para("Title", "{{ organ }}"), para("Flush"), para("Volume", "依法控辍案卷"), para("Flush"),
        cover,
        para("FormTitle", "卷内目录", extra="<w:pageBreakBefore/>"),
        para("CaseNumber", "案件编号：{{ case_no }}"), contents, para("Nothing"),
    )), bare_first=True)


def approval_slip() -> Sheet:
    """Printed in front of a draft for a leader who signs on paper; what is written by hand has the most room."""
    wide, signed = (26, 52, 26, 52), f"签名：　　　　　　　　　　　　　　　{BLANK_DAY}"
    return Sheet("发文稿纸", "".join((
        para("FormOrgan", "{{ organ }}"), para("FormTitle", "发文稿纸"),
        para("CaseNumber", "稿本号：{{ slip_code }}", keep=True),
        table(
            wide,
            row(label("签　发"), cell([para("Tick", "意见："), para("Tick"), para("Tick"), para("Tick", signed)],
                                    span=3), height=40),
            row(label("核　稿"), value(signed, span=3, style="Tick"), height=13),
            row(label("文　号"), value("{{ doc_no }}"), label("份　数"), value("　　　　　份", style="Tick"), height=9),
            row(label("标　题"), value("{{ slip_title }}", span=3), height=11),
            row(label("主　送"), value("{{ slip_to }}", span=3), height=11),
            row(label("附　件"), value("{{ slip_enclosed }}", span=3), height=9),
            row(label("成文日期"), value("{{ issue_date }}"), label("正　文"),
                value("附后，共{{ slip_pages }}页"), height=9),
            row(label("拟稿人"), value("{{ slip_drafter }}"), label("联系电话"), value("{{ phone }}"), height=9),
            row(label("送审日期"), value("{{ slip_sent }}"), label("备　注"), value(""), height=9),
        ),
        para("Note", "说明：1.签发人写明意见、姓名和日期后，连同所附正文交回，成文日期以签发日期为准。"
                     "正文有改动的，退回拟稿人改后重新送审、重印本纸。"
                     "2.由拟稿人以外的人把本纸扫描登记，登记时核对稿本号；登记后取文号、印制正式文书，本纸存卷。"),
    )))


SHEETS = (school_report, criticism_record, rectification_order, service_receipt, compliance_check, case_index,
          approval_slip)


def main(folder: Path) -> None:
    for make in SHEETS:
        (folder / f"{make.__name__}.docx").write_bytes(make().print())
        print(f"{make.__name__}.docx")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
