"""Writing a town's case work from what `demo_town_work` told: plans, reviews, meetings, notes, assessments, and what waits."""

from __future__ import annotations

from joinedup.casework.models import (
    Assessment,
    AssessmentSection,
    AssessmentTransition,
    CaseNote,
    CaseTask,
    Closure,
    Intervention,
    InterventionFor,
    LeadHandover,
    Meeting,
    MeetingAction,
    MeetingDecision,
    MeetingPlace,
    NoteAddition,
    NoteSeen,
    Plan,
    PlanAction,
    PlanChange,
    PlanChild,
    PlanNeed,
    PlanOutcome,
    Review,
    ReviewPlace,
    ReviewVoice,
    Step,
    StepAnswer,
    SustainedCheck,
)
from joinedup.core.bulk import insert_from
from joinedup.outcomes.demo_town import begin_from, read_from

_NEW = "gen_random_uuid()"
_ENDING = "'The family has what it needs and knows whom to ring.'"
_FIRST_CHILD = (
    "(SELECT s.id FROM casework_planchild s WHERE s.plan_id = a.plan_id ORDER BY s.person_id LIMIT 1)"
)  # fmt: skip
_FIRST_CHILD_PERSON = (
    "(SELECT s.person_id FROM casework_planchild s WHERE s.plan_id = a.plan_id ORDER BY s.person_id LIMIT 1)"
)


def write_plans() -> None:
    """The plan of each case with its children's sections, needs, outcomes with baselines, actions, and its history."""
    insert_from(Plan, "town_plan p JOIN town_case c USING (case_id)", {
        "id": "p.plan_id", "reference": "'P' || substr(c.reference, 2)", "family_id": "c.family_id", "case_id": "c.case_id",
        "state": "CASE WHEN c.closed_at IS NULL THEN 'open' ELSE 'closed' END", "opened_at": "p.at",
        "family_words": "'We want mornings without shouting, and somebody to ask when it gets too much.'",
        "contingency": "'If it gets worse: ring the team. Gran has the children on Sunday.'", "opened_by": "c.lead_account",
        "closed_at": "c.closed_at",
    })  # fmt: skip
    # A child of two households has a lead professional in one.
    first = "c.closed_at IS NULL AND row_number() OVER (PARTITION BY n.person_id ORDER BY c.closed_at NULLS FIRST, c.case_id) = 1"
    children = "town_plan p JOIN town_case c USING (case_id) JOIN casework_caseperson n ON n.case_id = c.case_id AND n.part = 'child'"
    insert_from(PlanChild, children, {
        "id": _NEW, "plan_id": "p.plan_id", "person_id": "n.person_id", "words": "'I want to get to breakfast club.'",
        "leads": first, "ended_at": "c.closed_at",
    })  # fmt: skip
    aims = "town_aim a JOIN town_case c USING (case_id)"
    closed = "c.closed_at IS NOT NULL"
    insert_from(PlanNeed, aims, {
        "id": "a.need_id", "plan_id": "a.plan_id", "section_id": f"CASE WHEN a.of_child THEN {_FIRST_CHILD} END",
        "code": "a.code", "words": "a.need", "end_code": f"CASE WHEN {closed} THEN 'met' ELSE '' END",
        "end_words": f"CASE WHEN {closed} THEN 'Better since the spring.' ELSE '' END", "ended_at": "c.closed_at",
    })  # fmt: skip
    insert_from(PlanOutcome, f"{aims} JOIN outcomes_measure m ON m.code = a.measure", {
        "id": "a.outcome_id", "need_id": "a.need_id", "words": "a.outcome", "measure_id": "m.id", "target": "a.target",
        "target_on": "(a.at + interval '90 days')::date",
    })  # fmt: skip
    begin_from(f"{aims} JOIN outcomes_measure m ON m.code = a.measure", {
        "id": "a.baseline_id", "measure_id": "m.id", "person_id": f"CASE WHEN a.of_child THEN {_FIRST_CHILD_PERSON} END",
        "subject_kind": "'casework.planoutcome'", "subject_id": "a.outcome_id::text", "value": "a.value",
        "on": "a.at::date", "recorded_at": "a.at", "recorded_by": "c.lead_account",
    })  # fmt: skip
    is_done = f"({closed} OR a.place = 0)"
    insert_from(PlanAction, f"{aims} JOIN organisations_post o ON o.id = c.lead_id", {
        "id": "a.action_id", "outcome_id": "a.outcome_id", "words": "a.action", "post_id": "c.lead_id",
        "agency_id": "o.host_id", "due_on": "(a.at + interval '28 days')::date",
        "evidence": "'We talk about it every fortnight.'", "status": f"CASE WHEN {is_done} THEN 'done' ELSE 'under_way' END",
        "ended_on": f"CASE WHEN {is_done} THEN least(a.at + interval '20 days', coalesce(c.closed_at, now()))::date END",
    })  # fmt: skip
    added = (
        f"{aims} CROSS JOIN LATERAL (VALUES ('need', a.need_id, a.need), ('outcome', a.outcome_id, a.outcome),"
        " ('action', a.action_id, a.action)) w (kind, target, words)"
    )
    insert_from(PlanChange, added, {
        "id": _NEW, "plan_id": "a.plan_id", "kind": "w.kind", "target_id": "w.target", "what": "w.words",
        "before": "jsonb_build_object('removed_at', a.at)", "after": "'{\"removed_at\": null}'::jsonb", "at": "a.at",
        "by": "c.lead_account",
    })  # fmt: skip


