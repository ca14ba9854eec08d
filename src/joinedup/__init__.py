"""Joinedup: the system a local partnership runs to deliver integrated services to children and families."""

__version__ = "0.1.0"
