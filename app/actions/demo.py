"""Invented offices, people and cases, and the main job from the school's report to the signed file (flask demo).

Everybody here is made up: ID numbers are of area 640499, which does not exist, and names, numbers and places say 演示.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.actions import (
    approve_paper,
    compile_file,
    demo_scans,
    draft_paper,
    keep_scan,
    manage_accounts,
    manage_offices,
    manage_seals,
    open_case,
    record_service,
    register_student,
    submit_paper,
    work_jobs,
)
from app.errors import NeedsPerson, Refused
from app.law.identity import IdentityNumber
from app.law.lives import PaperState, ScanRole
from app.law.offices import Actor, Role
from app.law.service import Mode, Place, Service, Witness
from app.law.steps import Step
from app.packets.seal import demo_seal
from app.papers import catalogue
from app.papers.kinds import Life
from app.records import accounts, audit, cases, offices, packets, papers, students
from app.records.students import NewGuardian, NewStudent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.actions.desk import Desk
    from app.papers.kinds import Raw
    from app.records.database import Db

OF_NOBODY = frozenset({"set_up", "set_day", "publish_year", "set_vacation", "sign_in_failed"})
"""What may have been done in a register that the demo still may enter: no office, account or pupil is anybody's yet."""
CITY, TOWNSHIP, COUNTY, SCHOOL = "640400", "640422100", "640422", "YS640422001"
STRANGER, STRANGER_SCHOOL = "640425100", "YS640425001"


@dataclass(frozen=True)
class Person:
    """A demo account as it is printed."""

    login: str
    password: str
    name: str
    roles: list[str]
    office: str


ACCOUNTS = (
    ("school", "演示杨老师", SCHOOL, (Role.SCHOOL_CLERK,), ""),
    ("principal", "演示海校长", SCHOOL, (Role.PRINCIPAL,), ""),
    ("township", "演示王干事", TOWNSHIP, (Role.TOWNSHIP_CLERK,), "演示640499001"),
    ("township2", "演示苏干事", TOWNSHIP, (Role.TOWNSHIP_CLERK,), "演示640499002"),
    ("leader", "演示李乡长", TOWNSHIP, (Role.TOWNSHIP_LEADER,), "演示640499003"),
    ("county", "演示赵科员", COUNTY, (Role.COUNTY_CLERK,), "演示640499004"),
    ("bureau", "演示马局长", COUNTY, (Role.COUNTY_LEADER,), ""),
    ("seal", "演示纳管理员", TOWNSHIP, (Role.SEAL_KEEPER,), ""),
    ("elsewhere", "演示陈干事", STRANGER, (Role.TOWNSHIP_CLERK,), ""),
    ("admin", "演示黑科长", CITY, (Role.ADMINISTRATOR,), ""),
)
PUPILS = (
    # name, ID without check digit, grade, guardian, guardian's ID without check digit, relation, first absent day
    ("演示马小燕", "64049920110315002", 8, "演示马明远", "64049919850612001", "父亲", None),
    ("演示海犇堃", "64049920120901001", 8, "演示海志强", "64049919830420003", "父亲", date(2026, 10, 12)),
    ("演示马依拉·阿卜杜热合曼", "64049920130204002", 7, "演示阿卜杜热合曼·买买提", "64049919800917001", "父亲",
     date(2026, 9, 21)),
    ("演示苏淼", "64049920140522004", 6, "演示苏建国", "64049919860111005", "父亲", date(2026, 11, 9)),
    ("演示李㛃", "64049920120718006", 8, "演示李永福", "64049919840303007", "父亲", date(2026, 11, 16)),
    ("演示杨𬭸喆", "64049920110105003", 9, "演示杨德海", "64049919790808009", "父亲", date(2026, 9, 7)),
)


def make(desk: Desk) -> tuple[Person, ...]:
    """Offices, accounts and pupils with cases at several steps. Passwords are random and shown once.

    Made already, only the passwords are new. Raises Refused in a register that holds anybody else.
    """
    if made_already(desk):
        return tuple(_person(desk, each, manage_accounts.reset_password(
            desk, None, manage_accounts.id_of(desk, each[0]), must_change=False)) for each in ACCOUNTS)
    _make_offices(desk)
    people = []
    for login, name, office, roles, cert_no in ACCOUNTS:
        password = manage_accounts.add_account(desk, None, manage_accounts.NewAccount(
            login, name, office, frozenset(roles), cert_no, must_change=False))
        people.append(_person(desk, (login, name, office, roles, cert_no), password))
    cast = Cast(desk)
    _lay_seal(desk, cast)
    opened = [(cast.pupil(*pupil[:6]), pupil[6]) for pupil in PUPILS]
    started = [(student, cast.case(student, day)) for student, day in opened if day is not None]
    cast.report(started[1][1], date(2026, 9, 30))
    cast.report(started[4][1], date(2026, 9, 16))
    cast.admonish(started[4][1], datetime(2026, 9, 17, 9, 30), "演示杨德海")  # noqa: DTZ001  (local time)
    cast.order(started[4][1], date(2026, 9, 21), approve=False)
    return tuple(people)


