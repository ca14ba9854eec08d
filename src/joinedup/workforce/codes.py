"""The courses that give a right. Pure."""

from __future__ import annotations

from enum import StrEnum


class Course(StrEnum):
    """Courses whose completion the program asks for."""

    COMMON_ASSESSMENT = "common_assessment"
    LEAD_PROFESSIONAL = "lead_professional"


COURSE_LABELS: dict[Course, str] = {
    Course.COMMON_ASSESSMENT: "Common assessment",
    Course.LEAD_PROFESSIONAL: "Leading as a lead professional",
}
