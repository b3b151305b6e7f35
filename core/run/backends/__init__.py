"""The backends: the only place that touches a framework, and the only one where `Any` may enter."""
