"""What else waits for a person than the next step of a case: each a line with a light, words and a way to the act."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import url_for

from app.errors import FanxiaoError
from app.law.deadlines import chinese_date
from app.law.lives import PaperState, Production
from app.law.powers import Power, allowed
from app.outside import disk, fonts
from app.records import duties, failed, jobs, workdays
from app.web import measures
from app.web.lights import Light

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.records.database import Db
    from app.records.papers import Paper

LONG = timedelta(minutes=5)
"""A job that waits no longer than this is not worth a line."""
MOST_SIGNED = 10
"""Papers signed on paper that are named one by one."""
OLDEST_BACKUP_DAYS = 2
CERTIFICATE_DAYS = 30
PUBLISHED_FROM_MONTH = 11
"""The State Council tells the next year's holidays in November; before that nobody misses them."""


@dataclass(frozen=True)
class Duty:
    """One line: what it is, how urgent, and where it is done (`href` is "" where only a look helps)."""

    light: Light
    what: str
    note: str = ""
    button: str = ""
    href: str = ""


def of_papers(actor: Actor, rows: Sequence[Paper]) -> tuple[Duty, ...]:
    """Papers of the own office that came back to be corrected, and those that could not be made."""
    own = [row for row in rows if row.office_id == actor.office_id]
    found = []
    if allowed(actor, Power.DRAFT_PAPER):
        found += [Duty(Light("y", "退回要改"), f"《{row.title}》{row.student_name}", row.returned_note, "去修改",
                       url_for("papers.show" if row.late else "drafts.edit", public_id=row.public_id))
                  for row in own if row.state is PaperState.DRAFT and row.returned_note]
        found += [Duty(Light("r", "没有制成"), f"《{row.title}》{row.student_name}", row.problem, "看原因并重做",
                       url_for("papers.show", public_id=row.public_id))
                  for row in own if row.production is Production.NEEDS_PERSON]
    return tuple(found)


def of_accounts(desk: Desk, db: Db, actor: Actor) -> tuple[Duty, ...]:
    """Who reset this person's password or code, and when; a leader sees it of the whole office.

    Whoever resets a leader's can sign in as the leader: the leader, and the others of the office, shall see it.
    """
    found = duties.resets(db, actor, desk.clock.now(), office=allowed(actor, Power.APPROVE_PAPER))
    when = {each: desk.clock.local(each.at) for each in found}
    return tuple(Duty(
        Light("y", f"{each.what}被重置"),
        f"{chinese_date(when[each].date())}{when[each]:%H:%M}，{each.by or '系统运维人员'}重置了"
        f"{'您' if each.own else each.name}的{each.what}",
        "不是您要求的，请马上告诉本单位领导和上级管理员。" if each.own else "请向本人核实是不是本人要求的。")
        for each in found)


def of_signed(desk: Desk, db: Db, actor: Actor) -> tuple[Duty, ...]:
    """What others registered as signed on paper by this person, who alone can say whether it was so."""
    if not allowed(actor, Power.APPROVE_PAPER):
        return ()
    found = duties.signed_for(db, actor, desk.clock.now())
    lines = [Duty(Light("n", "纸上签发"), f"以您的名义登记的纸上签发：《{each.title}》{each.doc_no}",
                  f"{each.by}{chinese_date(desk.clock.day_of(each.at))}登记。不是您签的，请马上作废并告诉上级管理员。",
                  "看原文和稿纸", url_for("papers.show", public_id=each.paper)) for each in found[:MOST_SIGNED]]
    if (more := len(found) - MOST_SIGNED) > 0:
        lines.append(Duty(Light("n", f"还有{more}份"), "近30天以您的名义登记的纸上签发", "", "看发文登记簿",
                          url_for("register.index")))
    return tuple(lines)


def of_service(desk: Desk, db: Db, actor: Actor) -> tuple[Duty, ...]:
    """How the installation is, for the administrator; empty for everybody else."""
    if not allowed(actor, Power.MANAGE_JOBS):
        return ()
    return (*_jobs(db, actor), *_waiting(desk, db), *_backup(desk), *_calendar(desk, db), *_certificate(desk),
            *_fonts(), *_disk(desk))


