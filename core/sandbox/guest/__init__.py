"""All code that runs in somebody else's process.

It needs Python and NumPy alone, imports nothing of this project outside this folder, and names its
own parts relatively: a copy of it runs in whichever environment a document belongs to.
"""
