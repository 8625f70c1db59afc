"""The main job in a real browser: from a child who stays away to a signed file, each official at a desk."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from playwright.sync_api import expect

from app.actions.demo_people import with_check_digit
from app.actions.desk import open_desk
from app.law.lives import ScanRole
from app.packets.verify import verify
from app.settings import Settings
from tests.journeys.official import Official
from tests.journeys.scanned import scan, snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser

    from app.packets.verify import Verdict
    from tests.journeys.official import Notes
    from tests.journeys.running import Service

pytestmark = [
    pytest.mark.browser, pytest.mark.press, pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(datetime.now(UTC).date() < date(2026, 9, 30),  # noqa: TID251  (the service asks the real clock)
                       reason="the story is of September 2026 and the clock is before it"),
]

BOXED = "\U00031350"
"""A character of no font."""
PUPIL, GUARDIAN = "演示阿依努尔·马合木提", "演示马合木提·依明"
REPORT: dict[str, Any] = {
    "leave_status": "none",
    "actions": [
        {"date": "2026-09-08", "by": "班主任", "method": "电话联系", "result": "监护人称孩子不愿上学。"},
        {"date": "2026-09-14", "by": "班主任、德育主任", "method": "入户走访", "result": "见到本人，其父暂不送返。"},
    ],
    "whereabouts": "学生现在家中，9月14日入户时见到本人。", "issue_date": "2026-09-16",
}
OFFICERS = [{"name": "演示王干事", "cert_no": "演示640499001"}, {"name": "演示苏干事", "cert_no": "演示640499002"}]
RECORD: dict[str, Any] = {
    "start_at": "2026-09-16T15:00", "end_at": "2026-09-16T15:50", "place": "吉强镇人民政府二楼调解室（演示）",
    "officers": OFFICERS, "recorder": "演示苏干事", "id_checked": True, "rights_told": True,
    "rights_answer": "看清、听清了，不申请回避。",
    "qa": [{"answer": words} for words in (
        "我是孩子的父亲，孩子和我一起生活。", "从9月7日起一直在家，帮家里做家务。",
        "孩子说跟不上，不想念了，没有生病，也没有请假。", "老师打过电话，也来过家里，我说再想想。",
        "没有困难。", "再和孩子商量，现在还不能答应。")],
    "guardian_stance": "reason", "stance_note": "表示要与孩子商量，暂不能确定返校日期。",
}
SERVICE: dict[str, Any] = {
    "servers": [{"name": "演示王干事"}, {"name": "演示苏干事"}], "place": "home", "served_at": "2026-09-18T19:30",
    "refusal_reason": "称孩子不愿上学，拒绝签收。",
}
CHECK: dict[str, Any] = {
    "checked_on": "2026-09-28", "method": "school", "place": "演示中学八年级（2）班教室", "officers": OFFICERS,
    "present": "no", "findings": "查看班级考勤，当日该生未到校，座位空置。",
    "excuse": "其父称孩子仍不愿上学，没有提出其他理由。", "next": "village",
}


def pupil(seed: str, guardian_seed: str, **other: Any) -> dict[str, Any]:
    """Sound values for the sheet of a pupil."""
    number = str(with_check_digit(seed))
    guardian = {"name": GUARDIAN, "relation": "父亲", "id_number": str(with_check_digit(guardian_seed)),
                "phone": "13900000001", "address": "演示村一组（演示）"}
    home = "演示村一组（演示）"
    return {"name": PUPIL, "id_number": number, "student_status_no": f"G{number}", "grade": "8",
            "class_name": "（2）班", "village": "演示村", "home_address": home, "hukou_address": home,
            "guardians": [guardian]} | other


def text_of(pdf: bytes) -> str:
    """The words of a PDF without blanks and line ends."""
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]
    return re.sub(r"\s", "", "".join(pages))


def text_of_paper(who: Official) -> str:
    return text_of(who.context.request.get(f"{who.path}/paper.pdf").body())


def test_the_thread_from_an_absent_pupil_to_a_signed_file(browser: Browser, service: Service, notes: Notes) -> None:
    school, principal, township, leader = (
        Official(browser, service, notes, login) for login in ("school", "principal", "township", "leader"))
    school_registers_a_pupil(school)
    case = school_opens_the_case(school)
    school_reports(school, principal, case)
    township_admonishes(township, case)
    order = township_orders(township, leader, case)
    township_serves_by_leaving(township, case, order)
    township_sees_the_term(township, case)
    township_checks(township, case)
    township_brings_the_receipt(township, case)
    packet, code = township_binds(township, service, case)
    for name, path in (("登记簿", "/register"), ("台账", "/students"), ("案卷列表", "/cases"), ("卷宗列表", "/packets"),
                       ("今天要办-乡镇", "/")):
        township.go(path)
        township.shoot(name)
    anybody_verifies(Official(browser, service, notes), packet, code)
    a_stranger_sees_nothing(Official(browser, service, notes, "elsewhere"))
    assert notes.console == []


def school_registers_a_pupil(school: Official) -> None:
    school.page.goto("/sign-in")
    school.shoot("登录")
    school.sign_in()
    school.shoot("今天要办-学校")
    school.go("/students")
    school.press("登记学生")
    school.shoot("登记学生-空表")
    given = pupil("64049920120506002", "64049919860111005")
    guardian = given.pop("guardians")[0]
    wrong = guardian | {"name": f"演示马{BOXED}", "id_number": f"{guardian['id_number'][:17]}0"}
    assert wrong["id_number"] != guardian["id_number"]
    school.fill(**given | {"name": PUPIL.replace("·", "‧")})
    school.says("name", f"间隔号已统一为“·”：{PUPIL}")
    school.says("id_number", "女，2012年5月6日出生")
    school.fill(guardians=[wrong])
    school.says("guardians-0-name", f"字库里没有“{BOXED}”")
    choose_township(school)
    school.press("保存")
    school.refused("校验")
    expect(school.box("guardians-0-id_number")).to_have_value(wrong["id_number"])
    expect(school.box("guardians-0-id_number")).to_be_focused()
    expect(school.box("village")).to_have_value("演示村")
    school.shoot("登记学生-校验码不符")
    school.fill(guardians=[{"id_number": guardian["id_number"]}])
    school.press("保存")
    school.refused(BOXED)
    expect(school.box("guardians-0-name")).to_have_value(wrong["name"])
    school.shoot("登记学生-字库没有的字")
    school.fill(guardians=[{"name": guardian["name"]}])
    school.press("保存")
    school.sees("已登记")
    school.sees(PUPIL)
    see_masked_numbers(school, given["id_number"], guardian["id_number"])


def choose_township(school: Official) -> None:
    box = school.box("township_id")
    box.select_option(label=box.locator("option", has_text="吉强镇").first.inner_text())


def see_masked_numbers(school: Official, *numbers: str) -> None:
    for number in numbers:
        school.does_not_see(number)
        school.sees(f"640499********{number[-4:]}")
    school.shoot("学生-号码遮盖")
    school.press("显示身份证号（留痕）")
    for number in numbers:
        school.sees(number)
    school.sees("已留痕")
    school.shoot("学生-号码已显示")
    school.page.go_back()


def school_opens_the_case(school: Official) -> str:
    school.fill(first_absent_on="2026-09-07", reason_code="F")
    school.says("first_absent_on", "2026年9月7日")
    school.shoot("建案卷")
    school.press("建案卷")
    school.sees("案卷已建")
    school.shoot("案卷-新建")
    return school.path


def school_reports(school: Official, principal: Official, case: str) -> None:
    school.press("填疑似辍学学生报告")
    expect(school.box("whereabouts")).to_be_visible()
    school.fill(**REPORT)
    expect(school.page.locator("#saved")).to_contain_text("草稿已自动保存")
    expect(school.page.locator("img[data-preview]")).to_be_visible()
    school.shoot("报告-填写")
    school.press("核对并送审签")
    school.sees("请再核对一遍")
    school.sees("监护人称孩子不愿上学。")
    school.sees("2026年9月16日")
    school.shoot("报告-核对")
    school.press("送审签")
    school.sees("已送审签")
    school.wait_until_made()
    school.shoot("报告-待审签")
    principal.sign_in()
    principal.shoot("今天要办-校长")
    principal.press("看原文并签")
    principal.wait_until_made()
    principal.sees("补录")
    assert PUPIL in text_of_paper(principal)
    principal.shoot("报告-校长审签")
    principal.press("签发")
    principal.sees("号")
    principal.wait_until_made()
    principal.shoot("报告-已签发")
    school.page.reload()
    number = school.page.locator(".bar").first.inner_text()
    assert re.search(r"〔2026〕\d+号", number), number
    school.sees("补录")
    assert re.search(r"〔2026〕\d+号", text_of_paper(school))
    school.press("上传扫描件")
    school.shoot("上传扫描件")
    school.page.go_back()
    school.upload(scan(school.pictures(), "盖章件", stamped=True))
    school.shoot("报告-有盖章件")
    school.go("/register")
    school.sees("补录")
    school.shoot("登记簿-学校")
    school.go(case)
    school.shoot("案卷-学校已报告")


def township_admonishes(township: Official, case: str) -> None:
    township.sign_in()
    township.go(case)
    township.press("填批评教育笔录")
    expect(township.box("person")).to_have_value(GUARDIAN)
    township.fill(**RECORD)
    township.shoot("笔录-填写")
    township.press("核对并定稿")
    township.sees("请再核对一遍")
    township.shoot("笔录-核对")
    township.press("定稿打印")
    township.wait_until_made()
    township.shoot("笔录-待签名")
    township.upload(scan(township.pictures(), "被教育人、执法人员"))
    township.shoot("笔录-有签名件")


def township_orders(township: Official, leader: Official, case: str) -> str:
    township.go(case)
    township.press("填责令限期改正通知书")
    expect(township.box("findings")).to_be_visible()
    lawful = township.box("findings").input_value()
    fined = f"{lawful}逾期不改的，罚款500元。"
    township.fill(findings=fined, issue_date="2026-09-18", serve_on="2026-09-18", term_days="7", deadline_mode="fixed")
    township.press("核对并送审签")
    township.refused("罚款")
    expect(township.box("findings")).to_have_value(fined)
    township.shoot("通知书-罚款被拒")
    township.fill(findings=lawful)
    township.says("findings", "")
    township.press("核对并送审签")
    township.sees("请再核对一遍")
    township.shoot("通知书-核对")
    township.press("送审签")
    township.wait_until_made()
    order = township.path
    township.shoot("通知书-待审签")
    assert township.page.locator("#m").get_by_role("button", name=re.compile("^签发")).count() == 0
    assert posted(township, f"{order}/approve") == 404
    leader.sign_in()
    leader.go(order)
    leader.wait_until_made()
    leader.sees("补录")
    assert "2026年9月28日（含当日）" in text_of_paper(leader)
    leader.shoot("通知书-乡长审签")
    leader.press("签发")
    leader.sees("已签发，文号")
    leader.wait_until_made()
    leader.shoot("通知书-已签发")
    township.page.reload()
    township.wait_until_made()
    assert re.search(r"〔2026〕\d+号.*2026年9月28日（含当日）", text_of_paper(township))
    township.upload(scan(township.pictures(), "盖章件", stamped=True))
    return order


def posted(who: Official, path: str) -> int:
    """The answer to a form sent by hand, with a token that is good."""
    token = who.page.locator("[name=csrf_token]").first.get_attribute("value") or ""
    sent = {"csrf_token": token, "kind": "criticism_record"}
    return who.context.request.post(path, form=sent, max_redirects=0).status


def township_serves_by_leaving(township: Official, case: str, order: str) -> None:
    township.go(case)
    township.shoot("案卷-待送达")
    township.press("登记送达")
    expect(township.page).to_have_url(re.compile(rf"{order}/service"))
    township.press("留置送达")
    expect(township.box("witness_name")).to_be_visible()
    township.fill(**SERVICE)
    township.press("登记送达")
    township.refused("留置送达须有村（居）民委员会或所在单位的人员见证，或者有照片、录像")
    expect(township.box("refusal_reason")).to_have_value(SERVICE["refusal_reason"])
    expect(township.box("served_at")).to_have_value(SERVICE["served_at"])
    township.shoot("送达-无证明被拒")
    township.fill(witness_name="演示村主任", witness="village")
    township.page.locator("#proof").set_input_files(snapshot("2026年9月18日19时30分　留置送达"))
    township.press("登记送达")
    township.sees("送达已登记，2026年9月18日起算期限")
    assert township.path == case


def township_sees_the_term(township: Official, case: str) -> None:
    strip = township.page.locator("#terms")
    expect(strip).to_contain_text("2026年9月28日（含当日）")
    days = [line.split() for line in strip.locator("li").all_inner_texts()]
    assert [day[0] for day in days] == [f"9月{number}日" for number in range(18, 29)]
    reasons = {day[0]: "".join(day[1:]) for day in days}
    assert "起算当日，不计入" in reasons["9月18日"], reasons
    assert "中秋节" in reasons["9月25日"], reasons
    assert "第7日" in reasons["9月25日"], reasons
    assert "期满" in reasons["9月28日"], reasons
    township.sees("补录")
    township.shoot("案卷-期限逐日")


def township_checks(township: Official, case: str) -> None:
    township.press("填限期改正复查记录")
    township.fill(**CHECK)
    township.press("核对并定稿")
    township.refused("改正期限到2026年9月28日（含当日）才届满")
    expect(township.box("place")).to_have_value(CHECK["place"])
    township.shoot("复查-期满前被拒")
    township.fill(checked_on="2026-09-29")
    township.press("核对并定稿")
    township.sees("请再核对一遍")
    township.shoot("复查-核对")
    township.press("定稿打印")
    township.wait_until_made()
    township.upload(scan(township.pictures(), "执法人员"))
    township.go(f"{case}/file")
    township.sees("缺回证扫描")
    township.shoot("立卷-缺回证")


def township_brings_the_receipt(township: Official, case: str) -> None:
    township.go(case)
    township.press("送达回证")
    township.wait_until_made()
    township.upload(scan(township.pictures(), "拒签　见证人：演示村主任"), ScanRole.RECEIPT.label)
    township.shoot("回证-有扫描件")


def township_binds(township: Official, service: Service, case: str) -> tuple[bytes, str]:
    """The signed file as it was downloaded, and the code printed on it."""
    township.go(case)
    township.press("立卷")
    township.sees("材料齐全")
    township.shoot("立卷-核对目录")
    township.press("立卷装订")
    township.sees("已立卷")
    township.wait_until_made("a[href$='/file.pdf']")
    township.shoot("卷宗")
    with township.page.expect_download() as coming:
        township.press("下载卷宗 PDF")
    packet = Path(coming.value.path()).read_bytes()
    roots = open_desk(Settings(instance=service.instance)).keyholder.trusted()
    found = checked(packet, roots)
    assert (found.valid, found.trusted, found.reasons) == (True, True, ())
    assert checked(flip(packet, len(packet) // 2), roots).valid is False
    assert "改正期限届满，2026年9月29日复查，学生仍未返校" in text_of(packet)
    code = re.search(r"FX(?:-[0-9A-Z]{4}){4}", township.page.locator("#page").inner_text())
    assert code is not None
    township.go(case)
    township.shoot("案卷-已归档")
    return packet, code.group()


def checked(packet: bytes, roots: Sequence[bytes]) -> Verdict:
    """The checker in a thread of its own: it runs a loop, and the browser's driver runs one in this thread."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(verify, packet, roots).result()


