"""Every action with whoever may do it and where the thread then stands: the promises about all run over these."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import app.actions
from app.actions import (
    approve_paper,
    compile_file,
    consent_late,
    draft_paper,
    enter_late,
    export_ledger,
    export_register,
    file_scans,
    import_offices,
    import_pupils,
    keep_scan,
    manage_accounts,
    manage_offices,
    manage_seals,
    mind_jobs,
    number_rules,
    open_case,
    produce_again,
    record_service,
    register_signed,
    register_student,
    reissue_paper,
    reveal_identity,
    roll_over,
    settle_draft,
    submit_paper,
    undo_batch,
    use_seal,
    void_file,
    void_paper,
    withdraw_service,
)
from app.errors import NotVisible, Refused
from app.forms.paper_form import form_for
from app.intake.sheets import SheetText
from app.law.lives import ScanRole
from app.law.offices import Role
from app.law.service import Mode, Service
from app.packets.seal import demo_seal
from app.papers import catalogue
from app.papers.merge import Pick
from app.records import accounts, jobs, packets, papers, services
from app.records.issued import Sought
from tests.fake_press import FakePress
from tests.lists import listed, pupil
from tests.people import SCHOOL, STRANGERS, TOWNSHIP, upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.law.offices import Actor
    from tests.people import Cast

NOT_ACTS = {
    "draft_paper.look_at_draft": "reads only; its visibility is proven with the queries",
    "import_offices.look_at_offices": "reads only; what it says of another's office is proven with the import",
    "sign_in.end_others": "ends one's own other sessions; names nobody else's thing",
    "sign_in.sign_out": "ends one's own session; names nobody else's thing",
    "note_look": "the look log, outside the chain, of children whom the page has loaded; proven with the log",
    "export_audit": "names nobody's thing; what it shows of others is proven with the query of the audit lines",
    "register_signed.print_slip": "reads only; a stranger's paper is not found, as every page proves",
    "demo": "invented people for the demo",
    "keep_scan.file_scan": "how keep_scan and file_scans enter what they checked; proven with both",
    "keep_scan.keep_whole": "cleans and compares the scan of a paper that the caller has loaded in its own charge",
}


@dataclass(frozen=True)
class Act:
    """`prepare` brings the thread to the point and answers what is then to be done by an actor."""

    stage: str
    who: str
    prepare: Callable[[Cast], Callable[[Actor], object]]
    lines: int = 1
    """Audit lines that one act leaves."""
    strangers: tuple[str, ...] = STRANGERS
    """Who holds the power elsewhere, and sees nothing here."""


def _register(cast: Cast) -> Callable[[Actor], object]:
    asked = cast.enrolment()
    return lambda actor: register_student.register_student(cast.desk, actor, asked)


def _correct(cast: Cast) -> Callable[[Actor], object]:
    student, asked, seen = cast.student, cast.enrolment(village="演示新村"), cast.fingerprint()
    return lambda actor: register_student.correct_student(cast.desk, actor, student, asked, seen)


def _list(cast: Cast) -> str:
    return import_pupils.receive_list(cast.desk, cast.school, listed([pupil(1), pupil(2)]), "名单.xlsx")


def _digest(cast: Cast, batch: str) -> str:
    with cast.desk.register.reading() as db:
        return import_pupils.look_at_list(cast.desk, cast.school, db, batch)[1].digest


def _import(cast: Cast) -> Callable[[Actor], object]:
    batch = _list(cast)
    seen = _digest(cast, batch)
    return lambda actor: import_pupils.import_pupils(cast.desk, actor, batch, seen)


def _undo(cast: Cast) -> Callable[[Actor], object]:
    batch = _list(cast)
    import_pupils.import_pupils(cast.desk, cast.school, batch, _digest(cast, batch))
    return lambda actor: undo_batch.undo_batch(cast.desk, actor, batch)


def _roll_over(cast: Cast) -> Callable[[Actor], object]:
    school = cast.school.office_id
    with cast.desk.register.reading() as db:
        seen = roll_over.look_at_roll_over(cast.desk, cast.school, db, school).digest
    return lambda actor: roll_over.roll_over(cast.desk, actor, school, 9, seen)


def _open(cast: Cast) -> Callable[[Actor], object]:
    asked = open_case.NewCase(cast.student, date(2026, 9, 7), "F")
    return lambda actor: open_case.open_case(cast.desk, actor, asked)


def _start(cast: Cast) -> Callable[[Actor], object]:
    return lambda actor: draft_paper.start_draft(cast.desk, actor, case, "rectification_order") if (
        case := cast.case) else None


def _drafted(cast: Cast) -> str:
    return cast.draft_order()


def _submitted(cast: Cast) -> str:
    return cast.submit_order()


def _save(cast: Cast) -> Callable[[Actor], object]:
    row = cast.load(_drafted(cast))
    return lambda actor: draft_paper.save_draft(cast.desk, actor, row.public_id, {"findings": "改"}, row.version)


def _beside(cast: Cast) -> tuple[str, str]:
    """A draft, and the clerk's own sheet beside it, typed on top of a version that another has changed."""
    row = cast.load(_drafted(cast))
    theirs, mine = dict(row.typed) | {"findings": "对方的"}, dict(row.typed) | {"findings": "我的"}
    draft_paper.save_draft(cast.desk, cast.people["second"], row.public_id, theirs, row.version)
    return row.public_id, draft_paper.save_draft(cast.desk, cast.clerk, row.public_id, mine, row.version).keep_id


