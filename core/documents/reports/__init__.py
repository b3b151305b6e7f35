"""Reports for where people work: JUnit XML, GitHub annotations."""

from core.documents.reports.github import github_annotations
from core.documents.reports.junit import junit_xml
from core.documents.reports.sections import SectionResult, section_results

__all__ = ["SectionResult", "github_annotations", "junit_xml", "section_results"]
