"""Who may see and do what: accounts, roles, permissions, the registry of grounds, and the audit trail.

An account knows no organisation; a person's standing comes from the posts they hold (`organisations` registers it).
"""