def of_watch(desk: Desk, db: Db, actor: Actor) -> tuple[Duty, ...]:
    """What an auditor looks at: how much happened in the last week of what deserves a look."""
    if not allowed(actor, Power.VIEW_AUDIT):
        return ()
    counts = duties.week(db, actor, desk.clock.now())
    found = [Duty(Light("y", f"{counts[verb]}次"), f"近7天{words}") for verb, words in duties.WATCHED.items()
             if counts.get(verb)] or [Duty(Light("g", "平静"), "近7天没有要留意的办理")]
    return (*found[:-1], replace(found[-1], button="去查留痕", href=url_for("audit.index")))


def _jobs(db: Db, actor: Actor) -> Iterator[Duty]:
    count = failed.count(db, actor)
    yield Duty(Light("r" if count else "g", f"{count}件"), "失败任务", "" if count else "后台任务都做成了。",
               "去处理" if count else "查看", url_for("jobs.index"))


def _backup(desk: Desk) -> Iterator[Duty]:
    made = measures.last_backup(desk)
    if made is None:
        yield Duty(Light("r", "从未备份"), "备份", "请在服务器上运行 flask backup，并把备份文件存到别处。")
        return
    days = (desk.clock.today() - desk.clock.day_of(made)).days
    yield Duty(Light("r" if days > OLDEST_BACKUP_DAYS else "g", f"{days}天前" if days else "今天"), "上次备份",
               "备份太久以前，请运行 flask backup。" if days > OLDEST_BACKUP_DAYS else "")


def _calendar(desk: Desk, db: Db) -> Iterator[Duty]:
    today, days = desk.clock.today(), workdays.load(db)
    lacks = [year for year in _years(today) if not days.published(year)]
    yield Duty(Light("y", f"{'、'.join(map(str, lacks))}年未录入") if lacks else Light("g", "已录入"), "放假安排",
               "未录入的年份按周末推算期限，公布后请用 flask calendar 录入。" if lacks else "")


def _years(today: date) -> tuple[int, ...]:
    return (today.year, today.year + 1) if today.month >= PUBLISHED_FROM_MONTH else (today.year,)


def _certificate(desk: Desk) -> Iterator[Duty]:
    try:
        key = desk.keyholder.key() if desk.keyholder.has_key else None
    except FanxiaoError as error:
        yield Duty(Light("r", "打不开"), "签名证书", f"{error.what}{error.advice}")
        return
    if key is None:
        yield Duty(Light("r", "没有"), "签名证书", "请运行 flask init。")
        return
    left = (desk.clock.day_of(key.not_after) - desk.clock.today()).days
    tone = "r" if left < 0 else "y" if left <= CERTIFICATE_DAYS else "g"
    note = "现用演示证书，正式使用前请换成本单位的证书。" if key.is_demo else ""
    yield Duty(Light(tone, f"还有{left}天到期" if left >= 0 else f"过期{-left}天"), "签名证书", note)


def _fonts() -> Iterator[Duty]:
    lacks = fonts.ready()
    yield Duty(Light("r" if lacks else "g", f"缺{len(lacks)}种" if lacks else "齐全"), "字体", "；".join(lacks))


def _disk(desk: Desk) -> Iterator[Duty]:
    free = disk.free(desk.settings.instance)
    note = "文书已停止制作，请清理或扩容，之后会自动继续。" if free < disk.FLOOR_BYTES else "请清理或扩容。"
    low = free < disk.WARN_BYTES
    yield Duty(Light("r" if low else "g", f"剩余{free / 2**30:.1f} GB"), "磁盘", note if low else "")


def _waiting(desk: Desk, db: Db) -> Iterator[Duty]:
    """What keeps work from being begun: the press or the disk, in our own words."""
    if held_up := jobs.held_up(db, desk.clock.now() - LONG):
        yield Duty(Light("r", "等着"), "文书制作", held_up.problem)


def of_seals(db: Db, actor: Actor, opens: Callable[[str], bool]) -> tuple[Duty, ...]:
    """Seals and uses that wait for this person: a leader approves, the keeper sees to what could not be laid."""
    asked = (("seals.index", duties.seals_to_approve, Power.APPROVE_SEAL, "印章图样等审批"),
             ("seals.index", duties.uses_to_approve, Power.APPROVE_SEAL, "用印申请等审批"),
             ("seals.uses", duties.uses_that_failed, Power.APPLY_SEAL, "用印已批准，没有盖成"))
    found = []
    for endpoint, count, power, words in asked:
        if allowed(actor, power) and opens(endpoint) and (number := count(db, actor)):
            found.append(Duty(Light("y", f"{number}件"), words, "", "去办理", url_for(endpoint)))
    return tuple(found)
