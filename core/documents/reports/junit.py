"""JUnit XML: a suite for each document, a test for each of its sections.

The elements and attributes are those of the schema that Jenkins' xUnit plugin publishes
(junit-10.xsd), so that whatever reads pytest's own reports reads these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as Tree

from core.documents.reports.sections import SectionResult, section_results
from core.documents.validation.report import DocumentReport
from core.trace.finding import Finding

# XML 1.0 has no place for other control characters, not even escaped.
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(reports: Sequence[DocumentReport]) -> str:
    """The XML of some documents' reports."""
    root = Tree.Element("testsuites", name="parity validate")
    suites = [_suite(report) for report in reports]
    root.extend(suites)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    root.set("time", _seconds(sum(report.seconds for report in reports)))
    Tree.indent(root)
    return Tree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(report: DocumentReport) -> Tree.Element:
    results = section_results(report)
    suite = Tree.Element("testsuite", name=_text(report.path))
    failures = [_failures(result) for result in results]
    suite.set("tests", str(len(results)))
    suite.set("failures", str(sum(bool(failed) for failed in failures)))
    suite.set("errors", "0")
    suite.set("skipped", str(sum(result.status == "skipped" for result in results)))
    suite.set("time", _seconds(report.seconds))
    suite.set("file", _text(report.path))
    properties = Tree.SubElement(suite, "properties")
    Tree.SubElement(properties, "property", name="decision", value=_text(report.decision))
    for result, failed in zip(results, failures, strict=True):
        suite.append(_case(report, result, failed))
    return suite


def _failures(result: SectionResult) -> list[Finding]:
    return [finding for finding in result.findings if finding.fails]


def _case(report: DocumentReport, result: SectionResult, failed: list[Finding]) -> Tree.Element:
    case = Tree.Element("testcase", name=_text(f"{result.title} (line {result.line})"))
    case.set("classname", _text(report.path))
    case.set("time", _seconds(result.seconds))
    if failed:
        codes = ", ".join(dict.fromkeys(finding.code for finding in failed))
        failure = Tree.SubElement(case, "failure", type=codes)
        failure.set("message", _text(f"{failed[0].where}: {failed[0].message}"))
        failure.text = _text("\n\n".join(_words(finding) for finding in failed))
    elif result.status == "skipped":
        Tree.SubElement(case, "skipped", message=_text(result.reason))
    rest = [*_notes(result.findings), *_accepted(result)]
    if rest:
        Tree.SubElement(case, "system-out").text = _text("\n\n".join(rest))
    return case


def _words(finding: Finding) -> str:
    return (
        f"{finding.severity} {finding.code}  {finding.where}\n{finding.message}\n"
        f"evidence: {finding.evidence}\nremedy: {finding.remedy}"
    )


def _notes(findings: Iterable[Finding]) -> list[str]:
    return [_words(finding) for finding in findings if not finding.fails]


def _accepted(result: SectionResult) -> list[str]:
    return [
        f"{_words(one.finding)}\naccepted until {one.expires}: {one.reason}"
        for one in result.accepted
    ]


def _seconds(value: float) -> str:
    return f"{value:.3f}"


def _text(value: object) -> str:
    return _FORBIDDEN.sub("\ufffd", str(value))
