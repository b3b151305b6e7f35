"""Running a scenario: backends, the one runner, addressed draws, images, worker processes."""
