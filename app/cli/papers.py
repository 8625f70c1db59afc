"""`flask papers`: one paper from a data file, no register needed; always marked 草稿, never numbered."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli import law
from app.cli.answers import as_json, told
from app.errors import Refused
from app.outside.press import running_press
from app.papers import catalogue, context, render
from app.papers.lint import Fault, lint
from app.papers.schema import json_schema
from app.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.outside.press import Printed
    from app.papers.kinds import Composed, Paper

JSON_HELP = "只输出一个 JSON 值。"
DPI = 110
NEVER_NUMBERED = ("doc_no", "served_no")
"""What a paper made without the register must not bear: a number that no register gave it."""


class Kind(click.ParamType["Paper"]):
    """The identifier of a kind of paper."""

    name = "文书"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Paper:
        """The declaration, or the end with exit code 2."""
        try:
            return catalogue.paper(str(value))
        except Refused as refused:
            self.fail(f"{refused}", param, ctx)


@click.group("papers")
def papers_group() -> None:
    r"""单份文书：列出、查看格式、出样例、试排版、查模板。

    \b
    例：flask papers render rectification_order data.json --out /tmp/out
    """


@papers_group.command("list")
@click.option("--json", "json_wanted", is_flag=True, help=JSON_HELP)
def list_papers(*, json_wanted: bool) -> None:
    r"""列出全部文书。

    \b
    例：flask papers list --json
    """
    if json_wanted:
        as_json([{"kind": each.kind, "title": each.title, "issuers": [level.value for level in each.issuers],
                  "step": each.step.value if each.step else None} for each in catalogue.PAPERS])
        return
    for each in catalogue.PAPERS:
        issuers = "、".join(level.label for level in each.issuers)
        click.echo(f"{each.kind}　{each.title}（{each.life.label}；{issuers}；{each.basis}）")


@papers_group.command("schema")
@click.argument("kind", type=Kind())
def schema(kind: Paper) -> None:
    r"""输出数据文件的 JSON Schema。

    \b
    例：flask papers schema rectification_order
    """
    as_json(json_schema(kind))


@papers_group.command("sample")
@click.argument("kind", type=Kind())
def sample(kind: Paper) -> None:
    r"""输出一份完整的虚构样例，render 可直接使用。

    \b
    例：flask papers sample rectification_order > data.json
    """
    as_json(catalogue.sample(kind.kind))


@papers_group.command("render")
@click.argument("kind", type=Kind())
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="输出到这个文件夹。")
@click.option("--png", is_flag=True, help="另存每页图片。")
@click.option("--json", "json_wanted", is_flag=True, help=JSON_HELP)
@told
def render_paper(kind: Paper, data: Path, out: Path, *, png: bool, json_wanted: bool) -> None:
    r"""按数据文件排版一份文书（草稿，不编号）。

    \b
    例：flask papers render rectification_order data.json --out /tmp/out --png
    """
    made = compose_file(kind, data)
    with running_press(load_settings()) as press:
        template = catalogue.template_path(kind.kind).read_bytes()
        printed = press.convert(template, [made.context], draft=True, page_limit=kind.page_limit)[0]
        if printed.problems or not printed.pdf:
            raise Refused("排版没有通过检查。", problems=printed.problems, advice="请按提示修改数据。")
        pictures = press.pages(printed.pdf, DPI) if png else []
    answer = _saved(kind, printed, pictures, out)
    if json_wanted:
        as_json(answer)
    else:
        click.echo(f"{answer['docx']}\n{answer['pdf']}（{answer['pages']}页）")


@papers_group.command("lint")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=Kind(), help="按这种文书核对字段；不给时按文件名猜。")
@click.option("--json", "json_wanted", is_flag=True, help=JSON_HELP)
@told
def lint_template(file: Path, kind: Paper | None, *, json_wanted: bool) -> None:
    r"""检查一份 docx 模板；有问题时退出码为 1。

    \b
    例：flask papers lint my_order.docx --kind rectification_order
    """
    kind = kind or catalogue.paper(file.stem)
    found = faults(file.read_bytes(), kind)
    if json_wanted:
        as_json([asdict(each) for each in found])
    else:
        for each in found:
            click.echo(f"{each.where}：{each.message}{each.fix}")
    if found:
        raise SystemExit(1)


def compose_file(kind: Paper, path: Path) -> Composed:
    """The paper of a data file, its number taken away. Raises Refused with the field named."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Refused(f"数据文件不是合格的 JSON：{error}", where=path.name,
                      advice="可先用 flask papers sample 取样例。") from error
    if not isinstance(data, dict):
        raise Refused("数据文件应是一个对象（名称和值）。", where=path.name)
    lawbook, _ = law.lawbook_source.ask()
    return context.compose(kind, {name: value for name, value in data.items() if name not in NEVER_NUMBERED}, lawbook)


def faults(template: bytes, kind: Paper) -> Sequence[Fault]:
    """What lint finds, and what the paper has to show but this template leaves out."""
    lawbook, _ = law.lawbook_source.ask()
    known = context.compose(kind, catalogue.sample(kind.kind), lawbook).context
    found = [each for each in lint(template, known, banned=kind.banned) if not each.note]
    if found:
        return found
    return [
        Fault("全文", "left_out", f"模板没有用到“{name}”，文书会缺少这一项。", f"请在适当位置加上 {{{{ {name} }}}}。")
        for name in sorted(kind.must_show - render.names(template))
    ]


def _saved(kind: Paper, printed: Printed, pictures: Sequence[bytes], out: Path) -> dict[str, Any]:
    out.mkdir(parents=True, exist_ok=True)
    answer: dict[str, Any] = {"docx": str(out / f"{kind.kind}.docx"), "pdf": str(out / f"{kind.kind}.pdf"),
                              "pages": printed.pages}
    Path(answer["docx"]).write_bytes(printed.docx)  # writes: the folder that the user named on the command line
    Path(answer["pdf"]).write_bytes(printed.pdf)  # writes: the folder that the user named on the command line
    if pictures:
        answer["png"] = []
        for number, picture in enumerate(pictures, 1):
            path = out / f"{kind.kind}-{number}.png"
            path.write_bytes(picture)  # writes: the folder that the user named on the command line
            answer["png"].append(str(path))
    return answer