def write_reviews() -> None:
    """The reviews held: who came, what each child said, how far each outcome had come, what was decided."""
    held = "town_review r JOIN town_case c USING (case_id)"
    insert_from(Review, held, {
        "id": "r.review_id", "plan_id": "r.plan_id", "state": "'decided'", "held_on": "r.at::date", "begun_at": "r.at",
        "begun_by": "c.lead_account", "decision": "'continue'", "reason": "'Some of it works. The same people carry on.'",
        "decided_at": "r.at + interval '1 hour'", "decided_by": "c.lead_account",
        "next_review_on": "(r.at + interval '42 days')::date",
    })  # fmt: skip
    insert_from(ReviewPlace, f"{held} JOIN casework_casemember m ON m.case_id = c.case_id AND m.joined_at <= r.at", {
        "review_id": "r.review_id", "post_id": "m.post_id", "came": "m.part = 'lead' OR mod(r.number, 3) < 2",
    })  # fmt: skip
    insert_from(ReviewPlace, f"{held} JOIN casework_caseperson n ON n.case_id = c.case_id AND n.part <> 'other'", {
        "review_id": "r.review_id", "person_id": "n.person_id", "came": "true",
    })  # fmt: skip
    insert_from(ReviewVoice, f"{held} JOIN casework_planchild s ON s.plan_id = r.plan_id", {
        "review_id": "r.review_id", "section_id": "s.id", "how": "'said'", "words": "'It is better when we walk.'",
    })  # fmt: skip
    read_from("town_review r JOIN town_case c USING (case_id) JOIN town_aim a USING (case_id)", {
        "id": _NEW, "baseline_id": "a.baseline_id", "value": "round(a.value + (a.target - a.value) * r.share)",
        "on": "greatest(r.at, a.at)::date", "words": "'Slowly, but it moves.'", "source_kind": "'casework.review'",
        "source_id": "r.review_id::text", "recorded_at": "greatest(r.at, a.at)", "recorded_by": "c.lead_account",
    })  # fmt: skip


