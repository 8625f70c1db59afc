"""The schema says what the declaration says, and the samples obey it."""

from __future__ import annotations

from typing import Any

import pytest

from app.papers import catalogue
from app.papers.kinds import Field
from app.papers.schema import json_schema, shape

KINDS = [each.kind for each in catalogue.PAPERS]


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_has_what_is_required_and_nothing_unknown(kind: str) -> None:
    schema, sample = json_schema(catalogue.paper(kind)), catalogue.sample(kind)
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) <= set(sample) <= set(schema["properties"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_has_a_chinese_title_and_says_where_it_comes_from(kind: str) -> None:
    for found in json_schema(catalogue.paper(kind))["properties"].values():
        assert found["title"]
        assert found["description"].startswith("来源：")


def test_kinds_of_value_become_json_types() -> None:
    found = json_schema(catalogue.paper("rectification_order"))["properties"]
    assert found["term_days"]["type"] == "integer"
    assert (found["term_days"]["minimum"], found["term_days"]["maximum"]) == (3, 15)
    assert found["issue_date"]["format"] == "date"
    assert found["deadline_mode"]["oneOf"][0] == {"const": "fixed", "title": "写明截止日期（当日当面送达）"}
    assert found["guardians"]["items"]["required"] == ["name", "relation"]
    assert found["doc_no"]["type"] == ["string", "null"]
    assert found["findings"]["maxLength"] == 200


def test_what_steers_but_is_not_printed_is_write_only() -> None:
    found = json_schema(catalogue.paper("rectification_order"))["properties"]
    hidden = {name for name, each in found.items() if each.get("writeOnly")}
    assert hidden == {"case_no", "first_absent_date", "absence", "reason_code", "condition_met",
                      "deadline_mode", "announced", "organ_level"}


def test_a_flag_that_must_be_true_is_a_constant() -> None:
    found: dict[str, Any] = json_schema(catalogue.paper("criticism_record"))["properties"]["rights_told"]
    assert found["const"] is True


def test_a_kind_of_field_without_a_shape_is_an_error_and_no_guess() -> None:
    with pytest.raises(TypeError, match="no schema for Field"):
        shape(Field(name="x", label="某项"))
