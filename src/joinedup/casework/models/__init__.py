"""The tables of casework, by noun."""

from joinedup.casework.models.cases import (
    Case,
    CaseBroughtOver,
    CaseMember,
    CasePerson,
    CaseQuerySet,
    CaseTransition,
)

__all__ = ["Case", "CaseBroughtOver", "CaseMember", "CasePerson", "CaseQuerySet", "CaseTransition"]
