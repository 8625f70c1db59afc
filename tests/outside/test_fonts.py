from __future__ import annotations

import os
import subprocess  # noqa: TID251  (asks fontconfig itself)
from typing import TYPE_CHECKING

import pytest

from app.outside import fonts

if TYPE_CHECKING:
    from pathlib import Path

RARE = "𬭸㛃䶮犇喆堃昇𠅤𫖮𠮷"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fonts")
    path = folder / "fonts.conf"
    path.write_text(fonts.fontconfig(str(folder / "cache")), "utf-8")
    return path


@pytest.mark.parametrize(("name", "family"), [(name, style.stand_ins) for style in fonts.STYLES for name in style.names])
def test_an_official_name_prints_in_its_stand_in(config: Path, name: str, family: tuple[str, ...]) -> None:
    told = subprocess.run(["fc-match", "-f", "%{family}", name.replace("-", "\\-")], capture_output=True, text=True,
                          check=True, env={**os.environ, "FONTCONFIG_FILE": str(config)}).stdout
    assert any(each in told.split(",") for each in family), told


def test_a_name_that_nobody_knows_prints_as_song(config: Path) -> None:
    told = subprocess.run(["fc-match", "-f", "%{family}", "没有这种字体"], capture_output=True, text=True, check=True,
                          env={**os.environ, "FONTCONFIG_FILE": str(config)}).stdout
    assert fonts.SERIF in told


def test_only_the_folders_of_our_fonts_are_listed() -> None:
    listed = fonts.fontconfig("/c").split("<dir>")[1:]
    assert [each.split("</dir>")[0] for each in listed] == [str(each) for each in fonts.folders()]
    assert "dejavu" not in fonts.fontconfig("/c")


def test_rare_characters_of_names_are_not_missing() -> None:
    assert fonts.missing(RARE + "张·三") == ()


def test_a_character_that_no_font_has_is_named_once_in_order() -> None:
    assert fonts.missing("张\U00031350\ue863三\U00031350") == ("\U00031350", "\ue863")


def test_blanks_and_line_ends_are_never_missing() -> None:
    assert fonts.missing("张 三\u3000\n\t\r\u00a0") == ()


def test_every_missing_character_is_missing_because_a_guard_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "covered", lambda: frozenset({0x31350}))
    assert fonts.missing("\U00031350") == ()


def test_official_names_and_stand_ins_may_stand_in_templates() -> None:
    known = fonts.known_font_names()
    assert {"仿宋_GB2312", "方正小标宋简体", "Times New Roman", fonts.SANS} <= known
    assert "Comic Sans MS" not in known


def test_all_is_ready_here() -> None:
    assert fonts.ready() == []


def test_a_lost_font_file_is_told_with_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "noto"
    monkeypatch.setattr(fonts, "FREE_FONTS", {folder: ("NotoSerifCJK-Regular.ttc",)})
    assert fonts.ready() == ["缺少字体文件 NotoSerifCJK-Regular.ttc：请安装 fonts-noto-cjk fonts-noto-cjk-extra。"]


def test_a_broken_font_of_the_office_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FANXIAO_INSTANCE", str(tmp_path))
    (tmp_path / "fonts" / "local").mkdir(parents=True)
    (tmp_path / "fonts" / "local" / "坏.ttf").write_bytes(b"no font")
    assert "坏.ttf" in fonts.ready()[0]
    assert str(tmp_path / "fonts" / "local") in fonts.fontconfig("/c")
