"""A case at every step, reckoned back from the day on which the demo is made.

The clock is not moved: what was done earlier is dated earlier or entered late (补录), as an office that begins to use
the product does, and the pages say so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from app.actions import (
    consent_late,
    demo_scans,
    draft_paper,
    enter_late,
    manage_seals,
    reissue_paper,
    set_up,
    submit_paper,
    use_seal,
    work_jobs,
)
from app.actions.demo_people import SCHOOL, TOWNSHIP, Births
from app.actions.keep_scan import Upload
from app.law import dropout
from app.law.deadlines import due, first_check_day, next_working_day, previous_working_day
from app.law.service import Mode, Place, Service
from app.law.steps import Step
from app.outside import living
from app.packets.seal import demo_seal
from app.papers.merge import marks
from app.records import jobs, papers, workdays

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.actions.demo_cast import Cast
    from app.actions.desk import Desk
    from app.papers.kinds import Raw

DAY = timedelta(days=1)
TERMS = (7, 10, 5, 6, 8, 9, 4, 11, 12, 13, 14, 15, 3)
"""Terms of an order in days, the usual one first."""
OWN_NUMBERS_FROM = 41
"""Numbers before it were given on paper, before the offices began to use the product."""
FAILED = "打印服务三次没有制成这份文书（演示）。"


@dataclass(frozen=True)
class Dates:
    """The days of a case: first absence, report, hearing, order and its service, the order's term in days."""

    absent: date
    report: date
    admonish: date
    order: date
    term: int


class Calendar:
    """Days before and after today, by the register's own working days and vacations."""

    def __init__(self, desk: Desk) -> None:
        with desk.register.reading() as db:
            self.days, self.vacations = desk.lawbook(db).days, workdays.load_vacations(db)
        self.today = desk.clock.today()

    def worked(self, day: date) -> date:
        """The day itself if schools and offices work on it, else the last such day before it."""
        day = previous_working_day(day, self.days)
        while any(first <= day <= last for first, last in self.vacations):
            day = previous_working_day(day - DAY, self.days)
        return day

    def worked_ago(self, days: int) -> date:
        """The last such day that lies so many days back."""
        return self.worked(self.today - days * DAY)

    def absent_before(self, report: date) -> date:
        """A first absent day so early that the child is suspected on the day of the report."""
        day = self.worked(report - 10 * DAY)
        while True:
            suspected = dropout.absence(day, report, vacations=self.vacations).suspected_on
            if suspected is not None and suspected <= report:
                return day
            day = self.worked(day - DAY)

    def due_on(self, last: date) -> Dates:
        """A case whose order's term ends on the working day `last`."""
        found = [(last - days * DAY, days) for days in TERMS
                 if last - days * DAY < self.today and due(last - days * DAY, days, self.days).due == last]
        order, days = next((each for each in found if self.worked(each[0]) == each[0]), found[0])
        return self.ordered(order, days)

    def ordered(self, order: date, term: int = 7) -> Dates:
        """A case whose order is of that day."""
        admonish = self.worked(order - 2 * DAY)
        report = self.worked(admonish - 3 * DAY)
        return Dates(self.absent_before(report), report, admonish, order, term)

    @property
    def due_today(self) -> date:
        """Today, or the next working day: no term ends on another."""
        return next_working_day(self.today - DAY, self.days)


def make_cases(desk: Desk, cast: Cast, say: Callable[[str], None]) -> None:
    """Every state that a case can have, in the order of the steps."""
    staged = _Staged(desk, cast)
    staged.begin_numbers()
    for words, act in (
        ("刚登记缺课的", staged.noted), ("学校报告各阶段", staged.reports), ("批评教育各阶段", staged.hearings),
        ("责令改正各阶段", staged.orders), ("已送达、期限在走的", staged.served), ("复查和归档", staged.checked),
        ("补录、退回、作废重做、两人同改", staged.mishaps), ("印章和没有制成的", staged.waiting_for_others),
    ):
        say(f"个案：{words}")
        act()


