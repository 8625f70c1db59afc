"""Set an installation up: schema, offices, working days, secret and demo authority (flask init)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import number_rules
from app.actions.back_up import RESTORED
from app.errors import Refused
from app.law import rights
from app.law.offices import Level, Office
from app.outside import lock, secret, shipped
from app.records import audit, held, offices, rolls, schema, sessions, workdays

if TYPE_CHECKING:
    from datetime import datetime

    from app.actions.desk import Desk
    from app.records.database import Db


def set_up(desk: Desk) -> tuple[str, ...]:
    """Bring the installation up to this version; answers in Chinese what was done. Doing it again changes nothing."""
    done: list[str] = []
    now = desk.clock.now()
    backup = desk.settings.instance / f"register-{now:%Y%m%dT%H%M%SZ}.bak"
    with lock.held(desk.settings.instance / "init.lock"):
        if schema.upgrade(desk.register, backup):
            done.append("登记库已建好或升级")
        secret.make(desk.settings.secret_path)
        if not desk.keyholder.has_key:
            desk.keyholder.make_demo_authority(now)
            done.append("已生成演示签名证书（仅供演示）")
        if (desk.settings.instance / RESTORED).exists():
            done.append(_end_of_that_day(desk, now))
        with desk.change() as db:
            if filled := rolls.fill_keys(db):
                done.append(f"已为{filled}名学生补上拼音")
            if not offices.count(db):
                workdays.seed(db, shipped.working_days())
                done.append(f"已录入{_seed_offices(db)}个单位、2024—2026年工作日历")
                audit.append(db, None, "set_up", "office", 0, now)
    return tuple(done)


def require_ready(desk: Desk) -> None:
    """Pass if the register is of this version and not fresh from a backup. Raises Refused that names `flask init`."""
    schema.require_head(desk.register)
    if (desk.settings.instance / RESTORED).exists():
        raise Refused("登记库刚从备份恢复，还没有收尾，服务没有启动。",
                      advice="请先运行 flask init（会结束备份当时的登录）。")


def _end_of_that_day(desk: Desk, now: datetime) -> str:
    """Whoever was signed in when the backup was made, and may have been shut out since, is out; the rest stays."""
    mark = desk.settings.instance / RESTORED
    with desk.change() as db:
        ended = sessions.end_everybody(db, now)
        held.prune(db, now)
        audit.append(db, None, "restore", "register", 0, now, sha256=mark.read_text("ascii"), sessions=ended)
    mark.unlink()
    return f"已从备份恢复，结束了{ended}个当时的登录"


def _seed_offices(db: Db) -> int:
    city_code, city = shipped.CITY
    offices.add(db, _office(city_code, f"/{city_code}/", Level.CITY, f"{city}教育体育局", f"{city}教育体育局", city))
    paths = {}
    for county in shipped.counties():
        paths[county.code] = (f"/{city_code}/{county.code}/", county.name)
        bureau = f"{county.name}教育体育局"
        offices.add(db, _office(county.code, paths[county.code][0], Level.COUNTY, bureau,
                                f"{rights.area_name(county.name)}教育体育局", county.name))
    for each in shipped.divisions():
        path, county_name = paths[each.county_code]
        name = f"{each.name}{'办事处' if each.is_street else '人民政府'}"
        offices.add(db, _office(each.code, f"{path}{each.code}/", Level.TOWNSHIP, name,
                                f"{rights.area_name(county_name)}{name}", each.name, is_street=each.is_street))
    return 1 + len(paths) + len(shipped.divisions())


def _office(code: str, path: str, level: Level, name: str, full_name: str, area: str, *,
            is_street: bool = False) -> Office:
    return Office(id=0, code=code, path=path, level=level, name=name, full_name=full_name, area_name=area,
                  is_street=is_street)


def start_series(desk: Desk, office_code: str, series: str, year: int, first: int) -> None:
    """Let a number series begin at `first`, because the numbers before it were given on paper."""
    now = desk.clock.now()
    with desk.change() as db:
        office = offices.load_code(db, office_code)
        number_rules.write_start(db, None, office, number_rules.Start(series, year, first), now)