def _use_keep(cast: Cast) -> Callable[[Actor], object]:
    paper, keep = _beside(cast)
    fields = form_for(catalogue.paper("rectification_order"), {}).fields
    version = cast.load(paper).version
    return lambda actor: settle_draft.use_keep(cast.desk, actor, paper, keep, fields, {"findings": Pick.MINE}, version)


def _drop_keep(cast: Cast) -> Callable[[Actor], object]:
    paper, keep = _beside(cast)
    return lambda actor: settle_draft.drop_keep(cast.desk, actor, paper, keep)


def _on(paper: Callable[[Cast], str], act: Callable[..., Any], *more: Any) -> Callable[[Cast], Callable[[Actor], Any]]:
    def prepare(cast: Cast) -> Callable[[Actor], Any]:
        public_id = paper(cast)
        return lambda actor: act(cast.desk, actor, public_id, *more)

    return prepare


def _record(cast: Cast) -> str:
    return cast.draft(cast.clerk, "criticism_record", cast.admonish_words())


def _order(cast: Cast) -> str:
    return cast.paper("rectification_order").public_id


def _keep(cast: Cast) -> Callable[[Actor], object]:
    asked = keep_scan.NewScan(_order(cast), ScanRole.STAMPED, upload("另一份盖章件"), "已对照纸件核实")
    return lambda actor: keep_scan.keep_scan(cast.desk, actor, asked)


def _file(cast: Cast) -> Callable[[Actor], object]:
    sheet = cast.desk.vault.get(cast.load(_order(cast)).pdf_sha or "")
    return lambda actor: file_scans.file_scans(cast.desk, actor, [keep_scan.Upload(sheet, "一摞.pdf")])


def with_pictures(cast: Cast) -> None:
    """From now on seal pictures are allowed at this desk."""
    cast.desk = replace(cast.desk, settings=replace(cast.desk.settings, seal_policy="image"))


def new_seal() -> manage_seals.NewSeal:
    return manage_seals.NewSeal("样章（演示）", demo_seal(), "样章.png", 42.0)


def _upload_seal(cast: Cast) -> Callable[[Actor], object]:
    with_pictures(cast)
    return lambda actor: manage_seals.upload_seal(cast.desk, actor, new_seal())


def uploaded_seal(cast: Cast) -> str:
    """A picture that waits for its approval."""
    with_pictures(cast)
    return manage_seals.upload_seal(cast.desk, cast.people["keeper"], new_seal())


def approved_seal(cast: Cast) -> str:
    """The township's seal, in use."""
    seal = uploaded_seal(cast)
    manage_seals.approve_seal(cast.desk, cast.leader, seal)
    return seal


def unsealed_order(cast: Cast) -> str:
    """An issued order, made and without any seal, of an office that has one."""
    paper = cast.submit_order()
    approve_paper.approve_paper(cast.desk, cast.leader, paper)
    cast.work()
    approved_seal(cast)
    return paper


def asked_use(cast: Cast) -> str:
    """A use that waits for its approval."""
    order = unsealed_order(cast)
    return use_seal.ask_seal(cast.desk, cast.clerk, order)


def _serve(cast: Cast) -> Callable[[Actor], object]:
    asked = record_service.NewService(
        _order(cast), cast.load_student().guardians[0].id,
        Service(mode=Mode.DIRECT, servers=("演示王干事", "演示苏干事"), served_at=datetime(2026, 9, 18, 19, 30)))  # noqa: DTZ001  (local time)
    cast.at(2026, 9, 18, 20)
    return lambda actor: record_service.record_service(cast.desk, actor, asked)


