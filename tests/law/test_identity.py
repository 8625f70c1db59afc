from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from app.law.identity import IdentityNumber, StudentNumber, masked, parse_phone

GIRL, BOY = "640499201103150022", "64049920120901001X"


@pytest.mark.parametrize(("text", "sex", "born", "warnings"), [
    ("11010519491231002X", "女", date(1949, 12, 31), ()),
    (GIRL, "女", date(2011, 3, 15), ("地区代码640499不在代码表中",)),
    (BOY, "男", date(2012, 9, 1), ("地区代码640499不在代码表中",)),
    ("640422201103150029", "女", date(2011, 3, 15), ()),
])
def test_a_valid_number_tells_sex_and_birth(
    text: str, sex: str, born: date, warnings: tuple[str, ...],
) -> None:
    number = IdentityNumber.parse(text)
    assert (str(number), number.sex, number.birth_date, number.warnings) == (text, sex, born, warnings)


@pytest.mark.parametrize("text", [
    "64049920120901001x", " 640499 20120901 001X ", "６４０４９９２０１２０９０１００１Ｘ",
    "640499\u300020120901\u00a0001ｘ",
])
def test_full_width_digits_spaces_and_a_small_x_are_folded(text: str) -> None:
    assert str(IdentityNumber.parse(text)) == BOY


@pytest.mark.parametrize(("text", "words"), [
    ("", "现有0位"), (GIRL[:-1], "现有17位"), (GIRL + "0", "现有19位"), ("640499110315002", "15位旧号码"),
    ("64049920110315O022", "第15位“O”应是数字，"), ("6404992011031500X2", "第17位“X”应是数字，"),
    ("64049920110315002A", "第18位“A”应是数字或X"), ("640499201113150022", "2011年13月15日不存在"),
    ("640499201102290022", "2011年2月29日不存在"), ("640499101103150022", "出生年份1011过早"),
    ("640499201103150023", "按前17位应为2，现为3"), ("64049920110315002²", "第18位"),
])
def test_a_faulty_number_is_refused_with_the_place(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        IdentityNumber.parse(text)
    assert GIRL[:14] not in str(refused.value)


def test_the_mask_shows_area_and_end_only_and_so_does_the_repr() -> None:
    number = IdentityNumber.parse(GIRL)
    assert number.masked == "640499********0022"
    assert "20110315" not in repr(number)


@pytest.mark.parametrize(("text", "shown"), [
    (GIRL, "640499********0022"), ("G" + BOY, "G640499********001X"), ("", ""), ("6404990022", "**********"),
    ("G6404990022", "***********"), ("64049910022", "640499*0022"),
])
def test_one_mask_serves_both_numbers_and_shows_nothing_of_a_short_one(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(("area", "known"), [
    ("642223", True), ("640421", True), ("640402", True), ("640499", False),
    ("330106", True), ("990106", False),
])
def test_an_unknown_area_is_a_warning_only(area: str, *, known: bool) -> None:
    body = f"{area}19800101001"
    assert (IdentityNumber.parse(body + mod_11_2.calc_check_digit(body)).warnings == ()) is known


@pytest.mark.parametrize(("on", "age"), [
    (date(2027, 3, 14), 15), (date(2027, 3, 15), 16), (date(2011, 3, 15), 0), (date(2027, 3, 16), 16),
])
def test_a_year_is_full_on_the_birthday(on: date, age: int) -> None:
    assert IdentityNumber.parse(GIRL).age_on(on) == age


def test_who_is_born_on_the_leap_day_is_older_on_the_first_of_march() -> None:
    body = "64049920120229001"
    number = IdentityNumber.parse(body + mod_11_2.calc_check_digit(body))
    assert number.age_on(date(2030, 2, 28)) == 17
    assert number.age_on(date(2030, 3, 1)) == 18


@pytest.mark.parametrize(("year", "passes"), [(1879, False), (1880, True)])
def test_a_birth_before_1880_is_taken_for_a_slip(year: int, *, passes: bool) -> None:
    body = f"640499{year}0101001"
    if passes:
        assert IdentityNumber.parse(body + mod_11_2.calc_check_digit(body)).birth_date.year == year
        return
    with pytest.raises(ValueError, match="过早"):
        IdentityNumber.parse(body + mod_11_2.calc_check_digit(body))


def test_an_age_before_birth_is_refused() -> None:
    with pytest.raises(ValueError, match="出生日期晚于"):
        IdentityNumber.parse(GIRL).age_on(date(2011, 3, 14))


@given(st.integers(0, 17), st.sampled_from("0123456789"))
def test_every_single_wrong_digit_is_caught(place: int, digit: str) -> None:
    assume(GIRL[place] != digit)
    with pytest.raises(ValueError, match=r"第|校验码"):
        IdentityNumber.parse(GIRL[:place] + digit + GIRL[place + 1:])


@given(st.integers(0, 16))
def test_every_swap_of_neighbours_is_caught(place: int) -> None:
    swapped = GIRL[:place] + GIRL[place + 1] + GIRL[place] + GIRL[place + 2:]
    assume(swapped != GIRL)
    with pytest.raises(ValueError, match=r"第|校验码"):
        IdentityNumber.parse(swapped)


@given(st.text(max_size=25))
def test_no_text_makes_parsing_fail_otherwise_than_in_words(text: str) -> None:
    for parse in (IdentityNumber.parse, StudentNumber.parse, parse_phone):
        try:
            parse(text)
        except ValueError as error:
            assert "应" in str(error) or "不" in str(error)  # noqa: PT017  (either outcome is fine, its words matter)


def test_a_student_number_is_parsed_and_compared() -> None:
    number = StudentNumber.parse(" g" + BOY.lower())
    assert str(number) == "G" + BOY
    assert number.kind == "正式学籍号"
    assert not number.differs_from(IdentityNumber.parse(BOY))
    assert number.differs_from(IdentityNumber.parse(GIRL))
    assert not StudentNumber.parse("L" + BOY).differs_from(IdentityNumber.parse(GIRL))
    assert repr(number) == "StudentNumber(G640499********001X)"


@pytest.mark.parametrize(("text", "words"), [
    ("", "G（正式）"), (BOY, "G（正式）"), ("G" + BOY[:-1], "共19位，现有18位"),
    ("G6404992012090100OX", "学籍号第18位“O”应是数字"), ("G64049920120901001A", "学籍号第19位“A”应是数字或X"),
])
def test_a_faulty_student_number_is_refused_with_the_place(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        StudentNumber.parse(text)


@pytest.mark.parametrize(("text", "phone"), [
    ("13900000000", "13900000000"), ("139 0000 0000", "13900000000"), ("139-0000-0000", "13900000000"),
    ("１３９００００００００", "13900000000"), ("+8613900000000", "13900000000"),
    ("09542012345", "0954-2012345"),
    ("0954-2012345", "0954-2012345"), ("（0954）2012345", "0954-2012345"), ("010-62012345", "010-62012345"),
    ("0954-2012345-801", "0954-2012345-801"), ("0954－2012345", "0954-2012345"),
])
def test_a_telephone_number_has_one_form(text: str, phone: str) -> None:
    assert parse_phone(text) == phone
    assert parse_phone(phone) == phone


@pytest.mark.parametrize(("text", "words"), [
    ("", "电话号码应为"), ("1390000000", "电话号码应为"), ("2012345", "带区号"),
    ("12900000000", "电话号码应为"),
    ("13900000000、13911111111", "第12位“、”"), ("1390000000O", "第11位“O”"),
])
def test_a_faulty_telephone_number_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_phone(text)
