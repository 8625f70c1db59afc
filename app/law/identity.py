"""Identity numbers (GB 11643-1999), student numbers (学籍号) and telephone numbers: parsed once, here.

Refusals name the place, never the whole number, so that a message may be shown and kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from stdnum.iso7064 import mod_11_2

PROVINCES = frozenset({
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
    "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83",
})
GUYUAN_AREAS = frozenset({
    "640401", "640402", "640421", "640422", "640423", "640424", "640425",
    "642221", "642222", "642223", "642224", "642225", "642226",
})
"""All codes that 固原 has had: 6422xx on the numbers of those born before the city was made, 640421 海原."""
LENGTH, OLD_LENGTH = 18, 15
FIRST_YEAR = 1880
ADULT_AGE = 18
"""民法典第十七条."""
SHOWN_HEAD, SHOWN_END = 6, 4
"""Digits that a masked number shows: the area, and what tells two children of it apart."""
_FOLD = str.maketrans("０１２３４５６７８９Ｘｘx－—–ＧＪＬｇｊｌ", "0123456789XXX---GJLGJL")
_SPACE = re.compile(r"[\s\u00a0\u3000]+")
_STUDENT = re.compile(r"[GJL][0-9]{17}[0-9X]")
_MOBILE = re.compile(r"(?:\+?86-?)?(1[3-9][0-9]{9})")
_LANDLINE = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))-?([2-9][0-9]{6,7})(?:-([0-9]{1,6}))?")


@dataclass(frozen=True)
class IdentityNumber:
    """A number whose length, birth date and check digit hold. The type is the proof; make it with `parse`."""

    text: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        """Masked, because a repr finds its way into logs."""
        return f"IdentityNumber({self.masked})"

    @classmethod
    def parse(cls, text: str) -> IdentityNumber:
        """Read 18 digits, full-width ones and x too.

        Raises ValueError with a sentence that says what to do.
        """
        number = _SPACE.sub("", text).translate(_FOLD)
        if len(number) == OLD_LENGTH and number.isascii() and number.isdigit():
            raise ValueError("这是15位旧号码，2013年起已停用；请按现行证件填18位号码。")
        if len(number) != LENGTH:
            raise ValueError(f"身份证号应为18位，现有{len(number)}位，请对照证件补正。")
        _require_digits(number)
        _birth_date(number[6:14])
        expected = mod_11_2.calc_check_digit(number[:17])
        if number[17] != expected:
            raise ValueError(f"第18位校验码与前17位不符（按前17位应为{expected}，现为{number[17]}），"
                             "请对照证件逐位核对，不要只改末位。")
        return cls(number)

    @property
    def area(self) -> str:
        return self.text[:6]

    @property
    def birth_date(self) -> date:
        return _birth_date(self.text[6:14])

    @property
    def sex(self) -> str:
        return "男" if int(self.text[16]) % 2 else "女"

    @property
    def masked(self) -> str:
        return masked(self.text)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What looks odd but may be right."""
        known = self.text[:2] in PROVINCES and (
            self.text[:4] not in {"6404", "6422"} or self.area in GUYUAN_AREAS)
        return () if known else (f"地区代码{self.area}不在代码表中",)

    def age_on(self, day: date) -> int:
        """Full years on `day`. Raises ValueError before birth."""
        if day < self.birth_date:
            raise ValueError("出生日期晚于计算日期，请核对身份证号。")
        return full_years(self.birth_date, day)


@dataclass(frozen=True)
class StudentNumber:
    """学籍号: G formal, J without identity number, L temporary, then 18 characters."""

    text: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        """Masked, because the 18 characters are usually an identity number."""
        return f"StudentNumber({self.masked})"

    @classmethod
    def parse(cls, text: str) -> StudentNumber:
        """Read a student number. Raises ValueError with a sentence that says what to do."""
        number = _SPACE.sub("", text).translate(_FOLD).upper()
        if not number or number[0] not in "GJL":
            raise ValueError("学籍号应以G（正式）、J（无身份证）或L（临时）开头。")
        if len(number) != LENGTH + 1:
            raise ValueError(f"学籍号应为1个字母加18位，共19位，现有{len(number)}位。")
        if not _STUDENT.fullmatch(number):
            _require_digits(number[1:], shift=1, name="学籍号")
        return cls(number)

    @property
    def masked(self) -> str:
        return masked(self.text)

    @property
    def kind(self) -> str:
        return {"G": "正式学籍号", "J": "无身份证学籍号", "L": "临时学籍号"}[self.text[0]]

    def differs_from(self, identity: IdentityNumber) -> bool:
        """Whether a formal number does not repeat the identity number.

        Odd, but lawful after a change of it.
        """
        return self.text[0] == "G" and self.text[1:] != str(identity)


def full_years(born: date, day: date) -> int:
    """Full years on `day` (周岁); who is born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def masked(number: str) -> str:
    """640499********0022 and G640499********0022: enough to tell two apart, not enough to use.

    A text that is too short for that is starred throughout.
    """
    shown = SHOWN_HEAD + number[:1].isalpha()
    hidden = len(number) - shown - SHOWN_END
    return f"{number[:shown]}{'*' * hidden}{number[-SHOWN_END:]}" if hidden > 0 else "*" * len(number)


def parse_phone(text: str) -> str:
    """13912345678 or 0954-2012345(-extension). Raises ValueError with a sentence that says what to do."""
    number = _SPACE.sub("", text).translate(_FOLD).replace("(", "").replace("（", "")
    number = number.replace(")", "-").replace("）", "-").replace("--", "-")
    if found := _MOBILE.fullmatch(number) or _MOBILE.fullmatch(number.replace("-", "")):
        return found[1]
    if found := _LANDLINE.fullmatch(number):
        extension = f"-{found[3]}" if found[3] else ""
        return f"{found[1]}-{found[2]}{extension}"
    for place, character in enumerate(number, 1):
        if character not in "0123456789-+":
            raise ValueError(f"电话号码第{place}位“{character}”不是数字，一格只填一个号码。")
    raise ValueError("电话号码应为11位手机号（1开头），或带区号的座机号，例如：0954-2012345。")


def _require_digits(number: str, *, shift: int = 0, name: str = "身份证号") -> None:
    for place, character in enumerate(number, 1):
        last = place == LENGTH
        if character not in ("0123456789X" if last else "0123456789"):
            wanted = "数字或X" if last else "数字"
            raise ValueError(f"{name}第{place + shift}位“{character}”应是{wanted}，请对照证件改正。")


def _birth_date(digits: str) -> date:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    try:
        born = date(year, month, day)
    except ValueError:
        raise ValueError(f"第7至14位的出生日期{year}年{month}月{day}日不存在，请对照证件改正。") from None
    if year < FIRST_YEAR:
        raise ValueError(f"第7至14位的出生年份{year}过早，请对照证件改正。")
    return born
