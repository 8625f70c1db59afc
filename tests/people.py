"""The cast: invented officials, pupils and guardians, each doing in a test what is theirs to do.

Everybody is made up; ID numbers are of area 640499, which does not exist.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from PIL import Image

from app.actions import (
    approve_paper,
    compile_file,
    draft_paper,
    keep_scan,
    manage_accounts,
    manage_offices,
    open_case,
    record_service,
    register_student,
    submit_paper,
    work_jobs,
)
from app.law.identity import IdentityNumber
from app.law.lives import PaperState, ScanRole
from app.law.offices import Actor, Role
from app.law.service import Mode, Place, Service, Witness
from app.outside.clock import Clock
from app.records import accounts, audit, cases, offices, papers, students
from app.records.students import NewGuardian, NewStudent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.actions.desk import Desk

TOWNSHIP, COUNTY, SCHOOL = "640422100", "640422", "YS640422001"
OTHER_TOWNSHIP, OTHER_COUNTY, OTHER_SCHOOL = "640425100", "640425", "YS640425001"
NEXT_TOWNSHIP = "640422101"
STREET, DISTRICT, STREET_SCHOOL = "640402001", "640402", "YS640402001"
CITY = "640400"
PASSWORD = "correct horse 演示"
PEOPLE = {
    "school": ("演示杨老师", SCHOOL, {Role.SCHOOL_CLERK}, ""),
    "principal": ("演示海校长", SCHOOL, {Role.PRINCIPAL}, ""),
    "clerk": ("演示王干事", TOWNSHIP, {Role.TOWNSHIP_CLERK}, "演示640499001"),
    "second": ("演示苏干事", TOWNSHIP, {Role.TOWNSHIP_CLERK}, "演示640499002"),
    "leader": ("演示李乡长", TOWNSHIP, {Role.TOWNSHIP_LEADER}, "演示640499003"),
    "both": ("演示白站长", TOWNSHIP, {Role.TOWNSHIP_CLERK, Role.TOWNSHIP_LEADER}, "演示640499005"),
    "county": ("演示赵科员", COUNTY, {Role.COUNTY_CLERK}, "演示640499004"),
    "bureau": ("演示马局长", COUNTY, {Role.COUNTY_LEADER}, ""),
    "stranger": ("演示陈干事", OTHER_TOWNSHIP, {Role.TOWNSHIP_CLERK, Role.TOWNSHIP_LEADER}, "演示640499006"),
    "strange_county": ("演示金科员", OTHER_COUNTY, {Role.COUNTY_CLERK, Role.COUNTY_LEADER}, "演示640499007"),
    "strange_school": ("演示虎老师", OTHER_SCHOOL, {Role.SCHOOL_CLERK, Role.PRINCIPAL}, ""),
    "neighbour": ("演示罗干事", NEXT_TOWNSHIP, {Role.TOWNSHIP_CLERK, Role.TOWNSHIP_LEADER}, "演示640499008"),
    "street": ("演示丁干事", STREET, {Role.TOWNSHIP_CLERK, Role.TOWNSHIP_LEADER}, "演示640499009"),
    "street_school": ("演示田老师", STREET_SCHOOL, {Role.SCHOOL_CLERK}, ""),
    "street_principal": ("演示禹校长", STREET_SCHOOL, {Role.PRINCIPAL}, ""),
    "district": ("演示柳科员", DISTRICT, {Role.COUNTY_CLERK}, "演示640499010"),
    "district_leader": ("演示安局长", DISTRICT, {Role.COUNTY_LEADER}, ""),
    "admin": ("演示黑科长", COUNTY, {Role.ADMINISTRATOR}, ""),
    "city_admin": ("演示丁科长", CITY, {Role.ADMINISTRATOR}, ""),
    "keeper": ("演示纳管章", TOWNSHIP, {Role.SEAL_KEEPER}, ""),
    "auditor": ("演示纳审计", COUNTY, {Role.AUDITOR}, ""),
    "strange_admin": ("演示伏科长", OTHER_COUNTY, {Role.ADMINISTRATOR}, ""),
}
STRANGERS = ("stranger", "strange_county", "strange_school", "neighbour")
STAGES = {
    "cast": datetime(2026, 9, 1, 1, tzinfo=UTC), "enrolled": datetime(2026, 9, 14, 1, tzinfo=UTC),
    "opened": datetime(2026, 9, 15, 1, tzinfo=UTC), "reported": datetime(2026, 9, 16, 2, tzinfo=UTC),
    "admonished": datetime(2026, 9, 16, 9, tzinfo=UTC), "ordered": datetime(2026, 9, 18, 2, tzinfo=UTC),
    "served": datetime(2026, 9, 18, 12, tzinfo=UTC), "checked": datetime(2026, 9, 29, 3, tzinfo=UTC),
    "filed": datetime(2026, 9, 30, 1, tzinfo=UTC),
}
"""How far the thread has come, and when that was (UTC)."""


class StillClock(Clock):
    """A clock that stands until a test moves it."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        object.__setattr__(self, "moment", moment)

    def now(self) -> datetime:
        moment: datetime = self.__dict__["moment"]
        return moment

    def move_to(self, moment: datetime) -> None:
        """Let it be `moment` (aware) from now on."""
        object.__setattr__(self, "moment", moment)


