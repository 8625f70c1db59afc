"""The fonts that papers are printed with: which free font stands for which official name, and what none of them has.

A docx keeps the official names (GB/T 9704-2012 names 小标宋, 仿宋, 楷体, 黑体); what stands for them is decided
here, in a
private fontconfig file, so that a page does not depend on what else a machine has. An office's own licensed fonts go to
`fonts/local` of the instance and win at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from app.settings import default_instance

SERIF, SANS, KAI = "Noto Serif CJK SC", "Noto Sans CJK SC", "LXGW WenKai"
TITLE, FANGSONG = "Noto Serif CJK SC SemiBold", "LXGW WenKai Light"


@dataclass(frozen=True)
class Style:
    """Official names of one kind of letter, and the free families that stand for them, best first."""

    names: tuple[str, ...]
    stand_ins: tuple[str, ...]


STYLES = (
    Style(("方正小标宋简体", "方正小标宋_GBK", "方正小标宋_GB18030", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05",
           "FZXBSJW--GB1-0", "FZXBSK--GBK1-0", "小标宋", "小标宋体", "华文中宋", "STZhongsong", "创艺简标宋"),
          (TITLE, SERIF)),
    Style(("仿宋_GB2312", "仿宋", "FangSong", "FangSong_GB2312", "华文仿宋", "STFangsong", "方正仿宋简体",
           "方正仿宋_GBK", "方正仿宋_GB18030", "FZFangSong-Z02S", "FZFSJW--GB1-0", "FZFSK--GBK1-0"),
          ("Zhuque Fangsong (technical preview)", FANGSONG, SERIF)),
    Style(("楷体_GB2312", "楷体", "KaiTi", "KaiTi_GB2312", "SimKai", "华文楷体", "STKaiti", "方正楷体简体",
           "方正楷体_GBK", "方正楷体_GB18030", "FZKai-Z03S", "FZKTJW--GB1-0", "FZKTK--GBK1-0"), (KAI, SERIF)),
    Style(("黑体", "SimHei", "华文黑体", "STHeiti", "方正黑体简体", "方正黑体_GBK", "FZHei-B01S", "FZHTJW--GB1-0",
           "微软雅黑", "Microsoft YaHei", "等线", "DengXian"), (SANS,)),
    Style(("宋体", "SimSun", "NSimSun", "新宋体", "SimSun-ExtB", "宋体-方正超大字符集", "华文宋体", "STSong",
           "方正书宋简体", "方正书宋_GBK", "FZShuSong-Z01S", "FZSSJW--GB1-0"), (SERIF,)),
    Style(("Times New Roman", "Times", "Cambria"), ("Liberation Serif", SERIF)),
    Style(("Arial", "Helvetica", "Calibri"), ("Liberation Sans", SANS)),
    Style(("Courier New",), ("Liberation Mono", SANS)),
)
LAST_RESORT = (SERIF, SANS, KAI)

SHARE = Path("/usr/share/fonts")
FREE_FONTS = {
    SHARE / "opentype/noto": ("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-SemiBold.ttc", "NotoSerifCJK-Bold.ttc",
                              "NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
    SHARE / "truetype/lxgw-wenkai": ("LXGWWenKai-Light.ttf", "LXGWWenKai-Regular.ttf"),
    SHARE / "truetype/liberation": ("LiberationSerif-Regular.ttf", "LiberationSans-Regular.ttf",
                                    "LiberationMono-Regular.ttf"),
}
PACKAGES = {"noto": "fonts-noto-cjk fonts-noto-cjk-extra", "lxgw-wenkai": "fonts-lxgw-wenkai",
            "liberation": "fonts-liberation"}
EMBEDDED = ("NotoSerifCJK", "NotoSansCJK", "LXGWWenKai", "Liberation", "ZhuqueFangsong")
"""How the PostScript names of the free fonts begin."""
BLANK = frozenset("\t\n\r \u00a0\u3000")
_FONT_FILES = {".ttf", ".otf", ".ttc"}


def local_folder() -> Path:
    """The office's own licensed fonts; need not exist."""
    return default_instance() / "fonts" / "local"


