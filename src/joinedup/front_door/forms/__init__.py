"""The questions of the front door's pages, one module for each group of pages."""