class _Staged:
    """Puts one case after the other into its state."""

    def __init__(self, desk: Desk, cast: Cast) -> None:
        self.desk, self.cast, self.calendar = desk, cast, Calendar(desk)
        self.births, self.given = Births(self.calendar.today, start=250), Counter[str]()

    def begin_numbers(self) -> None:
        """Numbers on paper come before ours, in this year and in the one before it."""
        for year in (self.calendar.today.year - 1, self.calendar.today.year):
            set_up.start_series(self.desk, SCHOOL, "控辍", year, OWN_NUMBERS_FROM)
            set_up.start_series(self.desk, TOWNSHIP, "责改", year, OWN_NUMBERS_FROM)

    def noted(self) -> None:
        for name, days, code in (("演示田晓光", 2, "F"), ("演示禹佳怡", 6, "G"), ("演示伏文博", 16, "H")):
            self._open(name, self.calendar.worked_ago(days), code)

    def reports(self) -> None:
        on = self.calendar.worked_ago(0)
        absent = self.calendar.absent_before(on)
        self.cast.report(self._open("演示罗雅楠", absent), on, upto="draft")
        self.cast.report(self._open("演示虎志远", absent), on, upto="submitted")
        self.cast.report(self._open("演示海犇堃", absent), on)

    def hearings(self) -> None:
        days = self.calendar.ordered(self.calendar.worked_ago(1))
        waits = self._reported("演示妥子轩", days)
        self.cast.admonish(waits, datetime.combine(days.admonish, time(9, 30)), self._guardian("演示妥子轩"),
                           signed=False)
        self._admonished("演示苏淼", days)

    def orders(self) -> None:
        days = self.calendar.ordered(self.calendar.worked_ago(0))
        self._order("演示李㛃", days, "draft")
        self._order("演示锁春梅", days, "submitted")
        earlier = self.calendar.ordered(self.calendar.worked_ago(1))
        self.to_stamp = self._order("演示穆海峰", earlier, "issued")
        self._order("演示安欣悦", earlier, "stamped")

    def served(self) -> None:
        today, days = self.calendar.today, self.calendar.days
        last = self.calendar.due_today
        for name, end in (("演示丁天佑", last), ("演示陈梦瑶", next_working_day(last, days)),
                          ("演示马依拉·阿卜杜热合曼", previous_working_day(today - 6 * DAY, days)),
                          ("演示张彩霞", next_working_day(today + 7 * DAY, days))):
            self._served(name, self.calendar.due_on(end))

    def checked(self) -> None:
        end = previous_working_day(self.calendar.today - 12 * DAY, self.calendar.days)
        for name, present in (("演示纳玉洁", "yes"), ("演示柳建军", "no")):
            case = self._served(name, self.calendar.due_on(end))
            self._late(case, Step.CHECK, first_check_day(end, self.calendar.days), {"present": present})
        self._filed(previous_working_day(self.calendar.today - 20 * DAY, self.calendar.days))

    def _filed(self, end: date) -> None:
        """From the order on made here: order, receipt, check, and the bound and signed file."""
        days = self.calendar.due_on(end)
        case = self._order("演示杨𬭸喆", days, "stamped")
        self._serve(case, days)
        self.cast.check(case, first_check_day(end, self.calendar.days))
        self.cast.bind(case)

    def mishaps(self) -> None:
        days = self.calendar.ordered(self.calendar.worked_ago(0))
        back = self._order("演示王鹏", days, "frozen")
        submit_paper.return_paper(self.desk, self.cast.leader, back, "查明的事实请写明走访的日期和在场人。")
        wrong = self._order("演示解雨桐", days, "issued")
        reissue_paper.reissue_paper(self.desk, self.cast.leader, wrong, "成文后发现应送入的学校写错，重新制发。")
        late = self._open("演示撒思源", days.absent)
        self._late(late, Step.REPORT, days.report, {}, consent=False)
        self._two_editors(self._order("演示单宏伟", days, "draft"))

    def _two_editors(self, paper: str) -> None:
        """Two had the same draft open; what the second one typed lies beside it."""
        with self.desk.register.reading() as db:
            row = papers.load_paper(db, self.cast.clerk, paper)
        before = dict(row.typed)
        opened = draft_paper.Opened(row.version, marks(before))
        for actor, words in ((self.cast.second, "到校时请携带户口簿，由学校教务处办理返校登记。"),
                             (self.cast.clerk, "返校当日请监护人陪同到校。")):
            draft_paper.save_draft(self.desk, actor, paper, before | {"demand_more": words}, opened)

    def waiting_for_others(self) -> None:
        """For the leader a seal and a use of one, where pictures are allowed; for the administrator a failed job."""
        if self.desk.settings.seal_policy == "image":
            use_seal.ask_seal(self.desk, self.cast.clerk, self.to_stamp)
            manage_seals.upload_seal(self.desk, self.cast.keeper, manage_seals.NewSeal(
                "新样章（演示）", demo_seal(), "新样章.png", 40.0))
        days = self.calendar.ordered(self.calendar.worked_ago(0))
        self._order("演示仇静", days, "frozen")
        fail_job(self.desk)

    def _open(self, name: str, absent: date, code: str = "F") -> str:
        return self.cast.case(self.cast.enrol(name, self._guardian(name), self.births), absent, code)

    def _guardian(self, name: str) -> str:
        """The father's name, after the child's."""
        return f"{name[:3]}建国" if "·" not in name else "演示阿卜杜热合曼·买买提"

    def _reported(self, name: str, days: Dates) -> str:
        case = self._open(name, days.absent)
        self._late(case, Step.REPORT, days.report, {})
        return case

    def _admonished(self, name: str, days: Dates) -> str:
        case = self._reported(name, days)
        self._late(case, Step.ADMONISH, days.admonish, {"person": self._guardian(name)})
        return case

    def _order(self, name: str, days: Dates, upto: str) -> str:
        """An order made here, up to a state; answers the paper, for `stamped` the case."""
        case = self._admonished(name, days)
        paper = self.cast.order(case, days.order, term=days.term, upto=upto)
        return case if upto == "stamped" else paper

    def _served(self, name: str, days: Dates) -> str:
        case = self._admonished(name, days)
        self._late(case, Step.ORDER, days.order, {
            "term_days": str(days.term), "deadline_mode": "fixed", "serve_on": days.order.isoformat()})
        work_jobs.work_all(self.desk)
        self._serve(case, days)
        return case

    def _serve(self, case: str, days: Dates) -> None:
        servers = (self.cast.clerk.name, self.cast.second.name)
        self.cast.serve(case, Service(mode=Mode.DIRECT, servers=servers, place=Place.HOME,
                                      served_at=datetime.combine(days.order, time(16, 20))))

    def _late(self, case: str, step: Step, on: date, typed: Mapping[str, Raw], *, consent: bool = True) -> None:
        """A step that was done on paper, entered with its scan by one person and consented to by another."""
        school = step is Step.REPORT
        clerk, leader = (self.cast.school, self.cast.principal) if school else (self.cast.clerk, self.cast.leader)
        declared, number = self.cast.kind(step), ""
        if declared.series:
            self.given[declared.series] += 1
            organ = "演示中学" if school else "演示吉强政"
            number = f"{organ}{declared.series}〔{on.year}〕{self.given[declared.series]}号"
        scan = demo_scans.original(declared.title, f"{number}　{on:%Y-%m-%d}")
        paper = enter_late.enter_late(self.desk, clerk, case, declared.kind, enter_late.LateEntry(
            done_on=on, number=number, signed_by=leader.name if number else "", typed=typed,
            scan=Upload(scan, "纸质原件.png")))
        if consent:
            consent_late.consent_late(self.desk, leader, paper)


def fail_job(desk: Desk) -> None:
    """The jobs that wait now end as those do that the press could not do three times."""
    now = desk.clock.now()
    with desk.change() as db:
        for job_id in jobs.due(db, now):
            job = jobs.claim(db, job_id, now, living.hold())
            if job is not None and jobs.fail(db, job, FAILED, now, for_good=True):
                work_jobs.GIVE_UP[job.kind](db, job.subject_id, FAILED, now)