def _unserve(cast: Cast) -> Callable[[Actor], object]:
    order = _order(cast)
    with cast.desk.register.reading() as db:
        entry = services.of_paper(db, papers.load_paper(db, cast.clerk, order).id)[0].id
    return lambda actor: withdraw_service.withdraw_service(cast.desk, actor, order, entry, "日期登记错了")


def _compile(cast: Cast) -> Callable[[Actor], object]:
    case = cast.case
    return lambda actor: compile_file.compile_file(cast.desk, actor, case)


def _void_file(cast: Cast) -> Callable[[Actor], object]:
    with cast.desk.register.reading() as db:
        bound = packets.list_packets(db, cast.clerk)[0].public_id
    return lambda actor: void_file.void_file(cast.desk, actor, bound, "复查日期登记错了")


def _failed(cast: Cast) -> str:
    press = cast.desk.press
    assert isinstance(press, FakePress)
    press.faults.append(Refused("模板不能用。"))
    return _submitted(cast)


def _given_up(cast: Cast) -> int:
    """A job that failed for good: its paper waits for a person."""
    row = cast.load(_failed(cast))
    with cast.desk.register.transaction() as db:
        db.execute(jobs.jobs.update().where(jobs.jobs.c.kind == submit_paper.PRODUCE,
                                            jobs.jobs.c.subject_id == row.id)
                   .values(state="failed", attempts=3, problem="模板不能用。"))
        return int(db.execute(jobs.jobs.select().where(jobs.jobs.c.state == "failed")).one().id)


def _on_job(act: Callable[..., Any], *more: Any) -> Callable[[Cast], Callable[[Actor], Any]]:
    def prepare(cast: Cast) -> Callable[[Actor], Any]:
        job = _given_up(cast)
        return lambda actor: act(cast.desk, actor, job, *more)

    return prepare


def _office(name: str, *given: Any) -> Callable[[Cast], Callable[[Actor], object]]:
    def prepare(cast: Cast) -> Callable[[Actor], object]:
        manage_offices.add_classes(cast.desk, None, SCHOOL, 8, ["（9）班"])
        manage_offices.add_villages(cast.desk, None, TOWNSHIP, ["演示旧村"])
        if name == "reopen_school":
            manage_offices.close_school(cast.desk, None, SCHOOL)
        return lambda actor: getattr(manage_offices, name)(cast.desk, actor, *given)

    return prepare


def _person(name: str, *given: Any) -> Callable[[Cast], Callable[[Actor], object]]:
    def prepare(cast: Cast) -> Callable[[Actor], object]:
        key = cast.second.account_id
        if name == "enable_account":
            manage_accounts.disable_account(cast.desk, None, key)
        if name == "reset_second_factor":
            with cast.desk.change() as db:
                accounts.change(db, key, totp_secret="sealed")
        return lambda actor: getattr(manage_accounts, name)(cast.desk, actor, key, *given)

    return prepare


def _add_account(cast: Cast) -> Callable[[Actor], object]:
    asked = manage_accounts.NewAccount("ma", "演示马某", TOWNSHIP, frozenset({Role.SEAL_KEEPER}))
    return lambda actor: manage_accounts.add_account(cast.desk, actor, asked)


def _import_offices(cast: Cast) -> Callable[[Actor], object]:
    """Who is in charge elsewhere is told of no such township, as of one that is not there."""
    sheet = SheetText("村", hidden=False, rows=(("乡镇（街道）", "村（社区）"), (TOWNSHIP, "演示新村")))
    seen = import_offices.look_at_offices(cast.desk, None, [sheet]).fingerprint

    def act(actor: Actor) -> object:
        try:
            return import_offices.import_offices(cast.desk, actor, [sheet], seen)
        except Refused as refused:
            if [each.message for each in refused.problems] == [f"没有这个乡镇（街道）：{TOWNSHIP}。"]:
                raise NotVisible from refused
            raise

    return act


ADMIN = ("strange_admin",)
def _late_entry(cast: Cast) -> enter_late.LateEntry:
    return enter_late.LateEntry(date(2026, 9, 16), typed={"person": cast.load_student_name()}, scan=upload("原件"))


def _late(cast: Cast) -> str:
    return enter_late.enter_late(cast.desk, cast.clerk, cast.case, "criticism_record", _late_entry(cast))


def _enter_late(cast: Cast) -> Callable[[Actor], object]:
    case, entry = cast.case, _late_entry(cast)
    return lambda actor: enter_late.enter_late(cast.desk, actor, case, "criticism_record", entry)


