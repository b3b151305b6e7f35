"""Questions that the first page answers with a link."""

from __future__ import annotations

from attrs import frozen

from core.site.texts import Text
from core.site.words.loading import load


@frozen
class Question:
    """A question and where it is answered.

    Attributes:
        at: a section's id or a page, followed by what to show of it.
        asked: the question.
        where: what the link leads to.
    """

    at: str
    asked: Text
    where: Text


@frozen
class _Questions:
    questions: tuple[Question, ...]


QUESTIONS = load("questions.toml", _Questions).questions