@dataclass(frozen=True)
class Child:
    """A pupil as a test names one: 17 digits of the ID number and those of each guardian."""

    name: str = "演示马小燕"
    digits: str = "64049920110315002"
    grade: int = 8
    guardians: tuple[tuple[str, str, str], ...] = (("演示马明远", "父亲", "64049919850612001"),)


CHILD = Child()
BOTH_PARENTS = Child(guardians=(*CHILD.guardians, ("演示海淑芳", "母亲", "64049919870203002")))
GROWN = Child(name="演示苏成年", digits="64049920080901001")


def identity(digits: str) -> IdentityNumber:
    """The number with its check character (GB 11643-1999)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
    return IdentityNumber.parse(digits + "10X98765432"[rest])


def picture(words: str) -> bytes:
    """A small PNG that no other words give."""
    digest = hashlib.sha256(words.encode()).digest()
    image = Image.new("RGB", (220, 310), (digest[0], digest[1], digest[2]))
    image.putpixel((5, 5), (digest[3], digest[4], digest[5]))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def upload(words: str) -> keep_scan.Upload:
    return keep_scan.Upload(picture(words), f"{words}.png")


def make_offices(desk: Desk) -> None:
    """The schools of the cast, what the offices print, and everybody's account."""
    for code, name, township in ((SCHOOL, "西吉县演示中学", TOWNSHIP), (OTHER_SCHOOL, "彭阳县演示中学", OTHER_TOWNSHIP),
                                 (STREET_SCHOOL, "原州区演示中学", STREET)):
        manage_offices.add_school(desk, None, manage_offices.NewSchool(code, name, township))
    for code, organ_code, contact in (
        (SCHOOL, "演中", "演示杨老师"), (TOWNSHIP, "演示吉强政", "演示王干事"), (COUNTY, "演示西教体", "演示赵科员"),
        (OTHER_TOWNSHIP, "演示政", "演示陈干事"), (STREET, "演示南关办", "演示丁干事"),
        (DISTRICT, "演示原教体", "演示柳科员"), (STREET_SCHOOL, "演示原中", "演示田老师"),
    ):
        manage_offices.set_office(desk, None, manage_offices.OfficeSettings(
            code, organ_code, contact, "0954-2000001"))
    for login, (name, office, roles, cert_no) in PEOPLE.items():
        manage_accounts.add_account(desk, None, manage_accounts.NewAccount(
            login, name, office, frozenset(roles), cert_no, PASSWORD, must_change=False))


