"""Pages of information sharing, by noun. Each parses, makes one call and responds."""
