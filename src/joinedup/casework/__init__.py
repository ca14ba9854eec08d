"""One team and one lead professional around the child. In this first version: the case, its lifecycle, its people and
its lead professional; assessment, plan and reviews follow."""
