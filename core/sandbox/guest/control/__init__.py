"""Controlled randomness for undeclared code: a stated list of random calls draws by address.

A copy of this folder lies first on the path of a document's process, in whichever environment that
runs, so it needs Python and NumPy alone and imports nothing of this project. What it replaces is
listed in `core.sandbox.guest.control.calls`; a random call that is not listed is reported by a
warning, so that nobody takes its run for a controlled one.
"""
