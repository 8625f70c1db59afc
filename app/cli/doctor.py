"""Every outside part, each ok, warn or fail, with what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.actions import sweep_files
from app.actions.desk import open_desk
from app.errors import FanxiaoError
from app.outside import disk, fonts, secret
from app.outside.press import running_press
from app.records import audit, jobs, schema, workdays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.actions.desk import Desk
    from app.settings import Settings

LONG = timedelta(minutes=5)
SHOWN = 20


@dataclass(frozen=True)
class Finding:
    """One part and how it is: state ok, warn or fail."""

    part: str
    state: str
    message: str
    advice: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at every part. Nothing is changed but a press started for the look when none is running."""
    desk = open_desk(settings)
    mail = Finding("邮件", "ok", "已设置") if settings.mail_url else Finding("邮件", "warn", "没有设置，系统不发邮件。")
    base = list(database(desk))
    known = [*_register(desk), *_clock(desk)] if all(each.state == "ok" for each in base) else []
    return [*base, *bell(desk), *known, *_key(desk), *_disk(settings), *_fonts(), *_press(settings), mail]


def database(desk: Desk) -> Iterator[Finding]:
    """Which database the register lives in, and whether it answers."""
    try:
        yield Finding("数据库", "ok", desk.register.version())
    except FanxiaoError as error:
        yield Finding("数据库", "fail", error.what, error.advice)


def bell(desk: Desk) -> Iterator[Finding]:
    """What wakes the workers, and whether it answers."""
    rings = desk.doorbell.hangs()
    kind = desk.doorbell.kind
    yield Finding("队列服务", "ok" if rings else "fail", kind if rings else f"{kind}没有应答",
                  "" if rings else "，已登记的任务不会丢，恢复后自动继续；请查看 queue_url 和该服务。")


def _register(desk: Desk) -> Iterator[Finding]:
    if schema.behind(desk.register):
        yield Finding("登记库", "fail", "没有建好或版本不符。", "请运行 flask init。")
        return
    with desk.register.reading() as db:
        yield Finding("登记库", "ok", f"版本{schema.head()}")
        bad = audit.first_bad(db)
        yield Finding("留痕链", "ok" if bad is None else "fail", "完整" if bad is None else f"第{bad}条起与链不符",
                      "" if bad is None else "，请立即停用并保全现场。")
        failed = jobs.failed(db)
        yield Finding("队列", "warn" if failed else "ok", f"失败{len(failed)}件，待做{jobs.open_count(db)}件",
                      "，请在案卷页重做或查看原因。" if failed else "")
        held_up = jobs.held_up(db, desk.clock.now() - LONG)
    if held_up:
        yield Finding("制作", "warn", f"有任务一直等着：{held_up.problem}", "原因消除后自动继续。")
    lost, _ = sweep_files.look(desk)
    yield Finding("文件库", "fail" if lost else "ok",
                  f"缺{len({each.address for each in lost})}个登记过的文件" if lost else "登记过的文件都在",
                  "，请从备份恢复：" + "、".join(f"{each.address}（{each.table} {each.row}）" for each in lost[:SHOWN])
                  if lost else "")


def _key(desk: Desk) -> Iterator[Finding]:
    if desk.keyholder.has_key:
        key = desk.keyholder.key()
        if key.is_demo:
            yield Finding("签名证书", "warn", "现用演示证书。", "正式使用前请换成本单位的证书。")
        else:
            over = key.not_after <= desk.clock.now()
            yield Finding("签名证书", "fail" if over else "ok", f"本单位证书，有效期至{key.not_after:%Y-%m-%d}",
                          "，已过期，请更换。" if over else "")
    else:
        yield Finding("签名证书", "fail", "没有签名证书。", "请运行 flask init。")
    try:
        secret.read(desk.settings.secret_path)
        yield Finding("密钥", "ok", "已有")
    except FanxiaoError as error:
        yield Finding("密钥", "fail", error.what, error.advice)


def _disk(settings: Settings) -> Iterator[Finding]:
    free = disk.free(settings.instance)
    if free < disk.FLOOR_BYTES:
        yield Finding("磁盘", "fail", f"剩余{free / 2**30:.1f} GiB，文书已停止制作。", "请清理或扩容，之后会自动继续。")
        return
    low = free < disk.WARN_BYTES
    yield Finding("磁盘", "warn" if low else "ok", f"剩余{free / 2**30:.1f} GiB", "，请清理或扩容。" if low else "")


def _fonts() -> Iterator[Finding]:
    lacks = fonts.ready()
    yield Finding("字体", "fail" if lacks else "ok", "；".join(str(each) for each in lacks) or "齐全")


def _press(settings: Settings) -> Iterator[Finding]:
    try:
        with running_press(settings) as press:
            health = press.health()
    except FanxiaoError as error:
        yield Finding("LibreOffice", "fail", error.what, error.advice)
        return
    walls = str(health.get("obstacle") or "")
    yield Finding("LibreOffice", "warn" if walls else "ok", walls or "可用，隔离有效")


def _clock(desk: Desk) -> Iterator[Finding]:
    with desk.register.reading() as db:
        if schema.behind(desk.register):
            return
        days = workdays.load(db)
    year = desk.clock.today().year
    lacks = [each for each in (year, year + 1) if not days.published(each)]
    yield Finding("时钟", "ok", f"{desk.clock.local(desk.clock.now()):%Y-%m-%d %H:%M}（{desk.clock.zone}）")
    yield Finding("工作日历", "warn" if lacks else "ok",
                  f"{'、'.join(str(each) for each in lacks)}年假期未公布，按周末推算" if lacks else "已录入",
                  "，公布后请录入。" if lacks else "")