def made_already(desk: Desk) -> bool:
    """Whether the demo is in the register. Raises Refused when anything of somebody else is: asked before any write."""
    with desk.register.reading() as db:
        ours = sum(_is_ours(db, *each[:3]) for each in ACCOUNTS)
        total, done = accounts.count(db), audit.verbs(db)
    if total > ours or (ours < len(ACCOUNTS) and not done <= OF_NOBODY):
        raise Refused("登记库里已有正式数据，不能写入演示数据。", advice="请另设一个 FANXIAO_INSTANCE 目录做演示。")
    return ours == len(ACCOUNTS)


def _is_ours(db: Db, login: str, name: str, office: str) -> bool:
    """An official may bear the same login: name and office have to be the demo's too."""
    found = accounts.find_login(db, login)
    place = offices.find_code(db, office)
    return found is not None and place is not None and (found.name, found.office_id) == (name, place.id)


def _person(desk: Desk, account: tuple[str, str, str, tuple[Role, ...], str], password: str) -> Person:
    login, name, office, roles, _ = account
    with desk.register.reading() as db:
        place = offices.load_code(db, office).name
    return Person(login, password, name, [role.label for role in roles], place)


def _make_offices(desk: Desk) -> None:
    manage_offices.add_school(desk, None, manage_offices.NewSchool(SCHOOL, "西吉县演示中学", TOWNSHIP))
    manage_offices.add_school(desk, None, manage_offices.NewSchool(STRANGER_SCHOOL, "彭阳县演示中学", STRANGER))
    for code, organ_code, contact, phone in (
        (SCHOOL, "演示中学", "演示杨老师", "0954-2000001"), (TOWNSHIP, "演示吉强政", "演示王干事", "0954-2000002"),
        (COUNTY, "演示西教体", "演示赵科员", "0954-2000003"), (STRANGER, "演示政", "演示陈干事", "0954-2000004"),
    ):
        manage_offices.set_office(desk, None, manage_offices.OfficeSettings(code, organ_code, contact, phone))


def _lay_seal(desk: Desk, cast: Cast) -> None:
    """Where pictures are allowed, the township's 样章: uploaded by its keeper, approved by its leader."""
    if desk.settings.seal_policy == "image":
        asked = manage_seals.NewSeal("样章（演示）", demo_seal(), "样章.png", 42.0)
        manage_seals.approve_seal(desk, cast.leader, manage_seals.upload_seal(desk, cast.keeper, asked))


def walk(desk: Desk, out: Path, say: Callable[[str], None]) -> list[Path]:
    """One case from the school's report to the signed file (stories 2, 4, 5 and the file of 10); answers the files."""
    if not made_already(desk):
        raise NeedsPerson("登记库里没有演示数据。", advice="请先运行 flask demo。")
    cast = Cast(desk)
    say("学校登记学生，立案（首次缺课2026年9月7日）")
    with desk.register.reading() as db:
        student = students.list_students(db, cast.school, PUPILS[0][0])[0]
        known = cases.of_student(db, cast.school, student.id)
    case = known[-1].public_id if known else cast.case(student.public_id, date(2026, 9, 7))
    with desk.register.reading() as db:
        done = {each.step for each in cases.load_case(db, cast.clerk, case).steps}
    for step, words, act in cast.story(case):
        if step not in done:
            say(words)
            act()
    say("编制卷宗：封面、目录、合并、骑缝章、签名、自检")
    return cast.file(case, out)


