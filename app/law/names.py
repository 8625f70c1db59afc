"""People's names: rare characters and the dot of names like 阿依古丽·买买提 (GB 18030-2022; 姓名登记).

Characters are told by their ranges, never by Unicode category: Python's tables lag behind the newest
extensions.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.law.wording import unprintable

DOT = "·"
DOT_FORMS = "‧•・･．.●∙⋅·⸱◦᛫○"
LEAST, MOST = 2, 60
_HAN_RANGES = (
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2A6DF), (0x2A700, 0x2EE5F), (0x30000, 0x3347F),
    (0x3007, 0x3007),
    (0xFA0E, 0xFA0F), (0xFA11, 0xFA11), (0xFA13, 0xFA14), (0xFA1F, 0xFA1F), (0xFA21, 0xFA21), (0xFA23,
                                                                                               0xFA24),
    (0xFA27, 0xFA29),
)
_FOLDED_RANGES = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
"""Radicals, compatibility ideographs and full-width letters.

Other codes for characters that exist elsewhere.
"""
_LATIN_RANGES = ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x24F), (0x1E00, 0x1EFF))
_SPACES = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u3000]+")


@dataclass(frozen=True)
class PersonName:
    """A name that can be printed.

    `changed` says that `parse` unified the dot, a space or a character's code.
    """

    text: str
    changed: bool = False

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, text: str) -> PersonName:
        """Read a name of 2 to 60 characters. Raises ValueError that shows the character which cannot be."""
        given = text.strip()
        if found := unprintable(given, newlines=False):
            raise ValueError(f"姓名{found}")
        name = _unified(given)
        for place, character in enumerate(name, 1):
            if not (is_han(character) or character == DOT or _is_latin(name, place - 1)):
                raise ValueError(f"姓名第{place}个字“{character}”不能用，{_why(character)}")
        if not LEAST <= len(name) <= MOST:
            raise ValueError(f"姓名应为{LEAST}到{MOST}个字，现有{len(name)}个字。")
        if name[0] == DOT or name[-1] == DOT or DOT + DOT in name:
            raise ValueError("间隔号“·”只能写在姓名中间，且不连写。")
        return cls(name, name != given)


def is_han(character: str) -> bool:
    """Whether it is a Chinese character of the basic block or Extensions A to J, or 〇."""
    return _within(ord(character), _HAN_RANGES)


def _unified(text: str) -> str:
    folded = "".join(
        unicodedata.normalize("NFKC", each) if _within(ord(each), _FOLDED_RANGES) and not is_han(each)
        else DOT if each in DOT_FORMS else each
        for each in text
    )
    tight = _SPACES.sub(" ", folded)
    return "".join(
        each for index, each in enumerate(tight)
        if each != " " or (_letter(tight[index - 1]) and _letter(tight[index + 1]))
    )


def _letter(character: str) -> bool:
    return _within(ord(character), _LATIN_RANGES)


def _is_latin(name: str, index: int) -> bool:
    """A Latin letter, or the space, hyphen or apostrophe between two of them."""
    if _letter(name[index]):
        return True
    between = 0 < index < len(name) - 1
    return between and name[index] in " -'" and _letter(name[index - 1]) and _letter(name[index + 1])


def _why(character: str) -> str:
    if character.isdigit() or unicodedata.category(character)[0] == "N":
        return "姓名里不写数字；同名的请在备注里区分。"
    if unicodedata.category(character) in {"Ps", "Pe", "Pi", "Pf"} or character in "<>":
        return "姓名里不写括号和引号；曾用名、说明请写在备注里。"
    return "请对照证件改正；少数民族姓名中间用“·”。"


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)
