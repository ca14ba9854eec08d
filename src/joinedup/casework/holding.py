"""Which tables of casework hold words of a case, and which of their columns stay and why (`core.keeping`). Whatever parts below
hold of a case by its kind and id stands here too, for they know no case."""

from __future__ import annotations

from joinedup.core.keeping import Holding, Reach

_CODE = "a code"
_PART = "which part somebody had: a code"
_REFERENCE = "a reference"
_DIGEST = "a digest: it says nothing by itself"
_SERVICE = "the name of a service, not of a person"
_KEPT = "says why words were kept or destroyed, and names nobody"
_SAYS_NOTHING = "the name of a place in a program, and ids"

NOTES, PLAN, REVIEWS = "notes and visits, and the files beside them", "the plan", "reviews and checks"
ASSESSMENTS, MEETINGS, STEPS = "assessments", "meetings, minutes and letters", "steps, handovers and allocation"
OVERSIGHT, PANEL, OLD = "supervision and quality audits", "the panel", "what an old system sent"
CONSENTS, MESSAGES = "agreement to help and to sharing", "messages sent"


def _of(model: str, name: str, by: str, /, *words: str, **stays: str) -> Holding:
    return Holding(f"casework.{model}", name, by, words, stays)


HOLDINGS = (
    _of("case", "the case", "pk", reference=_REFERENCE, pathway=_CODE),
    _of("caseperson", "the case", "case", "left_words", part=_PART),
    _of("casemember", "the case", "case", "words", part=_PART),
    _of("familyplace", "the case", "case", "words"),
    _of("caseaccess", "the case", "case", "reason"),
    _of("casetransition", STEPS, "case", "reason", start=_CODE, end=_CODE),
    _of("casepathway", STEPS, "case", "reason", code=_CODE),
    _of("leadhandover", STEPS, "case", "reason", "answer"),
    _of("sentback", STEPS, "case", "reason", "words"),
    _of("allocationdecision", STEPS, "case", "waited_for", "reason", decision=_CODE),
    _of("step", STEPS, "case", "reason"),
    _of("stepanswer", STEPS, "step__case", "words"),
    _of("disagreement", STEPS, "step__case", "words", who="who settles it: a post, as the setting says it"),
    _of("closure", REVIEWS, "case", "words"),
    _of("sustainedcheck", REVIEWS, "closure__case", "words"),
    _of("review", REVIEWS, "plan__case", "reason"),
    _of("reviewvoice", REVIEWS, "review__plan__case", "words"),
    _of("plan", PLAN, "case", "family_words", "contingency", reference=_REFERENCE),
    _of("planchild", PLAN, "plan__case", "words"),
    _of("statutoryplan", PLAN, "section__plan__case", "worker", "status", "next_means", "holder", "reference"),
    _of("planneed", PLAN, "plan__case", "words", "end_words"),
    _of("planoutcome", PLAN, "need__plan__case", "words"),
    _of("planaction", PLAN, "outcome__need__plan__case", "words", "evidence", "status_words", service=_SERVICE, kind=_CODE),
    _of("planchange", PLAN, "plan__case", "what", "before", "after", kind=_CODE),
    _of("assessment", ASSESSMENTS, "case", reference=_REFERENCE, pathway=_CODE),
    _of("assessmentsection", ASSESSMENTS, "assessment__case", "answers", "known", "settled", code=_CODE),
    _of("assessmenttransition", ASSESSMENTS, "assessment__case", "reason", start=_CODE, end=_CODE),
    _of("casenote", NOTES, "case", "words", "child_words", "next_step", kind=_CODE, result=_CODE),
    _of("noteaddition", NOTES, "note__case", "words"),
    _of("notefile", NOTES, "note__case", "name", "content", kind=_CODE, digest=_DIGEST),
    _of("casetask", NOTES, "case", "words", "done_words"),
    _of("intervention", "help that was given", "case", "words", "delivered_by", service=_SERVICE, unit="a unit"),
    _of("meeting", MEETINGS, "case", "place", "link", "note", "minutes", "ended_reason", reference=_REFERENCE),
    _of("meetingplace", MEETINGS, "meeting__case", "words", told_by=_CODE, presence=_CODE),
    _of("meetingdecision", MEETINGS, "meeting__case", "words"),
    _of("meetingaction", MEETINGS, "case", "words", "ended_words", state=_CODE),
    _of("meetingletter", MEETINGS, "meeting__case", "words"),
    _of("lettersent", MEETINGS, "place__meeting__case", "words", how=_CODE),
    _of("supervisioncase", OVERSIGHT, "case", "reflection", "decision", "action"),
    _of("caseaudit", OVERSIGHT, "case", "strengths", "second_words", grade="a grade"),
    _of("auditanswer", OVERSIGHT, "audit__case", "evidence", item=_CODE),
    _of("panelrequest", PANEL, "case", "words", "words_for_family", "disagreed_words", "ended_reason",
        reference=_REFERENCE, papers="codes of papers", family_told_by=_CODE),
    _of("panelservice", PANEL, "request__case", name=_SERVICE),
    _of("paneldecision", PANEL, "service__request__case", "reason", instead=_SERVICE),
    _of("panelcontribution", PANEL, "request__case", "words"),
    _of("paneltransition", PANEL, "request__case", "reason", start=_CODE, end=_CODE),
    _of("casebroughtover", OLD, "case", "as_supplied", reference=_REFERENCE, digest=_DIGEST),
    _of("workbroughtover", OLD, "case", "as_supplied", kind=_CODE, reference=_REFERENCE, target_kind=_CODE, digest=_DIGEST),
    _of("wordshold", "the case", "case", reason=_KEPT, ended_reason=_KEPT),
    _of("wordsdestroyed", "the case", "case", reason=_KEPT, counts=_KEPT),
    Holding("outcomes.reading", PLAN, "baseline__subject_kind|baseline__subject_id", ("words",),
            {"source_kind": _SAYS_NOTHING, "source_id": _SAYS_NOTHING}, of="casework.planoutcome"),
    *(
        Holding(f"information_sharing.{model}", CONSENTS, "subject_kind|subject_id", words,
                {"subject_kind": _SAYS_NOTHING, "subject_id": _SAYS_NOTHING, **stays})
        for model, words, stays in (
            ("helpagreed", ("given_by", "reasons", "withdrawn_reason"), {}),
            ("sharingbasis", ("given_by", "reasons", "reason", "ended_reason"), {"information": _CODE}),
            ("sharingdeclined", ("given_by", "reasons", "words"), {"information": _CODE}),
            ("withdrawal", ("given_by", "reasons", "words", "decision_reason"), {"ended": "counts of what ended"}),
            ("basisgiven", ("reason",), {}),
        )
    ),
)  # fmt: skip
REACHES = (Reach("casework.planoutcome", "need__plan__case"),)
