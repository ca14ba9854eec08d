"""Programmes, their sessions and registers; what young people do."""

from joinedup.universal.models.participation import JusticeInvolvement, Participation, ParticipationImport
from joinedup.universal.models.programmes import Programme, Session, SessionStaff
from joinedup.universal.models.registers import Attendance, AttendanceChange, AttendanceQuerySet, HelpPosted

__all__ = [
    "Attendance",
    "AttendanceChange",
    "AttendanceQuerySet",
    "HelpPosted",
    "JusticeInvolvement",
    "Participation",
    "ParticipationImport",
    "Programme",
    "Session",
    "SessionStaff",
]
