"""One team and one lead professional around the child: the case, its assessment, team and meetings, its plan, reviews and
steps between levels, notes and visits, and its closing. The statutory record stays in the council's own system."""
