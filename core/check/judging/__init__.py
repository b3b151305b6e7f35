"""Checking: plan the runs, judge them against goldens and published claims."""

from core.check.judging.flips import settled
from core.check.judging.judge import judge
from core.check.judging.plan import Asked, CheckPlan, plan_check, plan_runs
from core.check.judging.result import CheckReport, Result, Status
from core.check.judging.trends import Trends, judge_trends

__all__ = [
    "Asked",
    "CheckPlan",
    "CheckReport",
    "Result",
    "Status",
    "Trends",
    "judge",
    "judge_trends",
    "plan_check",
    "plan_runs",
    "settled",
]