def write_meetings() -> None:
    """Meetings with those asked and who came, their minutes, decisions and what somebody undertook."""
    all_of = "town_meeting t JOIN town_case c USING (case_id)"
    is_held = "t.state <> 'planned'"
    insert_from(Meeting, all_of, {
        "id": "t.meeting_id", "reference": "t.reference", "case_id": "c.case_id", "purpose": "t.purpose",
        "starts_at": "t.starts_at", "minutes_long": "60", "place": "'Testfield Children’s Centre'", "state": "t.state",
        "planned_by": "c.lead_account", "planned_at": "greatest(c.led_at, least(t.starts_at, now()) - interval '14 days')",
        "minutes": f"CASE WHEN {is_held} THEN 'Everybody said how it has been. Mornings go better. The rent is still behind, and"
                   " we agreed who rings whom. The children would like the club to go on.' ELSE '' END",
        "has_changed_the_work": f"CASE WHEN {is_held} THEN t.purpose = 'first' OR mod(ascii(right(t.reference, 1)), 2) = 0 END",
        "minuted_by": f"CASE WHEN {is_held} THEN c.lead_account END",
        "minuted_at": f"CASE WHEN {is_held} THEN t.starts_at + interval '2 hours' END",
    })  # fmt: skip
    told = {"told_by": "'message'", "told_at": "greatest(c.led_at, least(t.starts_at, now()) - interval '14 days')"}
    insert_from(MeetingPlace, f"{all_of} JOIN casework_casemember m ON m.case_id = c.case_id AND m.joined_at <= t.starts_at", {
        "id": _NEW, "meeting_id": "t.meeting_id", "post_id": "m.post_id",
        "presence": f"CASE WHEN NOT {is_held} THEN '' WHEN m.part = 'lead' OR md5(m.post_id::text || t.reference) > '3' THEN"
                    " 'present' ELSE 'apologies' END",
    } | told)  # fmt: skip
    insert_from(MeetingPlace, f"{all_of} JOIN casework_caseperson n ON n.case_id = c.case_id AND n.part = 'parent'", {
        "id": _NEW, "meeting_id": "t.meeting_id", "person_id": "n.person_id",
        "presence": f"CASE WHEN {is_held} THEN 'present' ELSE '' END", "told_by": "'in_person'", "told_at": told["told_at"],
    })  # fmt: skip
    decided = (
        f"{all_of} CROSS JOIN (VALUES ('The club goes on.'), ('We meet again in six weeks.')) w (words) WHERE {is_held}"
    )
    insert_from(MeetingDecision, decided, {
        "meeting_id": "t.meeting_id", "words": "w.words", "decided_at": "t.starts_at", "written_by": "c.lead_account",
    })  # fmt: skip
    insert_from(MeetingAction, f"{all_of} WHERE {is_held}", {
        "id": _NEW, "meeting_id": "t.meeting_id", "case_id": "c.case_id", "words": "'Ring the housing officer'",
        "post_id": "c.lead_id", "due_on": "(t.starts_at + interval '10 days')::date",
        "state": "CASE WHEN t.is_last THEN 'open' ELSE 'done' END",
        "ended_at": "CASE WHEN NOT t.is_last THEN least(t.starts_at + interval '9 days', coalesce(c.closed_at, now())) END",
        "ended_by": "CASE WHEN NOT t.is_last THEN c.lead_account END",
    })  # fmt: skip


def write_notes() -> None:
    """Notes and visits, who was seen, corrections, tasks, and help that was given."""
    notes = "town_note n JOIN town_case c USING (case_id)"
    insert_from(CaseNote, notes, {
        "id": "n.note_id", "case_id": "c.case_id", "kind": "n.kind", "result": "n.result", "happened_at": "n.at",
        "minutes": "CASE n.kind WHEN 'visit' THEN 50 WHEN 'phone' THEN 12 END", "words": "n.words",
        "child_words": "n.child_words", "next_step": "n.next_step", "written_by": "c.lead_account", "post_id": "c.lead_id",
        "written_at": "n.at",
    })  # fmt: skip
    seen = f"{notes} JOIN casework_caseperson p ON p.case_id = c.case_id AND p.part <> 'other'"
    insert_from(NoteSeen, f"{seen} WHERE n.result = 'seen' AND n.kind <> 'note' AND (n.kind <> 'phone' OR p.part = 'parent')", {
        "note_id": "n.note_id", "person_id": "p.person_id", "is_alone": "n.is_alone AND p.part = 'child'",
    })  # fmt: skip
    insert_from(NoteAddition, f"{notes} WHERE n.is_corrected", {
        "id": _NEW, "note_id": "n.note_id", "words": "'It was the day before.'", "added_by": "c.lead_account",
        "added_at": "n.at + interval '1 hour'",
    })  # fmt: skip
    insert_from(CaseTask, f"{notes} WHERE n.next_step <> ''", {
        "id": _NEW, "case_id": "c.case_id", "note_id": "n.note_id", "words": "n.next_step", "owner_id": "c.lead_id",
        "due_on": "n.due_on", "set_by": "c.lead_account", "set_at": "n.at",
        "done_at": "CASE WHEN n.is_done THEN least(n.at + interval '1 day', coalesce(c.closed_at, now())) END",
        "done_by": "CASE WHEN n.is_done THEN c.lead_account END",
    })  # fmt: skip
    given = "town_plan p JOIN town_case c USING (case_id)"
    insert_from(Intervention, given, {
        "id": "p.plan_id", "case_id": "c.case_id", "service": "'Stronger Parents group'",
        "words": "'Weekly group for parents'", "delivered_by": "'Testfield Children’s Centre'", "starts_on": "p.at::date",
        "ends_on": "c.closed_at::date", "hours": "6", "quantity": "3", "unit": "'sessions'", "recorded_by": "c.lead_account",
        "recorded_at": "p.at",
    })  # fmt: skip
    insert_from(InterventionFor, f"{given} JOIN casework_caseperson n ON n.case_id = c.case_id AND n.part <> 'other'", {
        "intervention_id": "p.plan_id", "person_id": "n.person_id",
    })  # fmt: skip


