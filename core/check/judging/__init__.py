"""Checking: plan the runs, judge them against goldens and published claims."""

from core.check.judging.judge import judge
from core.check.judging.plan import CheckPlan, plan_check
from core.check.judging.result import CheckReport, Result, Status

__all__ = ["CheckPlan", "CheckReport", "Result", "Status", "judge", "plan_check"]
