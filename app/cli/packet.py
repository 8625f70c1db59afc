"""`flask packet`: make and check sealed and signed PDFs from files, without a register."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sys
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.answers import as_json, told
from app.errors import Refused
from app.intake import evidence
from app.outside import fonts
from app.outside.clock import Clock
from app.outside.keyholder import Keyholder, SigningKey
from app.outside.press import Press, running_press
from app.outside.vault import write_whole
from app.packets import contents, front, merge, seal, sign, verify
from app.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.settings import Settings

KEYS = {"title", "office", "items", "straddle_seal", "seal_mm"}
ITEM_KEYS = {"title", "file", "doc_no", "date", "note"}
OFFICE_FILES = {".docx", ".xlsx"}
PICTURES = {".png", ".jpg", ".jpeg"}
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class Wanted:
    """A manifest, read and checked. `files` lie beside the manifest."""

    title: str
    office: str
    rows: tuple[dict[str, str], ...]
    files: tuple[Path, ...]
    straddle_seal: bool
    seal_mm: float


@click.group("packet", help="卷宗：合并、编目、编页、加盖骑缝章、签名、核验（不需要登记库）。\n\n"
                            "例：flask packet verify 卷宗.pdf")
def packet_group() -> None:
    """Group the commands."""


@packet_group.command("build", help="按清单制作一份卷宗 PDF。\n\n例：flask packet build 清单.json --out 卷宗.pdf\n\n"
                      '清单：{"title":…,"office":…,"items":[{"title":…,"file":"a.pdf"}],"straddle_seal":true}')
@click.argument("manifest", type=FILE)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="写到哪个文件。")
@click.option("--p12", type=FILE, help="签名证书（PKCS#12）。不给时用本机 keys 目录里的密钥。")
@click.option("--p12-pass-file", type=FILE, help="存有 P12 口令的文件。")
@click.option("--seal", "seal_file", type=FILE, help="印章图片（透明背景的 PNG），用于骑缝章。")
@click.option("--json", "json_wanted", is_flag=True, help="只输出一个 JSON 值。")
@told
def build(manifest: Path, out: Path, p12: Path | None, p12_pass_file: Path | None,
          seal_file: Path | None, json_wanted: bool) -> None:  # noqa: FBT001  (click passes flags so)
    """Make a packet."""
    settings, now = load_settings(), Clock().now()
    wanted = read_manifest(manifest)
    key = _key(settings, p12, p12_pass_file)
    straddle = _straddle(wanted, seal_file)
    about = merge.About(title=wanted.title, office=wanted.office, created=now)
    with ExitStack() as stack:
        plan, cover = _parts(wanted, lambda: stack.enter_context(running_press(settings)), Clock().day_of(now))
    pdf = merge.merge(plan, about, front=cover, straddle=straddle)
    if key:
        pdf = sign.sign(pdf, key, location=wanted.office, now=now)
        verdict = verify.verify(pdf)
        if not verdict.valid:
            raise Refused("做好的卷宗没有通过自查：" + "".join(verdict.reasons), advice="请检查签名证书。")
    else:
        click.echo("注意：本机没有签名密钥，这份卷宗没有签名，不能核验是否被改动。"
                   "可用 --p12 给出签名证书，或先运行 flask init。", err=True)
    write_whole(out.resolve(), pdf)
    _tell(plan, out, pdf, key, json_wanted=json_wanted)


def _tell(plan: contents.Plan, out: Path, pdf: bytes, key: SigningKey | None, *, json_wanted: bool) -> None:
    signer = verify.verify(pdf).signed_by if key else ""
    if json_wanted:
        as_json({
            "packet": str(out), "pages": plan.front_pages + plan.total, "sha256": hashlib.sha256(pdf).hexdigest(),
            "signed": bool(key), "signed_by": signer,
            "items": [{"title": row.title, "pages": [row.first, row.last]} for row in plan.rows],
        })
        return
    click.echo(f"已写入 {out}：{len(plan.rows)} 件材料，{plan.total} 页，另有封面和目录 {plan.front_pages} 页。")
    for row in plan.rows:
        click.echo(f"  {row.number}. {row.title}    第 {row.pages} 页")
    click.echo(f"签名：{signer}" if key else "没有签名。")


def read_manifest(path: Path) -> Wanted:
    """Read and check a manifest. Raises Refused, naming the place, for whatever is not as promised."""
    try:
        given = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, OSError) as error:
        raise Refused("清单不是合格的 JSON。", where=path.name, advice="请检查括号、引号和逗号。") from error
    if not isinstance(given, dict) or not isinstance(given.get("items"), list) or not given["items"]:
        raise Refused("清单里没有 items。", where=path.name, advice='请至少列出一份材料：{"title":…,"file":…}。')
    _known(given, KEYS, path.name)
    rows = []
    for number, item in enumerate(given["items"]):
        where = f"items.{number}"
        if not isinstance(item, dict):
            raise Refused("应是一个对象。", where=where, advice='请写成 {"title":…,"file":…}。')
        _known(item, ITEM_KEYS, where)
        rows.append({key: _text(item, key, where, required=key in {"title", "file"}) for key in ITEM_KEYS})
    return Wanted(
        _text(given, "title", path.name), _text(given, "office", path.name), tuple(rows),
        tuple(_file(path.parent, row["file"], f"items.{number}.file") for number, row in enumerate(rows)),
        bool(given.get("straddle_seal", False)), _millimetres(given.get("seal_mm", 42)))


def _known(given: dict[str, Any], keys: set[str], where: str) -> None:
    if unknown := sorted(set(given) - keys):
        raise Refused(f"不认识的项：{'、'.join(unknown)}。", where=where,
                      advice=f"可用的项：{'、'.join(sorted(keys))}。")


def _text(given: dict[str, Any], key: str, where: str, *, required: bool = True) -> str:
    value = given.get(key, "")
    if not isinstance(value, str) or (required and not value.strip()):
        raise Refused(f"{key} 应是文字，不能为空。", where=where)
    if lost := fonts.missing(value):
        raise Refused(f"{key} 里有打印不出来的字符：{' '.join(lost)}", where=where, advice="请改正，或联系管理员补字。")
    return value.strip()


def _millimetres(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("应是印章直径的毫米数。", where="seal_mm")
    return float(value)


def _file(folder: Path, name: str, where: str) -> Path:
    """The file `name` beside the manifest; it may not lead out of that folder."""
    place = (folder / name).resolve()
    if not place.is_relative_to(folder.resolve()):
        raise Refused("文件应放在清单所在的目录里。", where=where, advice="请使用相对路径。")
    if not place.is_file():
        raise Refused(f"没有找到文件 {name}。", where=where, advice="文件名是相对于清单所在目录的。")
    if place.suffix.lower() not in {".pdf", *OFFICE_FILES, *PICTURES}:
        raise Refused(f"不支持 {place.suffix or '没有后缀的'} 文件。", where=where,
                      advice="可用 pdf、docx、xlsx、png、jpg。")
    return place


def _key(settings: Settings, p12: Path | None, passphrase: Path | None) -> SigningKey | None:
    if p12 is not None:
        secret = passphrase.read_bytes().rstrip(b"\r\n") if passphrase else b""
        return SigningKey.from_p12(p12.read_bytes(), secret)
    holder = Keyholder(settings.instance / "keys")
    return holder.key() if holder.has_key else None


def _straddle(wanted: Wanted, file: Path | None) -> merge.Straddle | None:
    if wanted.straddle_seal and file is None:
        click.echo("注意：清单要求骑缝章，但没有用 --seal 给出印章图片，所以没有加盖。", err=True)
    if not wanted.straddle_seal or file is None:
        return None
    return merge.Straddle(seal.read_seal(file.read_bytes(), wanted.seal_mm))


def _parts(wanted: Wanted, press: Callable[[], Press], today: dt.date) -> tuple[contents.Plan, bytes]:
    """The plan and the front matter; one press serves all."""
    printer = press()
    items = [_item(row, file, printer) for row, file in zip(wanted.rows, wanted.files, strict=True)]
    draft = contents.plan(items, reorder=False)
    cover = printer.convert_file(
        front.front_docx(draft, title=wanted.title, office=wanted.office, created=today), "docx")
    return contents.plan(items, contents.page_count(cover, "封面与目录"), reorder=False), cover


def _item(row: dict[str, str], file: Path, press: Press) -> contents.Item:
    data, suffix = file.read_bytes(), file.suffix.lower()
    click.echo(f"正在处理 {row['title']}", err=True)
    if suffix in PICTURES:
        pdf = evidence.clean(data, file.name, press.open_evidence).pdf
    elif suffix in OFFICE_FILES:
        pdf = press.convert_file(data, suffix)
    else:
        evidence.look(data, file.name, press.open_evidence)
        pdf = data
    return contents.Item(title=row["title"], pdf=pdf, date=_day(row["date"], row["title"]), doc_no=row["doc_no"],
                         note=row["note"], source_sha256=hashlib.sha256(data).hexdigest())


def _day(text: str, where: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(f"“{text}”不是日期。", where=where, advice="应写成 2026-09-18 的样子。") from None


@packet_group.command("verify", help="核验一份卷宗：签名、完整性和每一页。\n\n"
                      "例：flask packet verify 卷宗.pdf --trust 根证书.pem")
@click.argument("packet", type=FILE)
@click.option("--trust", type=FILE, help="信任的根证书（PEM 或 DER）。不给时先用本机 keys 目录里的根证书。")
@click.option("--json", "json_wanted", is_flag=True, help="只输出一个 JSON 值。")
@told
def check(packet: Path, trust: Path | None, json_wanted: bool) -> None:  # noqa: FBT001  (click passes flags so)
    """Check a packet; exit code 1 when anything does not hold."""
    verdict = judged(packet.read_bytes(), trust)
    if json_wanted:
        as_json(asdict(verdict))
    else:
        click.echo(verify.report(verdict))
    sys.exit(0 if verdict.valid else 1)


def judged(pdf: bytes, trust: Path | None) -> verify.Verdict:
    """The verdict with `trust`, or with this installation's own roots; only where there is neither, without any."""
    if trust is not None:
        return verify.verify(pdf, sign.certificates([trust.read_bytes()]))
    roots = Keyholder(load_settings().instance / "keys").trusted()
    return verify.verify(pdf, roots or None)