def flip(content: bytes, place: int) -> bytes:
    """The file with one bit changed."""
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1:]


def anybody_verifies(anybody: Official, packet: bytes, code: str) -> None:
    page = anybody.page
    page.goto(f"/verify/{code}")
    expect(page.locator(".verdict.good")).to_be_visible()
    sees_no_name(anybody)
    anybody.shoot("验真-编号")
    for content, words, name in ((packet, "真实完整", "验真-原件"), (flip(packet, 5000), "已被改动", "验真-改动")):
        page.locator("#file").set_input_files(
            {"name": "卷宗.pdf", "mimeType": "application/pdf", "buffer": content})
        anybody.press("验真")
        expect(page.locator(".verdict")).to_contain_text(words)
        sees_no_name(anybody)
        anybody.shoot(name)


def sees_no_name(who: Official) -> None:
    shown = who.page.content()
    for name in (PUPIL, GUARDIAN, PUPIL[2:], "马合木提", "640499"):
        assert name not in shown


def a_stranger_sees_nothing(stranger: Official) -> None:
    stranger.sign_in()
    read, written = set(stranger.notes.read), set(stranger.notes.written)
    papers = {path for path in read if re.fullmatch(r"/papers/[^/]+", path)}
    read |= {f"{path}/{part}" for path in papers for part in (
        "paper.pdf", "paper.docx", "edit", "check", "preview.png", "service", "scans/new", "pages/1.png")}
    assert len(papers) == 5, papers
    assert len(written) > 10, written
    get = stranger.context.request.get
    wrong = {path: status for path in sorted(read) if (status := get(path, max_redirects=0).status) not in (404, 405)}
    assert wrong == {}
    wrong = {path: status for path in sorted(written) if (status := posted(stranger, path)) != 404}
    assert wrong == {}
    stranger.page.goto(min(papers))
    stranger.does_not_see(PUPIL)
    stranger.shoot("外单位-404")
    stranger.notes.console[:] = [line for line in stranger.notes.console if "status of 404" not in line]
    stranger.go("/cases")
    stranger.does_not_see(PUPIL)


