"""The sheet of a service becomes the law's own type."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from werkzeug.datastructures import MultiDict

from app.forms.service import groups, service_form, service_of
from app.law.service import Mode, Place, Proxy, Witness

PARTIES = {"7": "演示马明远（父亲）"}
SERVERS = {"guardian": "7", "servers-0-name": "王干事", "servers-1-name": "苏干事"}


def filled(mode: Mode, **given: str) -> MultiDict[str, str]:
    return MultiDict(SERVERS | given)


def test_a_paper_left_at_home() -> None:
    sheet = service_form(Mode.LEAVE, PARTIES, filled(
        Mode.LEAVE, place="home", served_at="2026-09-18T19:30", refusal_reason="拒收", witness_name="演示主任",
        witness="village"))
    assert sheet.check(), sheet.problems
    told = service_of(sheet, Mode.LEAVE)
    assert (told.mode, told.servers, told.place) == (Mode.LEAVE, ("王干事", "苏干事"), Place.HOME)
    assert told.served_at == datetime(2026, 9, 18, 19, 30)  # noqa: DTZ001  (local time)
    assert (told.witness_name, told.witness, told.proxy) == ("演示主任", Witness.VILLAGE, None)


def test_a_grandmother_who_signed() -> None:
    sheet = service_form(Mode.DIRECT, PARTIES, filled(
        Mode.DIRECT, place="home", served_at="2026-09-18T19:30", proxy_name="演示奶奶", proxy_relation="母亲",
        proxy_age="66", proxy_family="y"))
    assert sheet.check(), sheet.problems
    assert service_of(sheet, Mode.DIRECT).proxy == Proxy("演示奶奶", "母亲", 66, cohabiting=False, family=True)


def test_by_post() -> None:
    sheet = service_form(Mode.POST, PARTIES, filled(Mode.POST, tracking_no="EMS1", received_on="2026-09-25"))
    assert sheet.check(), sheet.problems
    told = service_of(sheet, Mode.POST)
    assert (told.tracking_no, told.received_on, told.served_at) == ("EMS1", date(2026, 9, 25), None)


@pytest.mark.parametrize("mode", Mode)
def test_every_mode_asks_only_for_what_it_needs_and_refuses_an_empty_sheet(mode: Mode) -> None:
    sheet = service_form(mode, PARTIES, MultiDict({"x": "y"}))
    assert not sheet.check()
    names = [each.name for group in groups(mode, PARTIES) for each in group.fields]
    assert len(names) == len(set(names))


def test_a_party_that_is_not_on_the_list_is_refused() -> None:
    sheet = service_form(Mode.POST, PARTIES, filled(
        Mode.POST, guardian="8", tracking_no="EMS1", received_on="2026-09-25"))
    assert not sheet.check()
    assert sheet.problems[0].where == "guardian"
