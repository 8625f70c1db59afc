"""The demo's people at work: each does what is theirs, through the same actions as everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from app.actions import (
    approve_paper,
    compile_file,
    demo_scans,
    draft_paper,
    import_pupils,
    keep_scan,
    open_case,
    record_service,
    register_student,
    submit_paper,
    work_jobs,
)
from app.actions.demo_people import SCHOOL, TOWNSHIP, VILLAGES, School, sheet
from app.errors import NeedsPerson
from app.intake.school_list import COLUMNS
from app.law.identity import IdentityNumber
from app.law.lives import PaperState, ScanRole
from app.law.service import Mode, Place, Service, Witness
from app.law.steps import Step
from app.papers import catalogue
from app.papers.kinds import Life
from app.records import accounts, audit, cases, offices, packets, papers, students
from app.records.students import NewGuardian, NewStudent
from app.reports import ledger

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.actions.demo_people import Births
    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.papers.kinds import Paper, Raw


@dataclass(frozen=True)
class Pupil:
    """A pupil who is registered one by one, with one guardian."""

    name: str
    id_number: str
    grade: int
    guardian: str
    guardian_id: str
    relation: str
    village: str = VILLAGES[0]


class Cast:
    """The demo's people, each doing what is theirs."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.school, self.principal = self.actor("school"), self.actor("principal")
        self.clerk, self.second, self.leader = (self.actor(login) for login in ("township", "township2", "leader"))
        self.keeper = self.actor("seal")

    def actor(self, login: str) -> Actor:
        with self.desk.register.reading() as db:
            found = accounts.find_login(db, login)
        if found is None:
            raise NeedsPerson(f"没有演示账号 {login}。", advice="请先运行 flask demo。")
        return found.actor

    def bring_list(self, school: School, rows: Sequence[dict[str, str]]) -> None:
        """Import a school's list as its clerk does: taken in, looked at, confirmed."""
        actor = self.actor(school.login)
        book = ledger.workbook("学生名单", [(words, 16) for words in COLUMNS.values()], sheet(rows))
        batch = import_pupils.receive_list(self.desk, actor, book, f"{school.name}学生名单.xlsx")
        with self.desk.register.reading() as db:
            _, plan = import_pupils.look_at_list(self.desk, actor, db, batch)
        import_pupils.import_pupils(self.desk, actor, batch, plan.digest)

    def enrol(self, name: str, guardian: str, births: Births, relation: str = "父亲") -> str:
        """Register a pupil of grade seven or eight whose case is told; answers the public identifier."""
        grade, sex = births.chance.choice((7, 8)), births.chance.choice("男女")
        number = births.number(births.pupil(grade), sex)
        parent = births.number(births.adult(births.chance.randrange(34, 46)), "男")
        return self.pupil(Pupil(name, number, grade, guardian, parent, relation, births.chance.choice(VILLAGES)))

    def pupil(self, asked: Pupil) -> str:
        """Register a pupil with one guardian; answers the public identifier."""
        number = IdentityNumber.parse(asked.id_number)
        with self.desk.register.reading() as db:
            school, township = offices.load_code(db, SCHOOL), offices.load_code(db, TOWNSHIP)
        address = f"吉强镇{asked.village}一组（演示）"
        return register_student.register_student(self.desk, self.school, register_student.Enrolment(
            NewStudent(name=asked.name, sex=number.sex, id_number=str(number), birth_date=number.birth_date,
                       student_status_no=f"G{number}", school_id=school.id, grade=asked.grade, class_name="（2）班",
                       hukou_address=address, home_address=address, township_id=township.id, village=asked.village,
                       caregiver=""),
            (NewGuardian(name=asked.guardian, relation=asked.relation, id_number=asked.guardian_id,
                         phone="13900000001", address=address),)))

    def notice(self, login: str, name: str, first_absent_on: date) -> str:
        """Open a case for a pupil of an imported list."""
        actor = self.actor(login)
        with self.desk.register.reading() as db:
            student = students.list_students(db, actor, name)[0].public_id
        return open_case.open_case(self.desk, actor, open_case.NewCase(student, first_absent_on, "F"))

    def case(self, student: str, first_absent_on: date, code: str = "F") -> str:
        return open_case.open_case(self.desk, self.school, open_case.NewCase(student, first_absent_on, code))

    def report(self, case: str, on: date, *, upto: str = "stamped") -> None:
        first = on - timedelta(days=9)
        self._issue(self.school, self.principal, case, Step.REPORT, {
            "issue_date": on.isoformat(), "leave_status": "none",
            "actions": [
                {"date": first.isoformat(), "by": "班主任", "method": "电话联系", "result": "监护人称孩子不愿上学。"},
                {"date": (first + timedelta(days=1)).isoformat(), "by": "班主任、德育主任", "method": "入户走访",
                 "result": "见到学生本人和监护人，监护人表示暂不送返。"},
            ],
            "whereabouts": "学生现在家中，入户时见到本人。",
        }, upto=upto)

    def admonish(self, case: str, start: datetime, person: str, *, signed: bool = True) -> None:
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
        }, signed=signed)

    def order(self, case: str, on: date, *, term: int = 7, upto: str = "stamped") -> str:
        return self._issue(self.clerk, self.leader, case, Step.ORDER, {
            "issue_date": on.isoformat(), "serve_on": on.isoformat(), "term_days": str(term),
            "deadline_mode": "fixed",
        }, upto=upto)

    def serve(self, case: str, told: Service, proof: keep_scan.Upload | None = None) -> None:
        """Enter the service on the first guardian with the signed receipt."""
        with self.desk.register.reading() as db:
            loaded = cases.load_case(db, self.clerk, case)
            guardian = students.load_by_key(db, self.clerk, loaded.student_id).guardians[0]
            rows = papers.of_case(db, self.clerk, loaded.id)
        order = next(each for each in rows if catalogue.paper(each.kind).served and each.state is PaperState.ISSUED)
        receipt = next(each for each in rows if each.follows_id == order.id)
        words = f"拒签　见证人：{told.witness_name}" if told.refused else guardian.name
        record_service.record_service(self.desk, self.clerk, record_service.NewService(
            paper=order.public_id, guardian_id=guardian.id, service=told, proof=proof,
            receipt=keep_scan.Upload(self._scan(receipt, stamped=False, words=words), "回证.pdf")))

    def serve_by_leaving(self, case: str) -> None:
        """The father refuses to sign: left at home before the village's witness, with photos (民事诉讼法第八十九条)."""
        self.serve(case, Service(
            mode=Mode.LEAVE, servers=(self.clerk.name, self.second.name), place=Place.HOME,
            served_at=datetime.combine(date(2026, 9, 18), time(19, 30)), refused=True,
            refusal_reason="称孩子不愿上学，拒绝签收。", witness_name="演示村主任", witness=Witness.VILLAGE),
            keep_scan.Upload(demo_scans.photo("2026年9月18日19时30分　留置送达"), "送达照片.png"))

    def check(self, case: str, on: date) -> None:
        self._record(case, Step.CHECK, {
            "checked_on": on.isoformat(), "method": "school", "place": "演示中学八年级（2）班教室",
            "officers": self._officers(), "present": "no",
            "findings": "查看班级考勤，当日该生未到校，座位空置；电话联系其父，称孩子仍在家中。",
            "excuse": "其父称孩子仍不愿上学，没有提出其他理由。", "next": "village",
        })

    def bind(self, case: str) -> packets.Packet:
        """Compile, bind and sign the file of a case."""
        packet_id = compile_file.compile_file(self.desk, self.clerk, case)
        work_jobs.work_all(self.desk)
        with self.desk.register.reading() as db:
            packet = packets.load_packet(db, self.clerk, packet_id)
        if packet.pdf_sha is None:
            raise NeedsPerson("卷宗没有制成。", advice=packet.problem or "请查看后台任务。")
        return packet

    def file(self, case: str, out: Path) -> list[Path]:
        """Bind the case and write the signed file, the roots of trust and the parts to `out`."""
        packet = self.bind(case)
        with self.desk.register.reading() as db:
            rows = papers.of_case(db, self.clerk, packet.case_id)
            head = audit.head(db)
        made = {f"{packet.case_no}-卷宗.pdf": self.desk.vault.get(packet.pdf_sha or ""),
                "审计链头.txt": f"{head}\n".encode()}
        made |= {f"{number:02d}-{row.title}.pdf": self.desk.vault.get(row.pdf_sha)
                 for number, row in enumerate(rows, 1) if row.pdf_sha}
        made |= {f"信任根-{number}.pem": root for number, root in enumerate(self.desk.keyholder.trusted(), 1)}
        return self.desk.hand_out(out, made)

    def kind(self, step: Step) -> Paper:
        """The paper on which a step stands."""
        return next(each for each in catalogue.PAPERS
                    if each.step is step and each.life in (Life.ISSUED, Life.RECORD))

    def _officers(self) -> list[dict[str, str]]:
        return [{"name": each.name, "cert_no": each.cert_no} for each in (self.clerk, self.second)]

    def _issue(self, drafter: Actor, approver: Actor, case: str, step: Step, typed: dict[str, Raw], *,
               upto: str) -> str:
        """A paper up to `draft`, `frozen` (sent, not yet printed), `submitted`, `issued` or `stamped`; answers it."""
        paper = self._draft(drafter, case, step, typed)
        if upto == "draft":
            return paper
        submit_paper.submit_paper(self.desk, drafter, paper)
        if upto == "frozen":
            return paper
        work_jobs.work_all(self.desk)
        if upto == "submitted":
            return paper
        approve_paper.approve_paper(self.desk, approver, paper)
        work_jobs.work_all(self.desk)
        if upto == "stamped":
            self._keep(drafter, paper, ScanRole.STAMPED, "盖章件")
        return paper

    def _record(self, case: str, step: Step, typed: dict[str, Raw], *, signed: bool = True) -> None:
        paper = self._draft(self.clerk, case, step, typed)
        submit_paper.finish_record(self.desk, self.clerk, paper)
        work_jobs.work_all(self.desk)
        if signed:
            self._keep(self.clerk, paper, ScanRole.SIGNED_RECORD, "被教育人、执法人员")

    def _keep(self, actor: Actor, paper: str, role: ScanRole, words: str) -> None:
        with self.desk.register.reading() as db:
            row = papers.load_paper(db, actor, paper)
        scanned = self._scan(row, stamped=role is ScanRole.STAMPED, words=words)
        keep_scan.keep_scan(self.desk, actor, keep_scan.NewScan(paper, role, keep_scan.Upload(
            scanned, f"{role.label}.pdf")))

    def _draft(self, actor: Actor, case: str, step: Step, typed: dict[str, Raw]) -> str:
        paper = draft_paper.start_draft(self.desk, actor, case, self.kind(step).kind)
        with self.desk.register.reading() as db:
            row = papers.load_paper(db, actor, paper)
        draft_paper.save_draft(self.desk, actor, paper, dict(row.typed) | typed, row.version)
        return paper

    def _scan(self, row: papers.Paper, *, stamped: bool, words: str) -> bytes:
        if row.pdf_sha is None:
            raise NeedsPerson(f"《{row.title}》没有制成。", advice=row.problem or "请查看后台任务。")
        return demo_scans.scan(self.desk.press, self.desk.vault.get(row.pdf_sha), stamped=stamped, words=words)


def _minute(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
