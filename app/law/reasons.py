"""Free text that says why: printable, on one line, long enough to mean something. Every reason passes here."""

from __future__ import annotations

import re

from app.errors import Refused
from app.law.wording import unprintable

LONGEST = 1000


def reason(given: str, ask: str, *, least: int = 1, most: int = LONGEST, where: str = "reason",
           advice: str = "") -> str:
    """The words on one line, `least` to `most` characters. `ask` is what the person is told when there are too few.

    A reason stands in registers, workbooks and printed books: one character that no workbook takes would close these
    for every office above. Raises Refused.
    """
    words = re.sub(r"[ \t\r\n\u3000]+", " ", given).strip(" ")
    if found := unprintable(words, newlines=False):
        raise Refused(found, where=where)
    if len(words) < least:
        raise Refused(ask, where=where, advice=advice)
    if len(words) > most:
        raise Refused(f"最多{most}个字，现在有{len(words)}个。", where=where, advice=advice)
    return words
