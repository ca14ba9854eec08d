"""The chronology of the work in a town's cases, and the audit rows that its services would have written."""

from __future__ import annotations

from joinedup.access.audit import record_from
from joinedup.casework import events, permissions
from joinedup.chronology.services import record_events_from

_CASE = "'casework.case', c.case_id::text"
_EVERYBODY = (
    "(SELECT array_agg(p.person_id ORDER BY p.person_id) FROM casework_caseperson p WHERE p.case_id = c.case_id)"
)
_CHILDREN = (
    "(SELECT array_agg(p.person_id ORDER BY p.person_id) FROM casework_caseperson p WHERE p.case_id = c.case_id"
    " AND p.part = 'child')"
)


def _steps() -> str:
    """Everything that happened, as rows of kind, action, moment, who, subject, code and people."""
    done = permissions.WRITE_PLAN.name
    return f"""
        SELECT c.case_id, c.family_id, c.team_id, w.* FROM town_case c JOIN town_plan p USING (case_id) CROSS JOIN LATERAL (VALUES
          ('{events.PLAN_OPENED.code}', '{permissions.OPEN_PLAN.name}', p.at, c.lead_account, {_CASE}, '', {_EVERYBODY}),
          ('{events.INTERVENTION_GIVEN.code}', '{permissions.WRITE_NOTE.name}', p.at, c.lead_account, 'casework.intervention',
           p.plan_id::text, '', {_EVERYBODY}),
          ('{events.PLAN_CLOSED.code}', '{permissions.CLOSE_CASE.name}', c.closed_at, c.manager, {_CASE}, '', {_EVERYBODY})
        ) w (kind, action, at, who, source_kind, source_id, code, people)
        UNION ALL
        SELECT c.case_id, c.family_id, c.team_id, w.* FROM town_case c JOIN town_aim a USING (case_id) CROSS JOIN LATERAL (VALUES
          ('{events.NEED_ADDED.code}', '{done}', a.at, c.lead_account, {_CASE}, a.code, {_EVERYBODY}),
          ('{events.OUTCOME_AGREED.code}', '{done}', a.at, c.lead_account, {_CASE}, a.measure, {_EVERYBODY}),
          ('{events.ACTION_AGREED.code}', '{done}', a.at, c.lead_account, {_CASE}, '', {_EVERYBODY}),
          ('{events.NEED_ENDED.code}', '{done}', c.closed_at, c.manager, {_CASE}, 'met', {_EVERYBODY})
        ) w (kind, action, at, who, source_kind, source_id, code, people)
        UNION ALL
        SELECT c.case_id, c.family_id, c.team_id, '{events.REVIEW_HELD.code}', '{permissions.DECIDE_REVIEW.name}',
          r.at + interval '1 hour', c.lead_account, {_CASE}, 'continue', {_EVERYBODY}
        FROM town_case c JOIN town_review r USING (case_id)
        UNION ALL
        SELECT c.case_id, c.family_id, c.team_id, w.* FROM town_case c JOIN town_meeting t USING (case_id) CROSS JOIN LATERAL (VALUES
          ('{events.MEETING_PLANNED.code}', '{permissions.PLAN_MEETING.name}',
           greatest(c.led_at, least(t.starts_at, now()) - interval '14 days'), c.lead_account, {_CASE}, t.purpose, {_EVERYBODY}),
          ('{events.MEETING_HELD.code}', '{permissions.MINUTE_MEETING.name}', CASE WHEN t.state <> 'planned' THEN t.starts_at END,
           c.lead_account, {_CASE}, t.purpose, {_EVERYBODY})
        ) w (kind, action, at, who, source_kind, source_id, code, people)
        UNION ALL
        SELECT c.case_id, c.family_id, c.team_id, CASE WHEN n.kind IN ('visit', 'elsewhere') THEN '{events.VISIT_MADE.code}'
          WHEN n.kind = 'phone' THEN '{events.CALL_MADE.code}' ELSE '{events.NOTE_WRITTEN.code}' END,
          '{permissions.WRITE_NOTE.name}', n.at, c.lead_account, 'casework.casenote', n.note_id::text,
          CASE WHEN n.is_alone AND n.kind = 'visit' THEN 'seen_alone' ELSE n.result END, {_CHILDREN}
        FROM town_case c JOIN town_note n USING (case_id)
        UNION ALL
        SELECT c.case_id, c.family_id, c.team_id, w.* FROM town_case c JOIN town_assessment t USING (case_id) CROSS JOIN LATERAL
          (VALUES ('{events.ASSESSMENT_STARTED.code}', '{permissions.START_ASSESSMENT.name}', t.at),
           ('{events.ASSESSMENT_SIGNED.code}', '{permissions.SIGN_ASSESSMENT.name}',
            CASE WHEN t.state <> 'draft' THEN t.at + interval '2 hours' END)) s (kind, action, at)
          CROSS JOIN LATERAL (VALUES (s.kind, s.action, s.at, c.lead_account, 'casework.assessment', t.assessment_id::text, '',
          (SELECT ARRAY[x.child_id] FROM casework_assessment x WHERE x.id = t.assessment_id)))
          w (kind, action, at, who, source_kind, source_id, code, people)
        UNION ALL
        SELECT c.case_id, c.family_id, c.team_id, '{events.STEP_ASKED.code}', '{permissions.ASK_STEP.name}', w.at,
          c.lead_account, {_CASE}, c.level || '_to_' || (5 - c.level), {_EVERYBODY}
        FROM town_case c JOIN town_waiting w USING (case_id) WHERE w.kind = 'step' AND c.level IN (2, 3)
    """  # noqa: S608 - kinds and names of our own


def write_trail() -> None:
    """Both, in the order in which it happened."""
    steps = f"({_steps()}) s WHERE s.at IS NOT NULL ORDER BY s.at"
    record_events_from(steps, {
        "kind": "s.kind", "at": "s.at", "family_id": "s.family_id", "people": "s.people", "source_kind": "s.source_kind",
        "source_id": "s.source_id", "team_id": "s.team_id", "actor_id": "s.who", "code": "s.code",
    })  # fmt: skip
    record_from(steps, {
        "kind": "'write'", "action": "s.action", "actor_id": "s.who", "via": "'web'", "subject_kind": "s.source_kind",
        "subject_id": "s.source_id", "people": "s.people", "at": "s.at",
    })  # fmt: skip
    opened = (
        f"(SELECT c.case_id, n.at, c.lead_account, {_EVERYBODY} AS people FROM town_case c JOIN town_note n USING (case_id)) s"  # noqa: S608
        " ORDER BY s.at"
    )
    record_from(opened, {
        "kind": "'read'", "action": "'casework.case.read'", "actor_id": "s.lead_account", "via": "'web'",
        "subject_kind": "'casework.case'", "subject_id": "s.case_id::text", "people": "s.people", "purpose": "'casework'",
        "at": "s.at",
    })  # fmt: skip
