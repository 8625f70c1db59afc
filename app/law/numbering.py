"""Document numbers (GB/T 9704-2012 7.2.5: 机关代字、年份、发文顺序号) and case numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.law.wording import unprintable

if TYPE_CHECKING:
    from collections.abc import Collection

_NUMBER = re.compile(r"(?P<word>[^\d〔〕\s]+)〔(?P<year>\d{4})〕(?P<seq>[1-9]\d*)号")
_CASE = re.compile(r"GY-(?P<county>\d{6})-(?P<year>\d{4})-(?P<seq>\d{4,})")
MOST_SEQ = 999_999
FIRST_YEAR, LAST_YEAR = 1949, 2999


@dataclass(frozen=True)
class DocumentNumber:
    """固教体责改〔2026〕12号.

    The organ's code and the word of the series, year, number without 第 and zeros.
    """

    organ_code: str
    series: str
    year: int
    seq: int

    def __post_init__(self) -> None:
        """Raises ValueError in Chinese when a part cannot stand in a number."""
        word = self.organ_code + self.series
        if not self.organ_code or re.search(r"[\d〔〕\[\]（）()\s]", word) or unprintable(word,
                                                                                      newlines=False):
            raise ValueError("机关代字和文种代字应是汉字，不能空缺，不带数字、括号和空格，"
                             "例如：固教体、责改。")
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"文号的年份应是四位公历年份，现为{self.year}。")
        if not 1 <= self.seq <= MOST_SEQ:
            raise ValueError(f"发文顺序号应从1起编，现为{self.seq}。")

    def __str__(self) -> str:
        return f"{self.organ_code}{self.series}〔{self.year}〕{self.seq}号"

    @classmethod
    def parse(cls, text: str, *, series: str = "") -> DocumentNumber:
        """Read a number; `series` says which ending of the word is the series.

        Raises ValueError in Chinese.
        """
        found = _NUMBER.fullmatch(text.strip())
        if not found:
            raise ValueError("文号应写成“固教体责改〔2026〕12号”的样子：六角括号〔〕，"
                             "不加“第”，不编虚位（1不写成01）。")
        word = found["word"]
        if not word.endswith(series) or word.startswith("第"):
            raise ValueError(f"这个文号的代字应以“{series}”结尾，现为“{word}”。")
        return cls(word.removesuffix(series) if series else word, series, int(found["year"]),
                   int(found["seq"]))


def series_line(year: int, word: str, found: Collection[int], last: int, skipped: Collection[int], *,
                typed: bool) -> str:
    """What a register says of one series: 2026年 西政责改 8—12号，无缺号.

    `found` are the numbers in it, `last` is the last that was taken, `skipped` those before a start; `typed`: numbers
    of this series were also given elsewhere, whose gaps are not ours.
    """
    elsewhere = "号由本单位办公室（党政办）编，空号不归本系统"
    if not found:
        return f"{year}年 {word} {elsewhere}"
    own = set(range(1, max(*found, last) + 1)) - set(skipped) | set(found)
    first, end = min(own), max(own)
    missing = sorted(own - set(found))
    said = f"缺{'、'.join(map(str, missing))}号" if missing else "无缺号"
    begun = f"（从{first}号起编）" if first > 1 else ""
    span = f"{first}" if first == end else f"{first}—{end}"
    return f"{year}年 {word} {span}号{begun}，{said}{f'；另有部分{elsewhere}' if typed else ''}"


def case_no(county_code: str, year: int, seq: int) -> str:
    """GY-640422-2026-0007. Raises ValueError when a part does not fit."""
    text = f"GY-{county_code}-{year}-{seq:04d}"
    if seq < 1 or not _CASE.fullmatch(text):
        raise ValueError("案件编号由六位县（区）代码、四位年份和从1起的序号组成，例如：GY-640422-2026-0007。")
    return text


def parse_case_no(text: str) -> tuple[str, int, int]:
    """County code, year and number of a case number. Raises ValueError."""
    found = _CASE.fullmatch(text.strip().upper())
    if not found:
        raise ValueError("案件编号应写成 GY-640422-2026-0007 的样子。")
    return found["county"], int(found["year"]), int(found["seq"])
