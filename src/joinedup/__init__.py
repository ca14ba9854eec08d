"""Joinedup: the system a local partnership runs to deliver integrated services to children and families."""

import os

# openpyxl reads with lxml where another package has brought it; defusedxml, without it, refuses what is made to do harm.
os.environ["OPENPYXL_LXML"] = "False"

__version__ = "0.1.0"
