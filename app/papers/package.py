"""The parts of a docx: opened with bounds, read as XML without entities, put together again."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from app.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CONTENT_TYPES = "[Content_Types].xml"
MAIN, HEADER, FOOTER, FOOTNOTES = "document.main", "header", "footer", "footnotes"
_WORDPROCESSING = "application/vnd.openxmlformats-officedocument.wordprocessingml."
MAX_MEMBERS, MAX_BYTES, MAX_RATIO = 500, 50 << 20, 200
"""Parts; bytes unpacked; bytes unpacked for one packed (a template has one or two dozen parts, under a megabyte)."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
BROKEN = "文件不是完好的 docx。"
ADVICE = "请用 Word 或 WPS 打开它，另存为 .docx 再试。"


@dataclass(frozen=True)
class Package:
    """The parts of one docx by name, in the order of the file."""

    parts: Mapping[str, bytes]

    @classmethod
    def read(cls, data: bytes) -> Package:
        """Raises Refused when it is no docx, or unpacks to too much."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = archive.infolist()
                _bounds(members)
                parts = {each.filename: archive.read(each) for each in members if not each.is_dir()}
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
            raise Refused(BROKEN, advice=ADVICE) from error
        if CONTENT_TYPES not in parts:
            raise Refused(BROKEN, advice=ADVICE)
        package = cls(parts)
        if not package.of(MAIN):
            raise Refused(BROKEN, advice=ADVICE)
        return package

    def of(self, kind: str) -> tuple[str, ...]:
        """Names of the parts whose content type is of `kind` (MAIN, HEADER, FOOTER, FOOTNOTES)."""
        return tuple(
            name for each in xml(self.parts[CONTENT_TYPES]).iter("{*}Override")
            if each.get("ContentType") == f"{_WORDPROCESSING}{kind}+xml"
            and (name := str(each.get("PartName")).lstrip("/")) in self.parts)

    def with_parts(self, changed: Mapping[str, bytes]) -> bytes:
        """The docx with these parts in place of the old; the same parts always give the same bytes."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for name, data in self.parts.items():
                info = zipfile.ZipInfo(name, _EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, changed.get(name, data), compresslevel=6)
        return target.getvalue()


def xml(data: bytes | str) -> etree._Element:
    """The tree of one part. Raises Refused for a DOCTYPE or broken XML."""
    source = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused(f"{BROKEN}（{error}）", advice=ADVICE) from error
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise Refused("文件里有 DOCTYPE，不予处理。", advice=ADVICE)
    return root


def _bounds(members: list[zipfile.ZipInfo]) -> None:
    names = [each.filename for each in members]
    if len(members) > MAX_MEMBERS or len(set(names)) < len(names):
        raise Refused(BROKEN, advice=ADVICE)
    if sum(each.file_size for each in members) > MAX_BYTES or any(
            each.file_size > MAX_RATIO * max(each.compress_size, 1) + (1 << 20) for each in members):
        raise Refused("文件解压后过大，不予处理。", advice=ADVICE)
    if any(each.flag_bits & 1 or each.filename.startswith("/") or ".." in each.filename.split("/")
           for each in members):
        raise Refused(BROKEN, advice=ADVICE)
