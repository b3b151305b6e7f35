"""JUnit XML, read by a parser of someone else's."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from core.documents.reports import junit_xml
from tests.core.documents.reports.reports import report_in

# What junit-10.xsd of Jenkins' xUnit plugin allows, of that which is used here.
ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "file"},
    "testcase": {"name", "classname", "time"},
    "failure": {"type", "message"},
    "skipped": {"message"},
    "properties": set(),
    "property": {"name", "value"},
    "system-out": set(),
}


@pytest.fixture
def xml(tmp_path: Path) -> str:
    return junit_xml([report_in(tmp_path)])


def cases(xml: str) -> list[TestCase]:
    (suite,) = JUnitXml.fromstring(xml.encode())
    assert isinstance(suite, TestSuite)
    return list(suite)


def test_a_document_is_a_suite_and_a_section_a_test(xml: str) -> None:
    parsed = JUnitXml.fromstring(xml.encode())
    assert (3, 1, 0, 6.0) == (parsed.tests, parsed.failures, parsed.errors, parsed.time)
    assert ["Fitting, by hand (line 1)", "Again: 100 % (line 7)", "Never (line 13)"] == [
        case.name for case in cases(xml)
    ]
    assert [1.5] * 3 == [case.time for case in cases(xml)]


def test_a_failure_says_where_what_and_what_to_do(xml: str) -> None:
    (failure,) = cases(xml)[1].result
    assert isinstance(failure, Failure)
    assert "cell-error" == failure.type
    assert "fit, 1.md:10: 50 % \ufffd[1m<lost>" in str(failure.message)
    assert "remedy: mend it" in str(failure.text)


def test_what_follows_from_a_failure_is_skipped_with_the_reason(xml: str) -> None:
    (skipped,) = cases(xml)[2].result
    assert isinstance(skipped, Skipped)
    assert "follows from cell 1, which failed before" == skipped.message


def test_notes_and_accepted_findings_do_not_fail_and_are_told(xml: str) -> None:
    first = cases(xml)[0]
    assert [] == list(first.result)
    assert "by the way" in str(first.system_out)
    assert "accepted until 2027-01-31: under review" in str(first.system_out)


def test_elements_and_attributes_are_those_of_the_schema(xml: str) -> None:
    for element in ElementTree.fromstring(xml).iter():
        assert set(element.attrib) <= ATTRIBUTES[element.tag]