def write_assessments(version: int) -> None:
    """Assessments with every section, signed or still being written."""
    rows = "town_assessment t JOIN town_case c USING (case_id)"
    first = "(SELECT n.person_id FROM casework_caseperson n WHERE n.case_id = c.case_id AND n.part = 'child' ORDER BY n.person_id LIMIT 1)"
    is_signed = "t.state <> 'draft'"
    signed_at = f"CASE WHEN {is_signed} THEN t.at + interval '2 hours' END"
    insert_from(Assessment, f"{rows} ORDER BY t.which", {
        "id": "t.assessment_id", "reference": "t.reference", "case_id": "c.case_id", "child_id": first,
        "spec_version": str(version), "state": "t.state", "previous_id": "t.previous_id", "started_at": "t.at",
        "started_by_id": "c.lead_id", "signed_at": signed_at, "signed_by_id": f"CASE WHEN {is_signed} THEN c.lead_id END",
        "seen_on": f"CASE WHEN {is_signed} THEN t.at::date END",
        "review_on": f"CASE WHEN {is_signed} THEN (t.at + interval '35 days')::date END",
    })  # fmt: skip
    insert_from(AssessmentSection, f"{rows} JOIN town_section s ON s.which = least(t.which, 1)", {
        "id": _NEW, "assessment_id": "t.assessment_id", "code": "s.code", "answers": "s.answers",
        "saved_at": "t.at + interval '1 hour'", "saved_by": "c.lead_account",
    })  # fmt: skip
    moves = f"{rows} CROSS JOIN LATERAL (VALUES ('', 'draft', t.at), ('draft', 'signed', {signed_at})) m (before, after, at) WHERE m.at IS NOT NULL"
    insert_from(AssessmentTransition, moves, {
        "assessment_id": "t.assessment_id", "start": "m.before", "end": "m.after", "at": "m.at", "by": "c.lead_account",
    })  # fmt: skip


def write_endings() -> None:
    """Why closed cases closed, and by when it is asked whether the change has lasted."""
    closed = "town_case c JOIN town_plan p USING (case_id) WHERE c.closed_at IS NOT NULL"
    insert_from(Closure, closed, {
        "id": "p.plan_id", "case_id": "c.case_id", "plan_id": "p.plan_id", "code": "'RC7'", "words": _ENDING,
        "closed_at": "c.closed_at", "closed_by": "c.manager",
    })  # fmt: skip
    insert_from(SustainedCheck, closed, {
        "id": _NEW, "closure_id": "p.plan_id", "due_on": "(c.closed_at + interval '6 months')::date",
    })  # fmt: skip


def write_what_waits() -> None:
    """Offers of a duty nobody has answered, and steps that wait for the other team."""
    waits = "town_waiting w JOIN town_case c USING (case_id)"
    colleague = (
        "CROSS JOIN LATERAL (SELECT o.id FROM organisations_post o WHERE o.team_id = c.team_id AND o.role = 'key_worker'"
        " AND o.id <> c.lead_id AND o.ends_at IS NULL AND o.starts_at < c.led_at ORDER BY md5(o.id::text || c.reference) LIMIT 1) o"
    )
    insert_from(LeadHandover, f"{waits} {colleague} WHERE w.kind = 'handover'", {
        "id": "w.id", "case_id": "c.case_id", "from_post_id": "c.lead_id", "to_post_id": "o.id", "state": "'proposed'",
        "reason": "'The family moves, and you know the school.'", "proposed_by": "c.lead_account", "proposed_at": "w.at",
    })  # fmt: skip
    other = (
        "CROSS JOIN LATERAL (SELECT t.id FROM organisations_team t WHERE t.kind = 'case_management' AND t.id <> c.team_id"
        " ORDER BY md5(t.id::text || c.reference) LIMIT 1) t"
    )
    steps = f"{waits} {other} WHERE w.kind = 'step' AND c.level IN (2, 3)"
    insert_from(Step, steps, {
        "id": "w.id", "case_id": "c.case_id", "state": "'waiting'", "from_level": "c.level", "to_level": "5 - c.level",
        "from_team_id": "c.team_id", "to_team_id": "t.id", "reason": "'The family moves to the other side of the town.'",
        "asked_at": "w.at", "asked_by": "c.lead_account", "answer_by": "w.at + interval '3 days'",
    })  # fmt: skip
    insert_from(StepAnswer, steps, {
        "step_id": "w.id", "state": "'waiting'", "words": "'The family moves to the other side of the town.'", "at": "w.at",
        "by": "c.lead_account",
    })  # fmt: skip
