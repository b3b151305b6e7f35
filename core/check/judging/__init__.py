"""Checking: plan the runs, judge them against goldens and published claims."""

from core.check.judging.judge import judge
from core.check.judging.plan import CheckPlan, plan_check
from core.check.judging.result import CheckReport, Result, Status
from core.check.judging.trends import Trends, judge_trends

__all__ = [
    "CheckPlan",
    "CheckReport",
    "Result",
    "Status",
    "Trends",
    "judge",
    "judge_trends",
    "plan_check",
]
