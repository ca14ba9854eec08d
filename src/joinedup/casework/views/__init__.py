"""The pages of casework, one module for each group of screens. Each parses, calls one service or query, and answers."""