def folders() -> tuple[Path, ...]:
    """Every folder that may hold a font of ours, existing ones only."""
    return tuple(each for each in (local_folder(), *FREE_FONTS) if each.is_dir())


def known_font_names() -> frozenset[str]:
    """Font names that a template may use: official names, their stand-ins and the fonts in `local`."""
    stand_ins = {family for style in STYLES for family in style.stand_ins}
    return frozenset({name for style in STYLES for name in style.names} | stand_ins | _local_families())


def embedded_prefixes() -> tuple[str, ...]:
    """How the PostScript name of a font in a finished PDF may begin."""
    return EMBEDDED + tuple(sorted(_local_postscript_names()))


def missing(text: str) -> tuple[str, ...]:
    """The characters of `text` that no font of ours can draw, each once, in order. They would print as an empty box."""
    known = covered()
    return tuple(dict.fromkeys(each for each in text if ord(each) not in known and each not in BLANK))


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """All code points that some font of ours maps to a glyph other than .notdef (0.2 s, once a process)."""
    points: set[int] = set()
    for path in (each for each in _files() if not each.stem.endswith(("Bold", "SemiBold"))):
        for font in _open(path)[:1]:
            points |= {point for point, glyph in font.getBestCmap().items() if glyph != ".notdef"}
    return frozenset(points)


def ready() -> list[str]:
    """What is wrong with the fonts, in Chinese, each line with what to do; empty when all is well."""
    problems = []
    for folder, names in FREE_FONTS.items():
        if lost := [name for name in names if not (folder / name).is_file()]:
            problems.append(f"缺少字体文件 {'、'.join(lost)}：请安装 {PACKAGES[folder.name]}。")
    for path in _local_files():
        try:
            _open(path)
        except (TTLibError, OSError) as error:
            problems.append(f"字体文件 {path.name} 打不开：{error}。请换一份完好的文件。")
    return problems


def fontconfig(cache: str) -> str:
    """A fontconfig file that knows these fonts only. `cache`: a writable folder, as the program sees it."""
    rules = [_rule(name, style.stand_ins) for style in STYLES for name in style.names]
    places = [f"  <dir>{escape(str(folder))}</dir>" for folder in folders()]
    return "\n".join([
        '<?xml version="1.0" encoding="UTF-8"?>', '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
        "<fontconfig>", *places,
        "  <cachedir>/var/cache/fontconfig</cachedir>", f"  <cachedir>{escape(cache)}</cachedir>",
        *rules,
        '  <match target="pattern"><edit name="family" mode="append_last" binding="weak">',
        f"{_families(LAST_RESORT)}</edit></match>", "</fontconfig>", "",
    ])


def _rule(name: str, stand_ins: tuple[str, ...]) -> str:
    """`append`, not `assign`: an installed font of the official name comes first by itself."""
    return (f'  <match target="pattern"><test name="family" compare="eq"><string>{escape(name)}</string></test>'
            f'<edit name="family" mode="append" binding="same">{_families(stand_ins)}</edit></match>')


def _families(names: tuple[str, ...]) -> str:
    return "".join(f"<string>{escape(name)}</string>" for name in names)


def _local_files() -> tuple[Path, ...]:
    folder = local_folder()
    return tuple(sorted(each for each in folder.rglob("*") if each.suffix.lower() in _FONT_FILES)) \
        if folder.is_dir() else ()


def _files() -> tuple[Path, ...]:
    free = (folder / name for folder, names in FREE_FONTS.items() for name in names)
    return tuple(each for each in (*_local_files(), *free) if each.is_file())


def _open(path: Path) -> list[TTFont]:
    if path.suffix.lower() == ".ttc":
        return list(TTCollection(str(path), lazy=True).fonts)
    return [TTFont(str(path), lazy=True)]


@lru_cache(maxsize=1)
def _local_families() -> frozenset[str]:
    return _local_names(1, 16)


@lru_cache(maxsize=1)
def _local_postscript_names() -> frozenset[str]:
    return _local_names(6)


def _local_names(*kinds: int) -> frozenset[str]:
    return frozenset(str(record) for path in _local_files() for font in _open(path)
                     for record in font["name"].names if record.nameID in kinds)