class Cast:
    """Everybody at one desk. `student` and `case` are the first of the register, if there are any."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        clock = desk.clock
        assert isinstance(clock, StillClock)
        self.clock = clock
        with desk.register.reading() as db:
            found = {login: accounts.find_login(db, login) for login in PEOPLE}
        self.people: dict[str, Actor] = {login: each.actor for login, each in found.items() if each}
        self.school, self.principal = self.people["school"], self.people["principal"]
        self.clerk, self.second, self.leader = (self.people[login] for login in ("clerk", "second", "leader"))
        self.both, self.stranger = self.people["both"], self.people["stranger"]
        self.county, self.bureau = self.people["county"], self.people["bureau"]

    # --- what is there

    @property
    def student(self) -> str:
        with self.desk.register.reading() as db:
            return min(students.list_students(db, self.county), key=lambda each: each.id).public_id

    @property
    def case(self) -> str:
        return self.cases(self.county)[-1].public_id

    def cases(self, actor: Actor) -> tuple[cases.Case, ...]:
        with self.desk.register.reading() as db:
            return cases.list_cases(db, actor)

    def load_case(self, actor: Actor | None = None, case: str = "") -> cases.Case:
        with self.desk.register.reading() as db:
            return cases.load_case(db, actor or self.clerk, case or self.case)

    def load_student(self, actor: Actor | None = None) -> students.Student:
        with self.desk.register.reading() as db:
            return students.load_student(db, actor or self.county, self.student)

    def fingerprint(self) -> str:
        """Of the pupil as the sheet would show it now."""
        student = self.load_student()
        return students.fingerprint(student, student.guardians)

    def load(self, paper: str, actor: Actor | None = None) -> papers.Paper:
        with self.desk.register.reading() as db:
            return papers.load_paper(db, actor or self.county, paper)

    def papers(self, actor: Actor | None = None, case: str = "") -> tuple[papers.Paper, ...]:
        loaded = self.load_case(actor or self.clerk, case)
        with self.desk.register.reading() as db:
            return papers.of_case(db, actor or self.clerk, loaded.id)

    def paper(self, kind: str, state: PaperState = PaperState.ISSUED) -> papers.Paper:
        return [each for each in self.papers() if each.kind == kind and each.state is state][-1]

    def lines(self) -> int:
        """How many audit lines there are."""
        with self.desk.register.reading() as db:
            return len(db.execute(audit.audit.select()).all())

    # --- what is done

    def at(self, year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
        """Set the clock to a local moment (UTC+8)."""
        local = datetime(year, month, day, hour, minute, tzinfo=UTC)
        self.clock.move_to(datetime.fromtimestamp(local.timestamp() - 8 * 3600, UTC))

    def enrolment(self, child: Child = CHILD, school: str = SCHOOL, township: str = TOWNSHIP,
                  **changed: Any) -> register_student.Enrolment:
        number = identity(child.digits)
        with self.desk.register.reading() as db:
            school_id, township_id = offices.load_code(db, school).id, offices.load_code(db, township).id
        values: dict[str, Any] = {
            "name": child.name, "sex": number.sex, "id_number": str(number), "birth_date": number.birth_date,
            "student_status_no": f"G{number}", "school_id": school_id, "grade": child.grade, "class_name": "（2）班",
            "hukou_address": "演示村一组（演示）", "home_address": "演示村一组（演示）", "township_id": township_id,
            "village": "演示村", "caregiver": ""}
        return register_student.Enrolment(NewStudent(**values | changed), tuple(
            NewGuardian(name=name, relation=relation, id_number=str(identity(digits)), phone="13900000001",
                        address="演示村一组（演示）") for name, relation, digits in child.guardians))

    def enrol(self, child: Child = CHILD) -> str:
        return register_student.register_student(self.desk, self.school, self.enrolment(child))

    def open(self, student: str = "", absent: date = date(2026, 9, 7), reason: str = "F",
             actor: Actor | None = None) -> str:
        return open_case.open_case(self.desk, actor or self.school,
                                   open_case.NewCase(student or self.student, absent, reason))

    def draft(self, actor: Actor, kind: str, typed: Mapping[str, Any], case: str = "") -> str:
        paper = draft_paper.start_draft(self.desk, actor, case or self.case, kind)
        row = self.load(paper, actor)
        draft_paper.save_draft(self.desk, actor, paper, dict(row.typed) | dict(typed), row.version)
        return paper

    def draft_order(self, drafter: Actor | None = None, **changed: Any) -> str:
        """An order of 18 September, the day on which the clock then stands."""
        self.clock.move_to(STAGES["ordered"])
        return self.draft(drafter or self.clerk, "rectification_order", self.order_words(**changed))

    def submit_order(self, drafter: Actor | None = None, **changed: Any) -> str:
        """The same, sent to be approved, its page ready."""
        paper = self.draft_order(drafter, **changed)
        submit_paper.submit_paper(self.desk, drafter or self.clerk, paper)
        self.work()
        return paper

    def submit(self, actor: Actor, kind: str, typed: Mapping[str, Any], case: str = "") -> str:
        """Drafted, submitted, its page ready."""
        paper = self.draft(actor, kind, typed, case)
        submit_paper.submit_paper(self.desk, actor, paper)
        self.work()
        return paper

    def issue(self, drafter: Actor, approver: Actor, kind: str, typed: Mapping[str, Any], case: str = "") -> str:
        """Approved, made, its stamped scan back."""
        paper = self.submit(drafter, kind, typed, case)
        approve_paper.approve_paper(self.desk, approver, paper)
        self.work()
        self.scan(drafter, paper, ScanRole.STAMPED)
        return paper

    def record(self, actor: Actor, kind: str, typed: Mapping[str, Any], case: str = "", *, scan: bool = True) -> str:
        paper = self.draft(actor, kind, typed, case)
        submit_paper.finish_record(self.desk, actor, paper)
        self.work()
        if scan:
            self.scan(actor, paper, ScanRole.SIGNED_RECORD)
        return paper

    def scan(self, actor: Actor, paper: str, role: ScanRole, words: str = "") -> str:
        asked = keep_scan.NewScan(paper, role, upload(words or f"{paper}{role}"), "已对照纸件核实")
        return keep_scan.keep_scan(self.desk, actor, asked).public_id

    def serve(self, actor: Actor | None = None, which: int = 0, *, proof: bool = True, receipt: bool = True,
              **changed: Any) -> date:
        """Serve the order on the guardian of that place, left at home with witness and photo unless `changed`."""
        order = self.paper("rectification_order")
        told: dict[str, Any] = {
            "mode": Mode.LEAVE, "servers": (self.clerk.name, self.second.name), "place": Place.HOME,
            "served_at": datetime(2026, 9, 18, 19, 30), "refused": True, "refusal_reason": "称孩子不愿上学，拒绝签收。",  # noqa: DTZ001  (local time)
            "witness_name": "演示村主任", "witness": Witness.VILLAGE}
        return record_service.record_service(self.desk, actor or self.clerk, record_service.NewService(
            paper=order.public_id, guardian_id=self.load_student().guardians[which].id,
            service=Service(**told | changed), proof=upload(f"照片{which}") if proof else None,
            receipt=upload(f"回证{which}") if receipt else None))

    def work(self) -> int:
        return work_jobs.work_all(self.desk)

    def file(self, actor: Actor | None = None) -> str:
        packet = compile_file.compile_file(self.desk, actor or self.clerk, self.case)
        self.work()
        return packet

    # --- what is written

    def report_words(self, on: str = "2026-09-16") -> dict[str, Any]:
        return {"issue_date": on, "leave_status": "none", "whereabouts": "学生现在家中，入户时见到本人。", "actions": [
            {"date": "2026-09-08", "by": "班主任", "method": "入户走访", "result": "监护人表示暂不送返。"}]}

    def admonish_words(self, start: str = "2026-09-16T15:00", end: str = "2026-09-16T15:50", *,
                       officers: tuple[str, ...] = ("clerk", "second")) -> dict[str, Any]:
        return {"start_at": start, "end_at": end, "place": "演示调解室", "officers": self.officers(*officers),
                "recorder": self.people[officers[1]].name, "person": self.load_student_name(), "id_checked": True,
                "rights_told": True, "rights_answer": "看清、听清了，不申请回避。", "guardian_stance": "reason",
                "stance_note": "表示要与孩子商量。", "qa": [
                    {"question": "孩子从什么时候起没有到校？原因是什么？", "answer": "一直在家，没有请假。"},
                    {"question": "你是否愿意送孩子返校？", "answer": "再和孩子商量。"}]}

    def load_student_name(self) -> str:
        return self.load_student().guardians[0].name

    def order_words(self, on: str = "2026-09-18", **changed: Any) -> dict[str, Any]:
        return {"issue_date": on, "serve_on": on, "term_days": "7", "deadline_mode": "fixed"} | changed

    def check_words(self, on: str = "2026-09-29", present: str = "no") -> dict[str, Any]:
        seen, following = {
            "no": ("查看班级考勤，当日该生未到校，座位空置。", "village"),
            "yes": ("查看班级考勤，当日该生已到校上课。", "follow"),
        }[present]
        return {"checked_on": on, "method": "school", "place": "演示中学教室", "excuse": "", "findings": seen,
                "officers": self.officers("clerk", "second"), "present": present, "next": following}

    def officers(self, *logins: str) -> list[dict[str, str]]:
        return [{"name": self.people[login].name, "cert_no": self.people[login].cert_no} for login in logins]

    # --- the thread, step by step

    def go_on(self, stage: str, child: Child = CHILD) -> None:
        """Do what leads to `stage` from the one before it."""
        self.clock.move_to(STAGES[stage])
        if stage == "enrolled":
            self.enrol(child)
        elif stage == "opened":
            self.open()
        elif stage == "reported":
            self.issue(self.school, self.principal, "school_report", self.report_words())
        elif stage == "admonished":
            for each in self.load_student().guardians:
                self.record(self.clerk, "criticism_record", self.admonish_words() | {"person": each.name})
        elif stage == "ordered":
            several = {"deadline_mode": "from_service", "serve_on": ""} if len(self.load_student().guardians) > 1 else {}
            self.issue(self.clerk, self.leader, "rectification_order", self.order_words(**several))
        elif stage == "served":
            self.serve()
        elif stage == "checked":
            self.record(self.clerk, "compliance_check", self.check_words())
        elif stage == "filed":
            self.file()
