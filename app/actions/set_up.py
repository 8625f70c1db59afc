"""Set an installation up: schema, offices, working days, secret and demo authority (flask init)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import Refused
from app.law import rights
from app.law.identity import parse_phone
from app.law.names import PersonName
from app.law.numbering import DocumentNumber
from app.law.offices import Level, Office
from app.outside import lock, secret, shipped
from app.records import audit, numbers, offices, schema, workdays

if TYPE_CHECKING:
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
        with desk.change() as db:
            if not offices.count(db):
                workdays.seed(db, shipped.working_days())
                done.append(f"已录入{_seed_offices(db)}个单位、2024—2026年工作日历")
                audit.append(db, None, "set_up", "office", 0, now)
    return tuple(done)


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


@dataclass(frozen=True)
class NewSchool:
    """A school under its township: a code of its own, the everyday name."""

    code: str
    name: str
    township_code: str


def add_school(desk: Desk, asked: NewSchool) -> None:
    """Enter a school into the tree."""
    now = desk.clock.now()
    with desk.change() as db:
        township = offices.load_code(db, asked.township_code)
        if offices.find_code(db, asked.code):
            raise Refused(f"单位代码 {asked.code} 已经用了。", where="code", advice="请换一个代码。")
        key = offices.add(db, _office(asked.code, f"{township.path}{asked.code}/", Level.SCHOOL, asked.name, asked.name,
                                      asked.name))
        audit.append(db, None, "add_school", "office", key, now)


@dataclass(frozen=True)
class OfficeSettings:
    """What an office prints: 机关代字 of its numbers, contact and telephone of its papers; "" leaves it as it is."""

    code: str
    organ_code: str = ""
    contact: str = ""
    phone: str = ""
    name: str = ""
    full_name: str = ""


def set_office(desk: Desk, asked: OfficeSettings) -> None:
    """Change what an office prints from now on; issued papers keep their words."""
    now = desk.clock.now()
    values = _parsed(asked)
    with desk.change() as db:
        office = offices.load_code(db, asked.code)
        offices.change(db, office.id, **values)
        audit.append(db, None, "set_office", "office", office.id, now, changed=sorted(values))


def _parsed(asked: OfficeSettings) -> dict[str, str]:
    """The values that are given, each parsed by its type. Raises Refused with the name of the value."""
    parsers = {"contact": lambda text: str(PersonName.parse(text)), "phone": parse_phone}
    values = {}
    for name, value in vars(asked).items():
        if value and name != "code":
            try:
                values[name] = parsers.get(name, str.strip)(value)
            except ValueError as error:
                raise Refused(str(error), where=name) from None
    if values.get("organ_code"):
        try:
            DocumentNumber(values["organ_code"], "字", 2000, 1)
        except ValueError as error:
            raise Refused(str(error), where="organ_code") from None
    return values


def start_series(desk: Desk, office_code: str, series: str, year: int, first: int) -> None:
    """Let a number series begin at `first`, because the numbers before it were given on paper."""
    now = desk.clock.now()
    with desk.change() as db:
        office = offices.load_code(db, office_code)
        numbers.start_at(db, office.organ_code, series, year, first)
        audit.append(db, None, "start_series", "office", office.id, now, series=series, year=year, first=first)


def lay_seal(desk: Desk, office_code: str, png: bytes) -> None:
    """Keep the approved seal picture of an office (used only where `seal_policy` is `image`)."""
    address = desk.vault.put(png)
    now = desk.clock.now()
    with desk.change() as db:
        office = offices.load_code(db, office_code)
        offices.change(db, office.id, seal_sha=address)
        audit.append(db, None, "lay_seal", "office", office.id, now, sha256=address)
