"""What holds the shape of the code: the order of parts, the doors for writes and reads, sizes, words and documents."""