def _enter_again(cast: Cast) -> Callable[[Actor], object]:
    paper, entry = _late(cast), _late_entry(cast)
    consent_late.return_late(cast.desk, cast.leader, paper, "扫描件不清")
    return lambda actor: enter_late.enter_again(cast.desk, actor, paper, entry)


def _sign(cast: Cast) -> Callable[[Actor], object]:
    paper = _submitted(cast)
    asked = register_signed.Signed(paper, cast.leader.account_id, date(2026, 9, 18),
                                   register_signed.draft_code(cast.load(paper)), scan=upload("签好的稿纸"))
    return lambda actor: register_signed.register_signed(cast.desk, actor, asked)


ACTS: dict[str, Act] = {
    "import_offices.import_offices": Act("cast", "admin", _import_offices, strangers=ADMIN),
    "manage_offices.add_school": Act("cast", "admin", _office(
        "add_school", manage_offices.NewSchool("S640422009", "演示小学", TOWNSHIP)), strangers=ADMIN),
    "manage_offices.set_office": Act("cast", "admin", _office(
        "set_office", manage_offices.OfficeSettings(TOWNSHIP, phone="0954-2000099")), strangers=ADMIN),
    "manage_offices.close_school": Act("cast", "admin", _office("close_school", SCHOOL), strangers=ADMIN),
    "manage_offices.reopen_school": Act("cast", "admin", _office("reopen_school", SCHOOL), strangers=ADMIN),
    "manage_offices.add_classes": Act("cast", "admin", _office("add_classes", SCHOOL, 8, ["（1）班"]), strangers=ADMIN),
    "manage_offices.remove_class": Act("cast", "admin", _office("remove_class", SCHOOL, 8, "（9）班"), strangers=ADMIN),
    "manage_offices.add_villages": Act("cast", "admin", _office("add_villages", TOWNSHIP, ["演示村"]), strangers=ADMIN),
    "manage_offices.remove_village": Act("cast", "admin", _office(
        "remove_village", TOWNSHIP, "演示旧村"), strangers=ADMIN),
    "manage_accounts.add_account": Act("cast", "admin", _add_account, strangers=ADMIN),
    "manage_accounts.change_account": Act("cast", "admin", _person("change_account", manage_accounts.AccountChange(
        "演示苏干事", frozenset({Role.TOWNSHIP_LEADER}))), strangers=ADMIN),
    "manage_accounts.disable_account": Act("cast", "admin", _person("disable_account"), strangers=ADMIN),
    "manage_accounts.enable_account": Act("cast", "admin", _person("enable_account"), strangers=ADMIN),
    "manage_accounts.reset_password": Act("cast", "admin", _person("reset_password"), strangers=ADMIN),
    "manage_accounts.reset_second_factor": Act("cast", "admin", _person("reset_second_factor"), strangers=ADMIN),
    "register_student.register_student": Act("cast", "school", _register),
    "register_student.correct_student": Act("enrolled", "school", _correct),
    "import_pupils.receive_list": Act("cast", "school", lambda cast: lambda actor: import_pupils.receive_list(
        cast.desk, actor, listed([pupil(1)]), "名单.xlsx"), lines=0, strangers=()),
    "import_pupils.import_pupils": Act("cast", "school", _import),
    "undo_batch.undo_batch": Act("enrolled", "school", _undo),
    "roll_over.roll_over": Act("enrolled", "school", _roll_over, strangers=("strange_school",)),
    "export_ledger.export_ledger": Act("enrolled", "school", lambda cast: lambda actor: export_ledger.export_ledger(
        cast.desk, actor, export_ledger.Asked()), strangers=()),
    "reveal_identity.reveal_identity": Act("enrolled", "clerk", _on(lambda cast: cast.student,
                                                                     reveal_identity.reveal_identity)),
    "open_case.open_case": Act("enrolled", "school", _open),
    "draft_paper.start_draft": Act("admonished", "clerk", _start),
    "draft_paper.save_draft": Act("admonished", "clerk", _save, lines=0),
    "settle_draft.use_keep": Act("admonished", "clerk", _use_keep),
    "settle_draft.drop_keep": Act("admonished", "clerk", _drop_keep),
    "submit_paper.submit_paper": Act("admonished", "clerk", _on(_drafted, submit_paper.submit_paper)),
    "submit_paper.finish_record": Act("reported", "clerk", _on(_record, submit_paper.finish_record)),
    "submit_paper.withdraw_paper": Act("admonished", "clerk", _on(_submitted, submit_paper.withdraw_paper)),
    "submit_paper.return_paper": Act("admonished", "leader", _on(_submitted, submit_paper.return_paper, "证据不足")),
    "approve_paper.approve_paper": Act("admonished", "leader", _on(_submitted, approve_paper.approve_paper)),
    "void_paper.void_paper": Act("ordered", "leader", _on(_order, void_paper.void_paper, "成文日期写错了")),
    "keep_scan.keep_scan": Act("ordered", "clerk", _keep),
    "file_scans.file_scans": Act("ordered", "clerk", _file),
    "manage_seals.upload_seal": Act("cast", "keeper", _upload_seal, strangers=()),
    "manage_seals.approve_seal": Act("cast", "leader", _on(uploaded_seal, manage_seals.approve_seal)),
    "manage_seals.refuse_seal": Act("cast", "leader", _on(uploaded_seal, manage_seals.refuse_seal, "尺寸不对")),
    "manage_seals.retire_seal": Act("cast", "keeper", _on(approved_seal, manage_seals.retire_seal, "换了新章"),
                                    strangers=()),
    "use_seal.ask_seal": Act("admonished", "clerk", _on(unsealed_order, use_seal.ask_seal)),
    "use_seal.approve_use": Act("admonished", "leader", _on(asked_use, use_seal.approve_use)),
    "use_seal.refuse_use": Act("admonished", "leader", _on(asked_use, use_seal.refuse_use, "文书有误")),
    "record_service.record_service": Act("ordered", "clerk", _serve),
    "withdraw_service.withdraw_service": Act("served", "leader", _unserve),
    "enter_late.enter_late": Act("reported", "clerk", _enter_late),
    "enter_late.enter_again": Act("reported", "clerk", _enter_again),
    "consent_late.consent_late": Act("reported", "leader", _on(_late, consent_late.consent_late)),
    "consent_late.return_late": Act("reported", "leader", _on(_late, consent_late.return_late, "扫描件不清")),
    "register_signed.register_signed": Act("admonished", "second", _sign),
    "reissue_paper.reissue_paper": Act("ordered", "leader", _on(_order, reissue_paper.reissue_paper,
                                                                 "成文日期写错了")),
    "number_rules.start_own_series": Act("admonished", "leader", lambda cast: lambda actor: (
        number_rules.start_own_series(cast.desk, actor, TOWNSHIP, number_rules.Start("责改", 2026, 8)))),
    "number_rules.set_typed_numbers": Act("cast", "admin", lambda cast: lambda actor: (
        number_rules.set_typed_numbers(cast.desk, actor, TOWNSHIP, typed=True)), strangers=("strange_admin",)),
    "export_register.export_register": Act("ordered", "clerk", lambda cast: lambda actor: (
        export_register.export_register(cast.desk, actor, TOWNSHIP, Sought()))),
    "export_register.print_register": Act("ordered", "clerk", lambda cast: lambda actor: (
        export_register.print_register(cast.desk, actor, TOWNSHIP, Sought()))),
    "compile_file.compile_file": Act("checked", "clerk", _compile),
    "void_file.void_file": Act("filed", "leader", _void_file),
    "produce_again.produce_again": Act("admonished", "clerk", _on(_failed, produce_again.produce_again)),
    "mind_jobs.retry_job": Act("admonished", "admin", _on_job(mind_jobs.retry_job), strangers=("strange_admin",)),
    "mind_jobs.drop_job": Act("admonished", "admin", _on_job(mind_jobs.drop_job, "模板已经停用了"),
                              strangers=("strange_admin",)),
}


def all_actions() -> set[str]:
    """`module.function` of each public function of app.actions that takes a desk and an actor."""
    found = set()
    for path in Path(app.actions.__path__[0]).glob("[a-z]*.py"):
        module = import_module(f"app.actions.{path.stem}")
        found |= {f"{path.stem}.{name}" for name, each in vars(module).items()
                  if inspect.isfunction(each) and each.__module__ == module.__name__ and not name.startswith("_")
                  and {"desk", "actor"} <= set(inspect.signature(each).parameters)
                  and "db" not in inspect.signature(each).parameters}
    return found


def prepared(cast: Cast, name: str) -> tuple[Callable[[Actor], object], Callable[[], object]]:
    """The act for any actor, and the same by whoever may do it."""
    do = ACTS[name].prepare(cast)
    return do, partial(do, cast.people[ACTS[name].who])