class Cast:
    """The demo's people, each doing what is theirs."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.school, self.principal = self._actor("school"), self._actor("principal")
        self.clerk, self.second, self.leader = (self._actor(login) for login in ("township", "township2", "leader"))
        self.keeper = self._actor("seal")

    def _actor(self, login: str) -> Actor:
        with self.desk.register.reading() as db:
            found = accounts.find_login(db, login)
        if found is None:
            raise NeedsPerson(f"没有演示账号 {login}。", advice="请先运行 flask demo。")
        return found.actor

    def pupil(self, name: str, id_seed: str, grade: int, guardian: str, guardian_seed: str, relation: str) -> str:
        """Register a pupil with one guardian; answers the public identifier."""
        number = with_check_digit(id_seed)
        with self.desk.register.reading() as db:
            school, township = offices.load_code(db, SCHOOL), offices.load_code(db, TOWNSHIP)
        address = "演示村一组（演示）"
        return register_student.register_student(self.desk, self.school, register_student.Enrolment(
            NewStudent(name=name, sex=number.sex, id_number=str(number), birth_date=number.birth_date,
                       student_status_no=f"G{number}", school_id=school.id, grade=grade, class_name="（2）班",
                       hukou_address=address, home_address=address, township_id=township.id, village="演示村",
                       caregiver=""),
            (NewGuardian(name=guardian, relation=relation, id_number=str(with_check_digit(guardian_seed)),
                         phone="13900000001", address=address),)))

    def case(self, student: str, first_absent_on: date) -> str:
        return open_case.open_case(self.desk, self.school, open_case.NewCase(student, first_absent_on, "F"))

    def story(self, case: str) -> tuple[tuple[Step, str, Callable[[], None]], ...]:
        """The steps of the case with what is told and what is done."""
        return (
            (Step.REPORT, "学校报告，校长签发，盖章扫描", partial(self.report, case, date(2026, 9, 16))),
            (Step.ADMONISH, "乡镇批评教育，笔录签名扫描",
             partial(self.admonish, case, datetime(2026, 9, 16, 15, 0), PUPILS[0][3])),  # noqa: DTZ001  (local time)
            (Step.ORDER, "责令限期改正通知书，乡长签发、编号、盖章", partial(self.order, case, date(2026, 9, 18))),
            (Step.SERVE, "9月18日在住所留置送达（村委会见证并拍照）", partial(self.serve_by_leaving, case)),
            (Step.CHECK, "9月29日复查：未返校", partial(self.check, case, date(2026, 9, 29))),
        )

    def report(self, case: str, on: date) -> None:
        first = on - timedelta(days=9)
        self._issue(self.school, self.principal, case, Step.REPORT, {
            "issue_date": on.isoformat(), "leave_status": "none",
            "actions": [
                {"date": first.isoformat(), "by": "班主任", "method": "电话联系", "result": "监护人称孩子不愿上学。"},
                {"date": (first + timedelta(days=1)).isoformat(), "by": "班主任、德育主任", "method": "入户走访",
                 "result": "见到学生本人和监护人，监护人表示暂不送返。"},
            ],
            "whereabouts": "学生现在家中，入户时见到本人。",
        })

    def admonish(self, case: str, start: datetime, person: str) -> None:
        self._record(case, Step.ADMONISH, {
            "start_at": _minute(start), "end_at": _minute(start + timedelta(minutes=50)),
            "place": "吉强镇人民政府二楼调解室（演示）", "officers": self._officers(), "recorder": self.second.name,
            "person": person, "id_checked": True, "rights_told": True,
            "rights_answer": "看清、听清了，不申请回避。",
            "qa": [
                {"question": "你与该学生是什么关系？", "answer": "我是孩子的父亲，孩子和我一起生活。"},
                {"question": "孩子从什么时候起没有到校？原因是什么？",
                 "answer": "自缺课之日起一直在家，孩子说跟不上，不想念了。没有生病，也没有请假。"},
                {"question": "你是否愿意送孩子返校？", "answer": "再和孩子商量，现在还不能答应。"},
            ],
            "guardian_stance": "reason", "stance_note": "表示要与孩子商量，暂不能确定返校日期。",
        })

    def order(self, case: str, on: date, *, approve: bool = True) -> None:
        self._issue(self.clerk, self.leader, case, Step.ORDER, {
            "issue_date": on.isoformat(), "serve_on": on.isoformat(), "term_days": "7", "deadline_mode": "fixed",
        }, approve=approve)

    def serve_by_leaving(self, case: str) -> None:
        """The father refuses to sign: left at home before the village's witness, with photos (民事诉讼法第八十九条)."""
        with self.desk.register.reading() as db:
            loaded = cases.load_case(db, self.clerk, case)
            guardian = students.load_by_key(db, self.clerk, loaded.student_id).guardians[0]
            rows = papers.of_case(db, self.clerk, loaded.id)
        order = next(each for each in rows if catalogue.paper(each.kind).served and each.state is PaperState.ISSUED)
        receipt = next(each for each in rows if each.follows_id == order.id)
        record_service.record_service(self.desk, self.clerk, record_service.NewService(
            paper=order.public_id, guardian_id=guardian.id,
            service=Service(mode=Mode.LEAVE, servers=(self.clerk.name, self.second.name), place=Place.HOME,
                            served_at=datetime(2026, 9, 18, 19, 30), refused=True,  # noqa: DTZ001  (local time)
                            refusal_reason="称孩子不愿上学，拒绝签收。", witness_name="演示村主任",
                            witness=Witness.VILLAGE),
            proof=keep_scan.Upload(demo_scans.photo("2026年9月18日19时30分　留置送达"), "送达照片.png"),
            receipt=keep_scan.Upload(self._scan(receipt, stamped=False, words="拒签　见证人：演示村主任"), "回证.pdf")))

    def check(self, case: str, on: date) -> None:
        self._record(case, Step.CHECK, {
            "checked_on": on.isoformat(), "method": "school", "place": "演示中学八年级（2）班教室",
            "officers": self._officers(), "present": "no",
            "findings": "查看班级考勤，当日该生未到校，座位空置；电话联系其父，称孩子仍在家中。",
            "excuse": "其父称孩子仍不愿上学，没有提出其他理由。", "next": "village",
        })

    def file(self, case: str, out: Path) -> list[Path]:
        """Bind the case and write the signed file, the roots of trust and the parts to `out`."""
        packet_id = compile_file.compile_file(self.desk, self.clerk, case)
        work_jobs.work_all(self.desk)
        with self.desk.register.reading() as db:
            packet = packets.load_packet(db, self.clerk, packet_id)
            rows = papers.of_case(db, self.clerk, packet.case_id)
            head = audit.head(db)
        if packet.pdf_sha is None:
            raise NeedsPerson("卷宗没有制成。", advice=packet.problem or "请查看后台任务。")
        made = {f"{packet.case_no}-卷宗.pdf": self.desk.vault.get(packet.pdf_sha), "审计链头.txt": f"{head}\n".encode()}
        made |= {f"{number:02d}-{row.title}.pdf": self.desk.vault.get(row.pdf_sha)
                 for number, row in enumerate(rows, 1) if row.pdf_sha}
        made |= {f"信任根-{number}.pem": root for number, root in enumerate(self.desk.keyholder.trusted(), 1)}
        return self.desk.hand_out(out, made)

    def _officers(self) -> list[dict[str, str]]:
        return [{"name": each.name, "cert_no": each.cert_no} for each in (self.clerk, self.second)]

    def _issue(self, drafter: Actor, approver: Actor, case: str, step: Step, typed: dict[str, Raw], *,
               approve: bool = True) -> None:
        paper = self._draft(drafter, case, step, typed)
        submit_paper.submit_paper(self.desk, drafter, paper)
        work_jobs.work_all(self.desk)
        if not approve:
            return
        approve_paper.approve_paper(self.desk, approver, paper)
        work_jobs.work_all(self.desk)
        with self.desk.register.reading() as db:
            row = papers.load_paper(db, drafter, paper)
        keep_scan.keep_scan(self.desk, drafter, keep_scan.NewScan(paper, ScanRole.STAMPED, keep_scan.Upload(
            self._scan(row, stamped=True, words="盖章件"), "盖章件.pdf")))

    def _record(self, case: str, step: Step, typed: dict[str, Raw]) -> None:
        paper = self._draft(self.clerk, case, step, typed)
        submit_paper.finish_record(self.desk, self.clerk, paper)
        work_jobs.work_all(self.desk)
        with self.desk.register.reading() as db:
            row = papers.load_paper(db, self.clerk, paper)
        keep_scan.keep_scan(self.desk, self.clerk, keep_scan.NewScan(paper, ScanRole.SIGNED_RECORD, keep_scan.Upload(
            self._scan(row, stamped=False, words="被教育人、执法人员"), "签名件.pdf")))

    def _draft(self, actor: Actor, case: str, step: Step, typed: dict[str, Raw]) -> str:
        kind = next(each.kind for each in catalogue.PAPERS
                    if each.step is step and each.life in (Life.ISSUED, Life.RECORD))
        paper = draft_paper.start_draft(self.desk, actor, case, kind)
        with self.desk.register.reading() as db:
            row = papers.load_paper(db, actor, paper)
        draft_paper.save_draft(self.desk, actor, paper, dict(row.typed) | typed, row.version)
        return paper

    def _scan(self, row: papers.Paper, *, stamped: bool, words: str) -> bytes:
        if row.pdf_sha is None:
            raise NeedsPerson(f"《{row.title}》没有制成。", advice=row.problem or "请查看后台任务。")
        return demo_scans.scan(self.desk.press, self.desk.vault.get(row.pdf_sha), stamped=stamped, words=words)


def with_check_digit(seventeen: str) -> IdentityNumber:
    """The number of area 640499 with its check character (GB 11643-1999)."""
    for last in "0123456789X":
        try:
            return IdentityNumber.parse(seventeen + last)
        except ValueError:
            continue
    raise ValueError(seventeen)


def _minute(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")

