"""A void file opens its case for corrections; the file itself stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.actions import compile_file, void_file, void_paper, work_jobs
from app.errors import FanxiaoError, Refused
from app.law.lives import PaperState, Production
from app.law.steps import Step
from app.records import packets

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.records.packets import Packet
    from tests.people import Cast

WHY = "复查日期登记错了"


@pytest.fixture
def filed(at_stage: Callable[[str], Cast]) -> Cast:
    return at_stage("filed")


def files(cast: Cast) -> tuple[Packet, ...]:
    with cast.desk.register.reading() as db:
        return packets.list_packets(db, cast.clerk)


def test_a_paper_of_a_filed_case_is_corrected_by_way_of_its_file(filed: Cast) -> None:
    check = filed.paper("compliance_check").public_id
    with pytest.raises(Refused, match="立卷归档"):
        void_paper.void_paper(filed.desk, filed.leader, check, WHY)
    void_file.void_file(filed.desk, filed.leader, files(filed)[0].public_id, WHY)
    assert filed.load_case().day_of(Step.FILE) is None
    void_paper.void_paper(filed.desk, filed.leader, check, WHY)
    assert filed.load(check).state is PaperState.VOID
    assert filed.load_case().day_of(Step.CHECK) is None
    assert files(filed)[0].pdf_sha
    assert filed.desk.vault.get(files(filed)[0].pdf_sha or "")


def test_an_older_file_may_go_without_opening_the_case(filed: Cast) -> None:
    compile_file.compile_file(filed.desk, filed.clerk, filed.case)
    with pytest.raises(Refused, match="还在装订"):
        void_file.void_file(filed.desk, filed.leader, files(filed)[0].public_id, WHY)
    work_jobs.work_all(filed.desk)
    void_file.void_file(filed.desk, filed.leader, files(filed)[1].public_id, WHY)
    assert filed.load_case().day_of(Step.FILE) is not None


def test_a_file_that_could_not_be_made_stands_for_nothing(filed: Cast) -> None:
    compile_file.compile_file(filed.desk, filed.clerk, filed.case)
    with filed.desk.register.transaction() as db:
        db.execute(packets.packets.update().where(packets.packets.c.public_id == files(filed)[0].public_id).values(
            production=Production.NEEDS_PERSON.value))
    void_file.void_file(filed.desk, filed.leader, files(filed)[1].public_id, WHY)
    assert filed.load_case().day_of(Step.FILE) is None


def test_who_bound_it_does_not_void_it_nor_twice_nor_without_reason(filed: Cast) -> None:
    compile_file.compile_file(filed.desk, filed.both, filed.case)
    work_jobs.work_all(filed.desk)
    newest = files(filed)[0].public_id
    for actor, why, words in ((filed.both, WHY, "立卷人不能"), (filed.leader, "错了", "至少5个字")):
        with pytest.raises(Refused, match=words):
            void_file.void_file(filed.desk, actor, newest, why)
    void_file.void_file(filed.desk, filed.leader, newest, WHY)
    with pytest.raises(Refused, match="已经作废"):
        void_file.void_file(filed.desk, filed.leader, newest, WHY)


def test_an_office_above_sees_the_file_and_cannot_void_it(filed: Cast) -> None:
    with pytest.raises(FanxiaoError, match="立卷单位"):
        void_file.void_file(filed.desk, filed.bureau, files(filed)[0].public_id, WHY)
