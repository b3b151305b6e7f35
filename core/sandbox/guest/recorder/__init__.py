"""The child program that executes a document's cells and records what they do.

It needs Python and NumPy alone and imports nothing of this project outside its own folder, so that
it runs in any environment: the sandbox copies the folder beside the document's copy.
"""
