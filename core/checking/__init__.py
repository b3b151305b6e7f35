"""Checking: plan the runs, judge them against goldens and published claims."""

from core.checking.judge import judge
from core.checking.plan import CheckPlan, plan_check
from core.checking.result import CheckReport, Result, Status

__all__ = ["CheckPlan", "CheckReport", "Result", "Status", "judge", "plan_check"]
