"""A paper is one declaration, one template and one sample, and stands in no other place."""

from __future__ import annotations

import ast
import re

import pytest

from app.law.offices import Level
from app.outside import shipped
from app.papers import catalogue, render
from app.papers.context import compose
from app.papers.kinds import Group, Life, LongText, Paper, Rows, Text
from tests.house.source import modules, templates
from tests.papers import docs

KINDS = [each.kind for each in catalogue.PAPERS]


@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_composes_with_its_sample_and_fills_its_template(kind: str) -> None:
    made = compose(catalogue.paper(kind), catalogue.sample(kind), shipped.lawbook())
    assert render.fill(catalogue.template_path(kind).read_bytes(), made.context)


@pytest.mark.parametrize("kind", KINDS)
def test_every_placeholder_is_declared_and_what_must_be_shown_is_used(kind: str) -> None:
    paper = catalogue.paper(kind)
    made = compose(paper, catalogue.sample(kind), shipped.lawbook())
    derived = set(paper.derive(made.values, shipped.lawbook()))
    used = render.names(catalogue.template_path(kind).read_bytes())
    assert used <= set(made.context)
    assert paper.must_show <= used
    assert derived <= used


def test_what_is_shown_in_a_derived_text_is_shown_in_one_that_exists() -> None:
    for paper in catalogue.PAPERS:
        made = compose(paper, catalogue.sample(paper.kind), shipped.lawbook())
        assert {each.shown_in for each in paper.fields if each.shown_in} <= set(made.context)


def test_no_kind_is_named_outside_the_catalogue() -> None:
    for name, source in modules().items():
        if name.startswith("papers/catalogue/"):
            continue
        texts = {node.value for node in ast.walk(ast.parse(source))
                 if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        assert not texts & set(KINDS), name
    for name, source in templates().items():
        assert not set(re.findall(r"\w+", source)) & set(KINDS), name


def test_a_paper_made_up_at_run_time_composes_and_fills() -> None:
    made_up = Paper(
        kind="made_up", title="试验文书", basis="试验", life=Life.RECORD, issuers=(Level.SCHOOL,),
        groups=(Group(title="内容", fields=(
            Text(name="school", label="学校"), LongText(name="story", label="经过"),
            Rows(name="people", label="人员", columns=(Text(name="who", label="何人"),)))),),
        derive=lambda values, _lawbook: {"greeting": f"{values['school']}："})
    made = compose(made_up, {"school": "云岭中学", "story": "一\n二", "people": [{"who": "甲"}]}, shipped.lawbook())
    template = docs.paper("{{ greeting }}", "{% for line in story %}{{ line.text }}{% endfor %}",
                          "{% for each in people %}{{ each.who }}{% endfor %}")
    assert "云岭中学：一二甲" in docs.words(render.fill(template, made.context))
