"""The order of a file and its page ranges."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.packets import contents
from app.packets.contents import Item


def item(title: Any, pdf: bytes, day: Any = None, **more: Any) -> Item:
    return Item(title=title, pdf=pdf, date=dt.date(2026, 9, day) if day else None, **more)


def test_papers_stand_by_date_and_each_order_is_followed_by_its_receipt(document: Any) -> None:
    one = document()
    found = contents.in_order([
        item("回证二", one, 20, follows="b"), item("命令二", one, 10, key="b"), item("照片", one),
        item("命令一", one, 2, key="a"), item("回证一", one, 15, follows="a"), item("复查", one, 12),
    ])
    assert [each.title for each in found] == ["命令一", "回证一", "命令二", "回证二", "复查", "照片"]


def test_two_papers_of_one_day_keep_the_order_they_came_in(document: Any) -> None:
    one = document()
    assert [each.title for each in contents.in_order([item("甲", one, 3), item("乙", one, 3)])] == ["甲", "乙"]


def test_page_ranges_run_through_and_leave_the_front_out(document: Any) -> None:
    plan = contents.plan([item("甲", document(3), 1), item("乙", document(1), 2), item("丙", document(2), 3)], 2)
    assert [(each.first, each.last, each.pages) for each in plan.rows] == [(1, 3, "1–3"), (4, 4, "4"), (5, 6, "5–6")]
    assert (plan.total, plan.front_pages) == (6, 2)


def test_the_front_matter_does_not_move_the_numbers(document: Any) -> None:
    items = [item("甲", document(2), 1)]
    assert contents.plan(items, 1).rows == contents.plan(items, 9).rows


def test_an_order_made_by_a_person_is_kept(document: Any) -> None:
    items = [item("后", document(), 9), item("先", document(), 1)]
    assert [each.title for each in contents.plan(items, reorder=False).rows] == ["后", "先"]


@pytest.mark.parametrize(("made", "word"), [
    (lambda one: [], "没有材料"),
    (lambda one: [item("回证", one, follows="x")], "不在卷内"),
    (lambda one: [item("甲", one, key="a", follows="a")], "不在卷内"),
    (lambda one: [item("甲", one, key="a", follows="b"), item("乙", one, key="b", follows="a")], "无法排序"),
    (lambda one: [item("甲", one, key="a"), item("乙", one, key="a")], "同一个编号"),
    (lambda _: [item("坏件", b"%PDF-1.7 nothing")], "坏件"),
])
def test_what_cannot_be_planned_is_refused(document: Any, made: Any, word: Any) -> None:
    with pytest.raises(Refused, match=word) as caught:
        contents.plan(made(document()))
    assert caught.value.advice


@given(days=st.lists(st.tuples(st.integers(1, 28), st.booleans()), min_size=1, max_size=12))
def test_nothing_is_lost_or_doubled_and_receipts_stay_beside_their_order(days: Any) -> None:
    items = []
    for number, (day, receipt) in enumerate(days):
        items.append(Item(title=f"{number}", key=f"{number}", pdf=b"", date=dt.date(2026, 9, day)))
        if receipt:
            items.append(Item(title=f"{number}r", follows=f"{number}", pdf=b"", date=dt.date(2026, 9, 28)))
    titles = [each.title for each in contents.in_order(items[::-1])]
    assert sorted(titles) == sorted(each.title for each in items)
    for title in titles:
        if title.endswith("r"):
            assert titles[titles.index(title) - 1] == title[:-1]
