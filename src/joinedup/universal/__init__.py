"""What is there for every child: group work and its registers, and whether young people learn or work."""
