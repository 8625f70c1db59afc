"""What the register knows of a case, as raw values under the names of the catalogue's LEDGER and CONFIG fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.law import dropout
from app.law.lives import SIGNED_ON_PAPER, PaperState
from app.law.offices import Level, Office
from app.law.steps import Step
from app.papers import catalogue
from app.records import files, offices, papers, services, students, workdays

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from app.law.offices import Actor
    from app.papers.kinds import Paper, Raw
    from app.records.cases import Case
    from app.records.database import Db
    from app.records.papers import Paper as PaperRow
    from app.records.students import Student

HEARD = "heard"
"""Field of the papers that say who was heard."""


@dataclass(frozen=True)
class CaseView:
    """A case with everything its papers draw on, loaded in the actor's charge."""

    case: Case
    student: Student
    papers: tuple[PaperRow, ...]
    services: tuple[services.ServiceRow, ...]
    """Of the served paper that stands."""
    served: PaperRow | None
    school: Office
    township: Office
    county: Office
    vacations: tuple[tuple[date, date], ...]

    def absence_on(self, day: date) -> dropout.Absence:
        """The child's state on a day; a day before the first absent one is looked at as that day."""
        case = self.case
        return dropout.absence(case.first_absent_on, max(day, case.first_absent_on), case.returned_on, self.vacations)

    @property
    def unserved(self) -> tuple[str, ...]:
        """Guardians on whom the served paper was not yet served, by name."""
        done = {each.guardian_id for each in self.services}
        return tuple(each.name for each in self.student.guardians if each.id not in done)

    @property
    def records(self) -> tuple[tuple[str, PaperRow], ...]:
        """Records that stand, signed or not, each with the name of whom it heard."""
        return tuple((str((row.frozen or {}).get(hears, "")), row) for row in self.papers
                     if row.state is PaperState.ISSUED and (hears := catalogue.paper(row.kind).hears))

    @property
    def unrecorded(self) -> tuple[str, ...]:
        """Guardians whose hearing may still be recorded, by name; none once there is an order."""
        if self.case.day_of(Step.ORDER) is not None:
            return ()
        heard = {name for name, _ in self.records}
        return tuple(each.name for each in self.student.guardians if each.name not in heard)

    @property
    def deadline(self) -> date | None:
        """Last day of the order's term for the party whose term ends last; None until all are served."""
        ends = [each.deadline for each in self.services if each.deadline]
        return max(ends) if ends and not self.unserved else None

    @property
    def effective_on(self) -> date | None:
        """The day on which service took effect on the last party; None until all are served."""
        days = [each.effective_on for each in self.services]
        return max(days) if days and not self.unserved else None


def view(db: Db, actor: Actor, case: Case) -> CaseView:
    """Load what surrounds a case."""
    return views(db, actor, [case])[0]


def views(db: Db, actor: Actor, found: Sequence[Case]) -> list[CaseView]:
    """Load what surrounds each case, with as many queries for a hundred as for one."""
    pupils = students.of_cases(db, [each.student_id for each in found])
    rows = papers.of_cases(db, actor, [each.id for each in found])
    orders = {each.id: _served(each, rows[each.id]) for each in found}
    acts = services.of_papers(db, [each.id for each in orders.values() if each is not None])
    places, vacations = offices.load_all(db), workdays.load_vacations(db)
    by_id = {each.id: each for each in places.values()}
    return [
        CaseView(case=each, student=pupils[each.student_id], papers=rows[each.id], served=order,
                 services=acts[order.id] if order else (), school=by_id[each.school_id],
                 township=by_id[each.township_id], county=_county(each.township_path, places), vacations=vacations)
        for each in found for order in [orders[each.id]]
    ]


def _served(case: Case, rows: Sequence[PaperRow]) -> PaperRow | None:
    """The order that stands."""
    ordered = next((each.paper_id for each in case.steps if each.step is Step.ORDER), None)
    return next((each for each in rows if each.id == ordered and each.state is PaperState.ISSUED), None)


def _county(path: str, places: Mapping[str, Office]) -> Office:
    return next(places[code] for code in path.split("/") if code and places[code].level is Level.COUNTY)


def facts(db: Db, seen: CaseView, declared: Paper, office: Office, on: date) -> dict[str, Raw]:
    """The LEDGER and CONFIG values that `declared` asks for, as of the day `on`."""
    known = _case(seen, on) | _steps(seen) | _organ(seen, office, on)
    names = {each.name for each in declared.fields}
    if HEARD in names:
        known[HEARD] = _heard(db, seen, on)
    return {name: known[name] for name in known if name in names}


def _heard(db: Db, seen: CaseView, on: date) -> list[Mapping[str, Raw]]:
    """Who was heard, when and by which organ: a record counts when its signed scan is in."""
    return [{"name": name, "date": row.issue_date.isoformat(), "organ": (row.frozen or {}).get("organ", "")}
            for name, row in seen.records if row.issue_date is not None and row.issue_date <= on
            and any(each.role in SIGNED_ON_PAPER for each in files.of_paper(db, row.id))]


def _case(seen: CaseView, on: date) -> dict[str, Raw]:
    case, student = seen.case, seen.student
    absence = seen.absence_on(on)
    return {
        "case_no": case.case_no, "student_name": student.name, "sex": student.sex, "id_number": student.id_number,
        "birth_date": student.birth_date.isoformat(), "student_status_no": student.student_status_no,
        "school": student.school, "grade": str(student.grade), "class_name": student.class_name,
        "home_address": student.home_address, "township": f"{seen.county.area_name}{seen.township.area_name}",
        "village": student.village, "guardians": [_guardian(each) for each in student.guardians],
        "first_absent_date": case.first_absent_on.isoformat(), "absence": absence.state.value,
        "reason_code": case.reason_code,
    }


def _guardian(each: students.Guardian) -> dict[str, Raw]:
    return {"name": each.name, "relation": each.relation, "id_number": each.id_number, "phone": each.phone,
            "address": each.address}


def _steps(seen: CaseView) -> dict[str, Raw]:
    case, served = seen.case, seen.served

    def day(value: date | None) -> str:
        return value.isoformat() if value else ""

    return {
        "reported_on": day(case.day_of(Step.REPORT)), "admonished_on": day(case.day_of(Step.ADMONISH)),
        "order_no": served.doc_no if served else "", "order_date": day(served.issue_date if served else None),
        "served_on": day(seen.effective_on), "deadline": day(seen.deadline),
    }


def _organ(seen: CaseView, office: Office, on: date) -> dict[str, Raw]:
    return {
        "organ_level": office.level.value, "organ": office.full_name, "doc_no": "", "issue_date": on.isoformat(),
        "approver": "", "contact": office.contact, "phone": office.phone, "county_area": seen.county.area_name,
        "recipient_township": seen.township.full_name, "recipient_bureau": seen.county.full_name,
    }


def numbered(frozen: Mapping[str, Raw], *, doc_no: str, approver: str) -> dict[str, Raw]:
    """The frozen values with what only the approval gives."""
    return dict(frozen) | {name: value for name, value in (("doc_no", doc_no), ("approver", approver))
                           if name in frozen}
