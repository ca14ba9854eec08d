"""The partnership itself: organisations and their successors, localities, clusters and postcodes, teams and posts.

A post joins an account to a team and a role, with employer, host, funders and supervisors, from a moment to a moment.
"""
