"""Running scenarios in a process of their own: Keras fixes its backend when it is imported."""

from core.run.worker.job import Job, StationJob
from core.run.worker.pool import Failure, Outcome, run_jobs

__all__ = ["Failure", "Job", "Outcome", "StationJob", "run_jobs"]
