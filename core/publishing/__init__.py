"""Reports for where people work: JUnit XML, GitHub annotations."""

from core.publishing.github import github_annotations
from core.publishing.junit import junit_xml
from core.publishing.sections import SectionResult, section_results

__all__ = ["SectionResult", "github_annotations", "junit_xml", "section_results"]
