"""Shared money: agreements, pooled, aligned, joint and grant funds, their budgets and contributions, and the ledger."""
