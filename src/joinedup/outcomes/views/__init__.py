"""Pages of the partnership's outcomes."""
