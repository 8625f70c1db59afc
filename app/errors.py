"""The ways in which a request can end badly, each with what, where and what to do, in Chinese."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one place of what was given.

    `where` is the identifier of a field (`guardian_name`, `officers.1.cert_no`) or "" for the whole.
    """

    where: str
    message: str
    advice: str = ""


class FanxiaoError(Exception):
    """Base of all errors that a user may read. `status` is the HTTP status, `exit_code` that of the command line."""

    status = 500
    exit_code = 3

    def __init__(self, what: str, *, where: str = "", advice: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.advice = advice

    def __str__(self) -> str:
        """The full Chinese sentence: place, what happened, what to do."""
        place = f"{self.where}：" if self.where else ""
        advice = f" {self.advice}" if self.advice else ""
        return f"{place}{self.what}{advice}"


class Refused(FanxiaoError):
    """The rules say no; nothing was changed."""

    status = 422
    exit_code = 1

    def __init__(
        self, what: str, *, where: str = "", advice: str = "", problems: tuple[Problem, ...] = ()
    ) -> None:
        super().__init__(what, where=where, advice=advice)
        self.problems = problems


class NotVisible(FanxiaoError):
    """There is no such thing in the charge of whoever asks (another office's thing looks the same as none)."""

    status = 404
    exit_code = 1

    def __init__(self, what: str = "没有找到。", *, advice: str = "它可能不存在，或不归您的单位管。") -> None:
        super().__init__(what, advice=advice)


class NeedsPerson(FanxiaoError):
    """An outside part (LibreOffice, disk, key, mail) failed and a person has to look."""

    status = 503
    exit_code = 3


class NotNow(NeedsPerson):
    """An outside part is away or full and was never reached: whatever was asked of it is not at fault and can wait."""


class Interrupted(NeedsPerson):
    """An outside part died with the work in hand; nobody knows whether the work was the reason."""