def test_the_school_reports_without_script(browser: Browser, service: Service, notes: Notes) -> None:
    school = Official(browser, service, notes, "school", script=False).sign_in()
    school.go("/students/new")
    school.fill(**pupil("64049920110911004", "64049919790101002"))
    choose_township(school)
    school.press("保存")
    school.sees("已登记")
    school.fill(first_absent_on="2026-09-07", reason_code="F")
    school.press("建案卷")
    school.press("填疑似辍学学生报告")
    school.fill(**REPORT)
    school.shoot("无脚本-报告")
    school.press("核对并送审签")
    school.sees("见到本人，其父暂不送返。")
    school.press("送审签")
    school.sees("已送审签")
    school.wait_until_made()
    principal = Official(browser, service, notes, "principal", script=False).sign_in()
    principal.go(school.path)
    principal.press("签发")
    principal.sees("已签发，文号")
    assert notes.console == []


def test_a_pupil_is_registered_with_the_keyboard_alone(browser: Browser, service: Service, notes: Notes) -> None:
    school = Official(browser, service, notes, "school").sign_in()
    school.go("/students/new")
    given = pupil("64049920130303006", "64049919810101004")
    guardian = given.pop("guardians")[0]
    lines = given | {"township_id": "吉强镇"} | {f"guardians-0-{name}": value for name, value in guardian.items()}
    order = school.page.locator("form[data-fields] .panel").evaluate(
        "each => [...each.querySelectorAll('input, select, textarea')].map(box => box.name)")
    go_to(school, "name", "Tab")
    for name in [each for each in order if each in lines]:
        go_to(school, name, "Enter")
        key_in(school, lines[name])
    school.page.evaluate("""() => {
        const box = document.querySelector("[name='guardians-0-name']").getBoundingClientRect();
        window.scrollTo({ top: window.scrollY + box.bottom - window.innerHeight + 4, behavior: "instant" });
        document.querySelector("[name=caregiver]").focus({ preventScroll: true });
    }""")
    go_to(school, "guardians-0-name", "Enter")
    school.shoot("键盘-填好")
    school.page.keyboard.press("Control+Enter")
    school.sees("已登记")
    school.sees(PUPIL)
    assert notes.console == []


def go_to(who: Official, name: str, key: str) -> None:
    """Press a key until the box has the focus, and see that nothing lies over it."""
    for _ in range(60):
        if who.page.evaluate("document.activeElement.name") == name:
            break
        who.page.keyboard.press(key)
    assert who.page.evaluate("document.activeElement.name") == name
    who.page.wait_for_function("""() => {
        const at = document.activeElement.getBoundingClientRect();
        const top = document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2);
        return top === document.activeElement || document.activeElement.contains(top);
    }""", timeout=10_000)


def key_in(who: Official, text: str) -> None:
    keys = who.page.keyboard
    if who.page.evaluate("document.activeElement.tagName") != "SELECT":
        keys.insert_text(text)
        return
    for _ in range(80):
        chosen = who.page.evaluate("""() => {
            const box = document.activeElement;
            return [box.value, box.selectedOptions[0].text];
        }""")
        if text in chosen:
            return
        keys.press("ArrowDown")
    raise AssertionError(f"no choice {text}")
