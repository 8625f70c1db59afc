"""What the two records say: 《义务教育法》第五十八条; 《未成年人保护法》第四条; 《行政处罚法》第五十五条 by analogy."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.errors import Problem
from app.law import wording
from app.law.deadlines import chinese_date
from app.papers.catalogue.common import guardian_list, guardian_names, named, rows, student_line, two_different
from app.papers.kinds import IdNumber

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.law.lawbook import Lawbook
    from app.papers.kinds import Printable, Raw, Value, Values

STANCES = {"agree": "同意送学生返校", "refuse": "不同意送学生返校", "reason": "提出理由，暂未返校"}
PHONE = "phone"
PRESENT = {"yes": "学生已在校就读", "no": "学生未在校就读"}
METHODS = {"school": "到校查验", "home": "入户查验", PHONE: "电话查验"}
NEXT_STEPS = {
    "follow": "已改正，办理返校手续，跟踪就读情况",
    "help": "继续劝返帮扶",
    "police": "失踪、失联或者有受侵害迹象、面临危险的，立即向公安机关报告（未成年人保护法第十一条第二款）",
    "village": "由居住地村（居）民委员会劝诫、制止，情节严重的由其报告公安机关",
    "procuratorate": "提请人民检察院依法督促、支持起诉",
    "suit": "报法制审核后，依法研究其他法定途径",
    "enforcement": "法定起诉期限届满后依法催告，仍不履行的申请人民法院强制执行",
    "labour": "函告人力资源和社会保障部门依法查处招用未满十六周岁未成年人的单位",
    "excused": "查明有正当理由，办理休学、延缓入学或者另行安置",
}
"""What may follow a check; each road is opened by a paper of its own."""
_NUMERALS = "四五六"
_ASKED_WHY = re.compile("原因|为什么|为何")


def criticism_texts(values: Values, lawbook: Lawbook) -> Mapping[str, Printable]:
    """The sentences that the officers say, and the numbers of the headings that come after the optional one."""
    cite = lawbook.statutes.cite
    person = _guardian(values)
    officers = "、".join(str(row["name"]) for row in rows(values, "officers"))
    later = 1 if values.get("child_view") else 0
    return {
        "student_line": student_line(values),
        "person_relation": str(person["relation"]),
        "person_id": str(IdNumber(name="id_number", label="").show(person.get("id_number"))),
        "person_phone": str(person.get("phone") or ""),
        "person_address": str(person.get("address") or ""),
        "opening": f"我们是{values['organ']}的执法人员{officers}（执法证号见上），现向你出示执法证件。"
                   f"因{values['student_name']}未到校接受义务教育，"
                   f"依照{cite('义务教育法', 58).label}的规定，现向你了解情况、进行批评教育，并制作笔录。",
        "rights_words": "你有权对有关事实、理由进行陈述和申辩；认为执法人员与本案有直接利害关系或者有其他关系"
                        "可能影响公正执法的，有权申请其回避；与本案无关的问题，有权拒绝回答；对笔录有权核对、补充和更正。请如实说明情况。",
        "law_told": _law_told(lawbook),
        "stance_no": _NUMERALS[later],
        "check_no": _NUMERALS[later + 1],
        "stance_line": _stance(values),
    }


def criticism_problems(values: Values, _lawbook: Lawbook) -> Iterator[Problem]:
    """Two officers, a guardian, an end after the beginning, a promise that lies ahead."""
    yield from two_different(values)
    start, end, promised = values["start_at"], values["end_at"], values.get("promise_date")
    if isinstance(start, datetime) and isinstance(end, datetime):
        if end <= start:
            yield Problem("end_at", "结束时间应晚于开始时间。", "请核对笔录起止时间。")
        if isinstance(promised, date) and promised < start.date():
            yield Problem("promise_date", "承诺返校日期早于笔录日期。", "请核对承诺日期。")
    if values["person"] not in {row["name"] for row in rows(values, "guardians")}:
        yield Problem("person", f"被教育人应是学生的法定监护人（{guardian_names(values)}）。",
                      "受托照护人、学生本人可列为在场人，不能作被教育人。")
    yield from _question_problems(values)
    if values["guardian_stance"] != "agree" and not values.get("stance_note"):
        yield Problem("stance_note", "请写明监护人不同意或者暂不返校的理由。", "按本人所说如实记录。")
    if values["guardian_stance"] == "agree" and promised is None:
        yield Problem("promise_date", "监护人同意送返的，请写明承诺返校日期。")


def late_hearing_problems(values: Values, _lawbook: Lawbook) -> Iterator[Problem]:
    """A record that was made on paper counts for the guardian whom it heard, each once."""
    if values["person"] not in {row["name"] for row in rows(values, "guardians")}:
        yield Problem("person", f"被教育人应是学生的法定监护人（{guardian_names(values)}）。", "请照笔录填写。")
    elif values["person"] in {row["name"] for row in rows(values, "heard")}:
        yield Problem("person", f"{values['person']}的批评教育笔录已在案卷里。", "请核对是不是重复补录。")


def _question_problems(values: Values) -> Iterator[Problem]:
    """The reason is asked for (义务教育法第五十八条“无正当理由”), faith is not (个人信息保护法第二十八条)."""
    questions = [str(row["question"]) for row in rows(values, "qa")]
    if not any(_ASKED_WHY.search(question) for question in questions):
        yield Problem("qa", "没有问明未到校的原因。",
                      "请问明未到校的原因（义务教育法第五十八条“无正当理由”），并记录回答。")
    for index, question in enumerate(questions):
        for found in wording.check(question, banned=frozenset({"question"})):
            if found.reason == wording.PRIVATE_FAITH:
                yield Problem(f"qa.{index}.question", f"第{index + 1}组的问话有“{found.word}”，不得询问宗教信仰。",
                              "请删去这一问。")


def person_proposed(values: Values) -> Raw:
    """The first guardian who was not heard yet."""
    heard = {row["name"] for row in rows(values, "heard")}
    return next((str(row["name"]) for row in rows(values, "guardians") if row["name"] not in heard), "")


def check_texts(values: Values, _lawbook: Lawbook) -> Mapping[str, Printable]:
    return {"student_line": student_line(values), "guardian_list": guardian_list(values)}


def check_problems(values: Values, _lawbook: Lawbook) -> Iterator[Problem]:
    """A check proves what was so after the term had passed."""
    yield from two_different(values)
    checked, deadline = values["checked_on"], values["deadline"]
    if isinstance(checked, date) and isinstance(deadline, date) and checked <= deadline:
        yield Problem("checked_on", f"改正期限到{chinese_date(deadline)}（含当日）才届满，复查日期应在其后。",
                      "请在期限届满后的第一个工作日复查。")
    present, following = values["present"], values["next"]
    if present == "yes" and following != "follow":
        yield Problem("next", "学生已在校就读的，处理意见应为“已改正”。", "请核对复查结果和处理意见。")
    if present == "yes" and values["method"] == PHONE:
        yield Problem("method", "电话查验不能认定学生已在校。", "请到校查验，看到学生本人后再填“已在校就读”。")
    if present == "no" and following == "follow":
        yield Problem("next", "学生未在校就读的，不能写“已改正”。", "请核对复查结果和处理意见。")


def content_proposed(_values: Values) -> Raw:
    """What is said beside the law, in words that can be read aloud."""
    return "请尽快送子女返校。家庭确有困难的，可以申请资助；确因身体状况不能上学的，可以申请休学或者延缓入学。"


def questions_proposed(values: Values) -> Raw:
    """What has to be asked before it can be said that there was no good reason (义务教育法第五十八条)."""
    child = values.get("student_name") or "孩子"
    return [{"question": question, "answer": ""} for question in (
        f"你是{child}的什么人？由谁和{child}一起生活？",
        f"{child}从什么时候起没有到校上学？现在在哪里？在做什么？",
        f"{child}没有到校上学的原因是什么？",
        "学校是怎样劝返的？你是怎样答复的？",
        "家里有什么困难，需要学校和政府帮助？",
        f"你是否愿意送{child}返校？什么时候返校？")]


def _law_told(lawbook: Lawbook) -> str:
    """The guardian's duty word for word, and what the guardian must not do (未成年人保护法第十六条、第十七条)."""
    cite = lawbook.statutes.cite
    duty = cite("义务教育法", 5, 2)
    respect, neglect = cite("未成年人保护法", 16, item=5), cite("未成年人保护法", 17, item=5)
    return (f"{duty.label}规定：“{duty.text}”依照{named(respect, neglect)}的规定，监护人应当尊重未成年人受教育的权利，"
            "保障适龄未成年人依法接受并完成义务教育，不得放任或者迫使应当接受义务教育的未成年人失学、辍学。")


def _guardian(values: Values) -> Mapping[str, Value]:
    return next(row for row in rows(values, "guardians") if row["name"] == values["person"])


def _stance(values: Values) -> str:
    promised = values.get("promise_date")
    promise = f"，承诺于{chinese_date(promised)}（含当日）前送其返校" if isinstance(promised, date) else ""
    return f"{STANCES[str(values['guardian_stance'])]}{promise}。{values.get('stance_note') or ''}"
