"""Every address of the site and who gets what there. An address that is not in the table fails the suite.

`Only(audience)` gives the page to the audience, 404 to other people who are signed in (for them it does not exist),
and sends everybody else to sign in. `others=403` where people may know of the page but not use it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# The people of the demo partnership who stand for each kind of viewer.
PEOPLE = {
    "outsider": "Dev Testaway",  # a professional nobody here works with
    "sender": "Hazel Mockwell",  # a professional who sent the contact in question
    "worker": "Ffion Testlake",  # at the front door, holds the referral in question
    "social_worker": "Sorrel Testwright",
    "manager": "Marlow Testington",
    "own_team": "Nia Testnorth",  # manages the team whose case is in question
    "other_team": "Sanjay Testsouth",
    "inside": "Amira Testerly",  # leads the case in question
    "elsewhere": "Ben Testerson",  # a key worker of another team
    "statutory": "Stella Testwick",
    "designated": "Desmond Testdale",
    "governance": "Iris Testguard",
    "administrator": "Ada Testkeeper",
    "data_lead": "Delphine Testfold",  # answers for the records the schools send
}
SIGNED_IN = frozenset(PEOPLE)
FRONT = frozenset({"worker", "social_worker", "manager"})
AROUND = frozenset({"own_team", "inside"})
CASEWORK = AROUND | {"other_team", "elsewhere"}
REFERRERS = frozenset({"outsider", "sender"})
RUN_SESSIONS = REFERRERS | CASEWORK
GUARDIANS = frozenset({"social_worker", "manager", "own_team", "other_team", "statutory", "governance"})
PROFESSIONALS = SIGNED_IN - {"governance", "administrator", "data_lead"}


@dataclass(frozen=True)
class Only:
    """Who gets `status`, and what the other signed-in people get. `besides` holds single exceptions."""

    audience: frozenset[str]
    others: int = 404
    status: int = 200
    besides: dict[str, int] = field(default_factory=dict)
    public: int = 302  # sent to sign in
    is_public: bool = False
    post_only: bool = False

    def expected(self, who: str) -> int:
        """The status of a GET."""
        if who == "public":
            return self.status if self.is_public else self.public
        if self.post_only:
            return 405
        return self.besides.get(who, self.status if who in self.audience else self.others)


def public(status: int = 200, **besides: int) -> Only:
    """For anybody."""
    return Only(SIGNED_IN, status=status, is_public=True, besides=besides)


def only(*who: str | frozenset[str], others: int = 404, status: int = 200, **besides: int) -> Only:
    """For these people."""
    audience = frozenset().union(*({one} if isinstance(one, str) else one for one in who))
    return Only(audience, others, status, besides)


def posted(*who: str | frozenset[str]) -> Only:
    """An address that only takes what is sent to it, from these people."""
    audience = frozenset().union(*({one} if isinstance(one, str) else one for one in who))
    return Only(audience, post_only=True)


def api(*who: str | frozenset[str]) -> Only:
    """An address of the API: without a key or session 401."""
    audience = frozenset().union(*({one} if isinstance(one, str) else one for one in who))
    return Only(audience, public=401)


def api_posted(*who: str | frozenset[str]) -> Only:
    """An address of the API that only takes what is sent to it, from these people."""
    audience = frozenset().union(*({one} if isinstance(one, str) else one for one in who))
    return Only(audience, post_only=True, public=405)


TABLE: dict[str, Only] = {
    # --- The family's page: the reader's side is for whoever has a link and a code, and looks the same to all others.
    "family/": public(),
    "family/sent/": public(),
    "family/exit/": public(302),
    "family/page/": public(302),
    "family/page/tell/": public(302),
    "family/page/choices/": public(302),
    "family/page/leave/": Only(SIGNED_IN, post_only=True, public=405),
    "family/<str:token>/": public(),
    "family/<str:token>/code/": public(),
    "family-messages/": only(CASEWORK, REFERRERS, "statutory", others=403),
    "cases/<uuid:case_id>/family-page/": only(AROUND),
    "cases/<uuid:case_id>/family-page/domestic-abuse/": only(AROUND),
    "cases/<uuid:case_id>/family-page/domestic-abuse/end/": only(),  # nobody has recorded it here
    "cases/<uuid:case_id>/family-page/readers/<uuid:reader_id>/open/": only(AROUND),
    "cases/<uuid:case_id>/family-page/<uuid:family_page_id>/": only(AROUND),
    "cases/<uuid:case_id>/family-page/<uuid:family_page_id>/link/": posted(AROUND),
    "cases/<uuid:case_id>/family-page/<uuid:family_page_id>/close/": only(AROUND),
    "cases/<uuid:case_id>/family-page/<uuid:family_page_id>/as-reader/": only(AROUND),
    "cases/<uuid:case_id>/family-page/<uuid:family_page_id>/share/": only(AROUND),
    "cases/<uuid:case_id>/family-page/<uuid:family_page_id>/share/words/": only(AROUND),
    "cases/<uuid:case_id>/family-page/shared/<uuid:release_id>/take-back/": only(AROUND),
    "cases/<uuid:case_id>/family-page/messages/<uuid:family_message_id>/": only(AROUND),
    # --- For anybody.
    "": public(),
    "health/": public(),
    "accessibility/": public(),
    "privacy/": public(),
    "who-can-do-what/": public(),
    "pages/": only(SIGNED_IN),
    "help/": public(),
    "help/ask/": public(),
    "help/check/": public(302),
    "help/sent/": public(302),
    "demo/people/": public(),
    "demo/sign-in/": Only(SIGNED_IN, post_only=True, public=405),
    # --- What the program does in the background, in somebody's name.
    "work/": only(SIGNED_IN),
    "work/<uuid:job_id>/": only("manager"),
    "work/<uuid:job_id>/state/": only("manager"),
    "work/<uuid:job_id>/cancel/": posted("manager"),
    # --- Agencies' files.
    "imports/": only("manager", others=403),
    "imports/new/": only("manager", others=403),
    "imports/files/<uuid:upload_id>/columns/": only("manager", others=403),
    "imports/files/<uuid:upload_id>/sheet/": only("manager", others=403),
    "imports/files/<uuid:upload_id>/check/": only("manager", others=403),
    "imports/files/<uuid:upload_id>/remove/": posted("manager"),
    "imports/<uuid:run_id>/": only("manager", others=403),
    "imports/<uuid:run_id>/records/<str:which>/": only("manager", others=403),
    "imports/<uuid:run_id>/rejected/": only("manager", others=403),
    "imports/<uuid:run_id>/rejected.csv": only("manager", others=403),
    "imports/<uuid:run_id>/undo/": only("manager", others=403),
    # --- Observations. Their list is for whoever answers for an agency’s records.
    "observations/": only("data_lead", others=403),
    "observations/<uuid:observation_id>/withdraw/": only("data_lead", others=403),
    "observations/files/": only("manager", "data_lead", others=403),
    "observations/files/new/": only("manager", "data_lead", others=403),
    "observations/files/<uuid:waiting_id>/columns/": only("manager", others=403, data_lead=404),
    "observations/files/<uuid:waiting_id>/check/": only("manager", others=403, data_lead=404),
    "observations/files/<uuid:waiting_id>/remove/": posted("manager"),
    "observations/imports/<uuid:brought_id>/": only("manager", "data_lead", others=403),
    "observations/imports/<uuid:brought_id>/rejected.csv": only("manager", "data_lead", others=403),
    "observations/imports/<uuid:brought_id>/undo/": only("manager", "data_lead", others=403),
    # --- Signing in.
    "account/login/": Only(SIGNED_IN, status=302, public=200),
    "account/logout/": only(SIGNED_IN),
    "account/inactive/": public(),
    "account/password/change/": only(SIGNED_IN, status=302),  # the demo's people have no password to change
    "account/password/set/": public(302),
    "account/password/reset/": public(),
    "account/password/reset/done/": public(),
    "^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": public(),
    "account/password/reset/key/done/": public(),
    "account/again/": only(SIGNED_IN),
    "account/code/": only(SIGNED_IN),
    "account/code/enter/": public(302),
    "account/code/set-up/": only(SIGNED_IN),
    "account/code/recovery/": posted(SIGNED_IN),
    "account/code/end/": posted(SIGNED_IN),
    "account/sso/": Only(SIGNED_IN, post_only=True, public=405),
    "account/sso/back/": public(302),
    # --- The API, with a session.
    "api/v1/openapi.json": public(),
    "api/v1/": public(404),
    "api/v1/me": api(SIGNED_IN),
    "api/v1/organisations": api(SIGNED_IN),
    "api/v1/referrals": api(PROFESSIONALS),
    "api/v1/referrals/<uuidstr:contact_id>": api("sender"),
    "api/v1/referrals/<uuidstr:referral_id>/profile": api(FRONT),
    "api/v1/observations": Only(frozenset({"data_lead"}), 403, public=401),
    "api/v1/people/match": Only(FRONT, post_only=True, public=405),
    "api/v1/information-requests": Only(PROFESSIONALS, 403, public=401),
    "api/v1/information-requests/<uuidstr:request_id>/open": Only(frozenset({"sender"}), post_only=True, public=405),
    "api/v1/information-requests/<uuidstr:request_id>/answer": Only(frozenset({"sender"}), post_only=True, public=405),
    "api/v1/information-requests/<uuidstr:request_id>/refuse": Only(frozenset({"sender"}), post_only=True, public=405),
    "api/v1/worklist": api(FRONT, CASEWORK),
    "api/v1/assessment-specs": api(SIGNED_IN),
    "api/v1/measures": api(SIGNED_IN),
    "api/v1/cases": api(CASEWORK, REFERRERS, "statutory"),
    "api/v1/cases/<uuidstr:case_id>": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/plan": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/plan/needs": Only(AROUND, post_only=True, public=405),
    "api/v1/cases/<uuidstr:case_id>/plan/needs/<uuidstr:need_id>/outcomes": Only(AROUND, post_only=True, public=405),
    "api/v1/cases/<uuidstr:case_id>/plan/outcomes/<uuidstr:outcome_id>/actions": Only(
        AROUND, post_only=True, public=405
    ),
    "api/v1/cases/<uuidstr:case_id>/assessments": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/assessments/<uuidstr:assessment_id>": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/assessments/<uuidstr:assessment_id>/sections/<slug:code>": Only(
        AROUND, post_only=True, public=405
    ),
    "api/v1/cases/<uuidstr:case_id>/assessments/<uuidstr:assessment_id>/sign": Only(AROUND, post_only=True, public=405),
    # Of case work: the same people as on its pages.
    "api/v1/cases/<uuidstr:case_id>/notes": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/notes/<uuidstr:note_id>": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/notes/<uuidstr:note_id>/corrections": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/notes/<uuidstr:note_id>/files": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/notes/<uuidstr:note_id>/files/<uuidstr:file_id>": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/tasks": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/tasks/<uuidstr:task_id>/done": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/help": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/help/<uuidstr:intervention_id>/end": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/chronology": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/chronology/<int:event_id>/significant": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/chronology/<int:event_id>/ordinary": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/chronology/<int:event_id>/out": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/chronology/<int:event_id>/back": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/reviews": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/reviews/<uuidstr:review_id>": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/reviews/<uuidstr:review_id>/progress": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/reviews/<uuidstr:review_id>/decision": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/meetings": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/meetings/<uuidstr:meeting_id>": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/meetings/<uuidstr:meeting_id>/when": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/meetings/<uuidstr:meeting_id>/invitations": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/meetings/<uuidstr:meeting_id>/cancel": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/meetings/<uuidstr:meeting_id>/told": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/meetings/<uuidstr:meeting_id>/apologies": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/meetings/<uuidstr:meeting_id>/minutes": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/meetings/<uuidstr:meeting_id>/agree": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/meetings/<uuidstr:meeting_id>/calendar": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/actions": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/actions/<uuidstr:action_id>/end": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/team": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/team/members": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/team/members/<uuidstr:member_id>/leave": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/team/family": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/team/family/<uuidstr:family_place_id>/leave": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/lead/choices": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/lead": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/lead/take": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/deputy": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/handovers": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/handovers/<uuidstr:offer_id>/withdraw": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/agreement": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/agreement/help": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/agreement/sharing": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/agreement/basis": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/agreement/declined": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/agreement/withdrawals": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/agreement/withdrawals/<uuidstr:withdrawal_id>/decision": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/steps": api(AROUND),
    "api/v1/cases/<uuidstr:case_id>/close": api_posted(AROUND),
    "api/v1/cases/<uuidstr:case_id>/closure": api(),  # it is open
    "api/v1/cases/<uuidstr:case_id>/check": api_posted(AROUND),
    "api/v1/lead-offers": api(SIGNED_IN),
    "api/v1/lead-offers/<uuidstr:offer_id>": api("sender"),
    "api/v1/lead-offers/<uuidstr:offer_id>/accept": api_posted("sender"),
    "api/v1/lead-offers/<uuidstr:offer_id>/decline": api_posted("sender"),
    "api/v1/posts/find": api_posted(CASEWORK, REFERRERS, "statutory"),
    "api/v1/steps": api(CASEWORK, REFERRERS, "statutory"),
    "api/v1/steps/<uuidstr:step_id>": api(AROUND, "other_team"),
    "api/v1/steps/<uuidstr:step_id>/accept": api_posted(AROUND, "other_team"),
    "api/v1/steps/<uuidstr:step_id>/refuse": api_posted(AROUND, "other_team"),
    "api/v1/steps/<uuidstr:step_id>/again": api_posted(AROUND, "other_team"),
    "api/v1/steps/<uuidstr:step_id>/withdraw": api_posted(AROUND, "other_team"),
    "api/v1/steps/<uuidstr:step_id>/settle": api_posted(AROUND, "other_team"),
    # --- Sending.
    "referrals/new/": only(PROFESSIONALS, others=403),
    "referrals/new/check/": only(PROFESSIONALS, others=403, status=302),
    "referrals/new/find/": only(PROFESSIONALS, others=403),
    "referrals/new/about/<uuid:person_id>/": only(FRONT),
    "referrals/by-link/": Only(frozenset(), others=302, is_public=True),
    "referrals/by-link/asked/": public(),
    "referrals/by-link/open/<str:token>/": public(),
    "referrals/by-link/form/": public(302),
    "referrals/by-link/check/": public(302),
    "referrals/by-link/status/": public(302),
    "drafts/": only(SIGNED_IN),
    "drafts/save/": Only(SIGNED_IN, post_only=True, public=405),
    "drafts/keep/": Only(SIGNED_IN, post_only=True, public=405),
    "drafts/token/": public(),
    "drafts/forget/": public(405),
    "drafts/<uuid:draft_id>/delete/": Only(SIGNED_IN, status=405, is_public=True, post_only=True),
    "asked-again/": only("manager", "own_team", "other_team", "governance", others=403),
    "asked-again/list/": only("manager", "own_team", "other_team", "governance", others=403),
    "asked-again/asked-again.csv": only("manager", "own_team", "other_team", "governance", others=403),
    "sent/": only(PROFESSIONALS),
    "sent/<uuid:contact_id>/": only("sender"),
    "sent/<uuid:contact_id>/register/": posted("sender"),
    # --- The front door.
    "worklist/": only(SIGNED_IN, status=302),
    "worklist/<str:name>/": only(FRONT, CASEWORK),
    "referrals/<uuid:referral_id>/": only(FRONT),
    "referrals/<uuid:referral_id>/take/": posted(FRONT),
    "referrals/<uuid:referral_id>/history/": only(FRONT),
    "referrals/<uuid:referral_id>/people/": only(FRONT),
    "referrals/<uuid:referral_id>/people/<int:place_id>/": only(FRONT),
    "referrals/<uuid:referral_id>/people/<int:place_id>/same/": posted(FRONT),
    "referrals/<uuid:referral_id>/people/<int:place_id>/new/": posted(FRONT),
    "referrals/<uuid:referral_id>/people/<int:place_id>/undo/": only(FRONT),
    "referrals/<uuid:referral_id>/family/": only(FRONT),
    "referrals/<uuid:referral_id>/triage/": only(FRONT),
    "referrals/<uuid:referral_id>/partners/": only(FRONT),
    "referrals/<uuid:referral_id>/partners/print/": only(FRONT),
    "referrals/<uuid:referral_id>/partners/ask/": only(FRONT),
    "referrals/<uuid:referral_id>/partners/judgement/": only(FRONT),
    "referrals/<uuid:referral_id>/partners/<uuid:question_id>/withdraw/": only(FRONT),
    "referrals/<uuid:referral_id>/partners/<uuid:question_id>/late/": only(FRONT),
    "asking/<uuid:asking_id>/": only("manager", worker=403, social_worker=403),
    "asked-at-once/": only("manager"),
    "asked-at-once/<uuid:serious_id>/": only("manager"),
    "cases/<uuid:case_id>/partners/": only(AROUND),
    "referrals/<uuid:referral_id>/rating/": only(FRONT),
    "referrals/<uuid:referral_id>/agreement/": only(FRONT),
    "referrals/<uuid:referral_id>/decision/": only(FRONT),
    "referrals/<uuid:referral_id>/decision/check/": only(FRONT, status=302),
    "referrals/<uuid:referral_id>/decision/confirm/": only("social_worker", "manager", status=302, worker=403),
    "referrals/<uuid:referral_id>/allocation/": only("manager"),
    "referrals/<uuid:referral_id>/hand-over/": only(FRONT),
    "referrals/<uuid:referral_id>/pass-to-case/": only(FRONT),
    "referrals/<uuid:referral_id>/close/": only(FRONT),
    "referrals/<uuid:referral_id>/reply/": only(FRONT),
    "duty/": only(FRONT),
    "duty/rota/": only("manager", others=403),
    "duty/<uuid:page_id>/accept/": posted(FRONT),
    # --- Beyond the front door.
    "handovers/": only("statutory"),
    "handovers/<uuid:handover_id>/": only("statutory"),
    "handovers/<uuid:handover_id>/receive/": posted("statutory"),
    "allegations/": only("designated"),
    "allegations/<uuid:allegation_id>/": only("designated"),
    "allegations/<uuid:allegation_id>/take/": posted("designated"),
    "notices/": only(CASEWORK),
    "notices/<uuid:notice_id>/": only(AROUND),
    "cases/": only(CASEWORK, REFERRERS, "statutory"),
    "cases/<uuid:case_id>/": only(AROUND),
    "cases/this-week/": only(CASEWORK, REFERRERS, "statutory", others=403),
    "cases/board/": only("own_team", "other_team", others=403),
    "cases/offers/<uuid:offer_id>/": only("sender"),  # of another case; nobody else is asked
    "cases/<uuid:case_id>/team/": only(AROUND),
    "cases/<uuid:case_id>/lead/": only(own_team=302, inside=403),  # somebody leads it: it is handed over
    "cases/<uuid:case_id>/handover/": only(AROUND),
    "cases/<uuid:case_id>/handover/<uuid:offer_id>/withdraw/": posted(AROUND),
    "cases/<uuid:case_id>/take-duty/": only("own_team", inside=403),
    "cases/<uuid:case_id>/deputy/": only(AROUND),
    "cases/<uuid:case_id>/family/add/": only(AROUND),
    "cases/<uuid:case_id>/family/<uuid:family_place_id>/leave/": only(AROUND),
    "cases/<uuid:case_id>/meetings/": only(AROUND),
    "cases/<uuid:case_id>/meetings/plan/": only(AROUND),
    "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/": only(AROUND),
    "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/move/": only(AROUND),
    "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/cancel/": only(AROUND),
    "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/told/<uuid:seat_id>/": only(AROUND),
    "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/apologies/": only("inside", own_team=403),
    "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/calendar/": only(AROUND),
    "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/letters/": only(AROUND),
    "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/letters/words/": only(AROUND),
    "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/letters/send/": posted(AROUND),
    "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/letters/posted/": posted(AROUND),
    "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/letters/as/<slug:form>/": only(AROUND, status=302),  # the page
    "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/minutes/": only(others=404, own_team=403, inside=403),  # to come
    "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/agree/": posted(AROUND),
    "cases/<uuid:case_id>/actions/<uuid:action_id>/": only(AROUND),
    "cases/<uuid:case_id>/members/add/": only(AROUND),
    "cases/<uuid:case_id>/members/add/<uuid:post_id>/": only(AROUND),
    "cases/<uuid:case_id>/members/<uuid:member_id>/leave/": only(AROUND),
    "cases/<uuid:case_id>/close/": only("own_team", inside=403),
    # The assessment in question is being written by the one who leads; of its sections that on general health.
    "cases/<uuid:case_id>/assessments/": only(AROUND),
    "cases/<uuid:case_id>/assessments/family/": only(AROUND),
    "cases/<uuid:case_id>/assessments/family/csv/": only(AROUND),
    "cases/<uuid:case_id>/assessments/<uuid:about_id>/begin/": posted(AROUND),
    "assessments/<uuid:assessment_id>/": only(AROUND),
    "assessments/sections/<uuid:section_id>/": only(AROUND),
    "assessments/<uuid:assessment_id>/check/": only(AROUND),
    "assessments/<uuid:assessment_id>/print/<slug:form>/": only(AROUND),
    "assessments/<uuid:assessment_id>/beside/": only(AROUND),
    "assessments/<uuid:assessment_id>/beside/csv/": only(AROUND),
    "cases/<uuid:case_id>/agreement/": only(AROUND),
    "cases/<uuid:case_id>/agreement/help/": only(AROUND),
    "cases/<uuid:case_id>/agreement/sharing/": only(AROUND),
    "cases/<uuid:case_id>/agreement/basis/": only("own_team", inside=403),
    "cases/<uuid:case_id>/agreement/declined/": only(AROUND),
    "cases/<uuid:case_id>/agreement/withdraw/": only(AROUND),
    "cases/<uuid:case_id>/agreement/withdrawn/<uuid:withdrawal_id>/": only("own_team", inside=403),
    "training/": only("manager", "own_team", "other_team", others=403),
    "training/add/": only("manager", "own_team", "other_team", others=403),
    "training/<uuid:training_id>/take-back/": only("manager", "own_team", "other_team", others=403),
    # --- The family's plan, its reviews, and closing. A plan that is there is not begun again.
    "cases/<uuid:case_id>/plan/": only(AROUND),
    "cases/<uuid:case_id>/plan/start/": only(AROUND),
    "cases/<uuid:case_id>/plan/words/": only(AROUND),
    "cases/<uuid:case_id>/plan/way/": only(AROUND),
    "cases/<uuid:case_id>/plan/print/<slug:form>/": only(AROUND),
    "cases/<uuid:case_id>/plan/children/<uuid:plan_child_id>/": only(AROUND),
    "cases/<uuid:case_id>/plan/children/<uuid:plan_child_id>/lead/": posted("own_team"),
    "cases/<uuid:case_id>/plan/children/<uuid:plan_child_id>/statutory/": only(AROUND),
    "cases/<uuid:case_id>/plan/children/<uuid:plan_child_id>/statutory/<uuid:link_id>/": only(AROUND),
    "cases/<uuid:case_id>/plan/needs/add/": only(AROUND),
    "cases/<uuid:case_id>/plan/needs/<uuid:need_id>/": only(AROUND),
    "cases/<uuid:case_id>/plan/needs/<uuid:need_id>/end/": only(AROUND),
    "cases/<uuid:case_id>/plan/needs/<uuid:need_id>/outcomes/add/": only(AROUND),
    "cases/<uuid:case_id>/plan/outcomes/<uuid:outcome_id>/": only(AROUND),
    "cases/<uuid:case_id>/plan/outcomes/<uuid:outcome_id>/actions/add/": only(AROUND),
    "cases/<uuid:case_id>/plan/actions/<uuid:plan_action_id>/": only(AROUND),
    "cases/<uuid:case_id>/plan/actions/<uuid:plan_action_id>/mark/": only(AROUND),
    "cases/<uuid:case_id>/plan/<slug:kind>/<uuid:item_id>/remove/": posted(AROUND),
    "cases/<uuid:case_id>/plan/changes/<uuid:change_id>/undo/": posted(AROUND),
    "cases/<uuid:case_id>/reviews/": only(AROUND),
    "cases/<uuid:case_id>/reviews/begin/": only(AROUND),
    "cases/<uuid:case_id>/reviews/outcomes/<uuid:outcome_id>/": only(AROUND),
    "cases/<uuid:case_id>/reviews/<uuid:review_id>/decide/": only(AROUND),
    "cases/<uuid:case_id>/step/": only(AROUND),
    "cases/<uuid:case_id>/step/abandon/": posted(AROUND),
    "cases/<uuid:case_id>/step/take-up/": posted(AROUND),
    "kept-words/": only("governance", others=403),
    "kept-words/<uuid:case_id>/": only(  # the case is open: there is nothing to destroy, for whoever might
        others=403, governance=404
    ),
    "cases/<uuid:case_id>/check/": only(own_team=403, inside=403),  # nothing has closed
    "case-duties/": only(CASEWORK, REFERRERS, "statutory"),
    "steps/<uuid:step_id>/": only(AROUND, "other_team"),
    "steps/<uuid:step_id>/answer/": only("other_team", own_team=403, inside=403),
    "steps/<uuid:step_id>/again/": only(own_team=403, inside=403, other_team=403),  # nobody has refused it
    "steps/<uuid:step_id>/withdraw/": only(AROUND, other_team=403),
    "steps/<uuid:step_id>/settle/": only(own_team=403, inside=403, other_team=403),
    # --- Notes and visits, tasks, help given, and the chronology of a case.
    "visits/new/": only(CASEWORK, REFERRERS, "statutory"),
    "tasks/": only(CASEWORK, REFERRERS, "statutory"),
    "cases/<uuid:case_id>/notes/": only(AROUND),
    "cases/<uuid:case_id>/notes/new/": only(AROUND),
    "cases/<uuid:case_id>/notes/<uuid:note_id>/": only(AROUND),
    "cases/<uuid:case_id>/notes/<uuid:note_id>/correct/": only(AROUND),
    "cases/<uuid:case_id>/notes/<uuid:note_id>/files/add/": only(AROUND),
    "cases/<uuid:case_id>/notes/<uuid:note_id>/files/<uuid:file_id>/": only(AROUND),
    "cases/<uuid:case_id>/notes/<uuid:note_id>/as/<slug:form>/": only(AROUND),
    "cases/<uuid:case_id>/tasks/new/": only(AROUND),
    "cases/<uuid:case_id>/tasks/<uuid:task_id>/done/": only(AROUND),
    "cases/<uuid:case_id>/help/new/": only(AROUND),
    "cases/<uuid:case_id>/help/<uuid:intervention_id>/ended/": only(AROUND),
    "cases/<uuid:case_id>/chronology/": only(AROUND),
    "cases/<uuid:case_id>/chronology/as/<slug:form>/": only(AROUND),
    "cases/<uuid:case_id>/chronology/<int:event_id>/significant/": only(AROUND),
    "cases/<uuid:case_id>/chronology/<int:event_id>/ordinary/": posted(AROUND),
    "cases/<uuid:case_id>/chronology/<int:event_id>/out/": only(AROUND),
    "cases/<uuid:case_id>/chronology/<int:event_id>/back/": only(own_team=403, inside=403),  # it is not taken out
    "cases/<uuid:case_id>/family-tree/": only(AROUND),
    "cases/<uuid:case_id>/family-tree/csv/": only(AROUND),
    "cases/<uuid:case_id>/actions/<uuid:action_id>/plan/": posted(AROUND),
    # --- The manager's half. A supervision is between the two of them; an audit is its auditor's until it is done.
    "supervision/": only(CASEWORK, REFERRERS, "statutory"),
    "supervision/with/<uuid:worker_id>/": only("own_team"),
    "supervision/<uuid:supervision_id>/": only(AROUND),
    "supervision/<uuid:supervision_id>/answer/": only("inside", own_team=403),
    "supervision/<uuid:supervision_id>/add/": only(AROUND),
    "supervision/<uuid:supervision_id>/print/<slug:form>/": only(AROUND),
    "supervision/<uuid:supervision_id>/families/<uuid:part_id>/task/": posted(AROUND),
    "allocation/": only("own_team", "other_team", others=403),
    "allocation/begin/": posted("own_team", "other_team"),
    "allocation/<uuid:allocation_id>/": only("own_team"),
    "allocation/<uuid:allocation_id>/end/": only("own_team"),
    "allocation/<uuid:allocation_id>/print/<slug:form>/": only("own_team"),
    "allocation/<uuid:allocation_id>/families/<uuid:waiting_id>/": only("own_team"),
    "case-audits/": only(CASEWORK, REFERRERS, "statutory"),
    "case-audits/draw/": only("own_team", "other_team", others=403),
    "case-audits/results/": only("own_team", "other_team", "statutory", "manager", "governance", others=403),
    "case-audits/results/as/<slug:form>/": only(
        "own_team", "other_team", "statutory", "manager", "governance", others=403
    ),
    "case-audits/<uuid:audit_id>/": only("own_team"),
    "case-audits/<uuid:audit_id>/items/<slug:heading>/": only("own_team"),
    "case-audits/<uuid:audit_id>/finish/": only("own_team"),
    "case-audits/<uuid:done_id>/second/": only("own_team", inside=403),
    "case-audits/<uuid:looked_id>/again/": only("own_team", other_team=403),
    "case-audits/<uuid:audit_id>/print/<slug:form>/": only("own_team"),
    # --- People. The person is in the case in question; the front door's work with the referral that led to it is done.
    "people/<uuid:person_id>/": only(AROUND),
    "people/<uuid:person_id>/family-tree/": only(AROUND),
    "families/<uuid:family_id>/": only(AROUND),
    "people/<uuid:person_id>/safe-contact/": only(AROUND),
    "people/records/<uuid:record_id>/link/": only(FRONT, own_team=403, inside=403),
    "people/records/<uuid:record_id>/link/<uuid:person_id>/": only(own_team=403, inside=403),
    "people/records/<uuid:record_id>/separate/": only(FRONT, own_team=403, inside=403),
    "people/kept-apart/<uuid:keep_apart_id>/lift/": only("social_worker", "manager"),
    # --- Noticing early. The agreement names posts of all three at the front door.
    # --- Information sharing. The request in question: the worker asks the sender's surgery about somebody.
    "privacy/sharing/": public(),
    "sharing/to-answer/": only(PROFESSIONALS, others=403),
    "sharing/to-answer/<uuid:request_id>/": only("sender"),
    "sharing/to-answer/<uuid:request_id>/open/": posted("sender"),
    "sharing/to-answer/<uuid:request_id>/correct/": only(),  # nothing is answered yet
    "sharing/to-answer/<uuid:request_id>/refuse/": only("sender"),
    "sharing/asked/": only(FRONT, CASEWORK, others=403),
    "sharing/asked/<uuid:request_id>/": only("worker"),
    "sharing/asked/<uuid:request_id>/withdraw/": only("worker", "manager"),
    "sharing/asked/<uuid:request_id>/close/": posted("worker", "manager"),
    "sharing/refusals/": only("governance", "manager", others=403),
    "sharing/agreements/": only("governance", others=403),
    "sharing/agreements/draft/": only("governance", others=403),
    "sharing/agreements/<uuid:agreement_id>/": only("governance", others=403),
    "sharing/agreements/<uuid:agreement_id>/change/": only("governance", others=403),
    "sharing/agreements/<uuid:agreement_id>/parties/add/": only("governance", others=403),
    "sharing/agreements/<uuid:agreement_id>/parties/<uuid:sharer_id>/": only("governance", others=403),
    "sharing/agreements/<uuid:agreement_id>/parties/<uuid:sharer_id>/remove/": posted("governance"),
    "sharing/agreements/<uuid:agreement_id>/posts/name/": only("governance", others=403),
    "sharing/agreements/<uuid:agreement_id>/posts/<uuid:named_id>/take-out/": posted("governance"),
    "sharing/agreements/<uuid:agreement_id>/sign/": only("governance", others=403),
    "sharing/agreements/<uuid:agreement_id>/review/": only("governance", others=403),
    "sharing/agreements/<uuid:agreement_id>/end/": only("governance", others=403),
    "sharing/agreements/<uuid:agreement_id>/next/": posted("governance"),
    "sharing/bases/": only("governance", others=403),
    "sharing/bases/<slug:code>/verify/": posted("governance"),
    "indicators/": only(PROFESSIONALS, "governance", others=403),
    "indicators/propose/": only("governance", others=403),
    "indicators/proposals/<uuid:proposed_id>/": only("governance", "manager", others=403),
    "indicators/proposals/<uuid:proposed_id>/propose/": posted("governance"),
    "indicators/proposals/<uuid:proposed_id>/withdraw/": posted("governance"),
    "indicators/proposals/<uuid:proposed_id>/agree/": only("manager", others=403),
    "indicators/proposals/<uuid:proposed_id>/decline/": only("manager", others=403),
    "indicators/proposals/<uuid:proposed_id>/<str:step>/": only("governance", others=403),
    "indicators/children/": only(FRONT),
    "indicators/children/<uuid:child_id>/": only(FRONT),
    "indicators/children/<uuid:child_id>/refer/": only(FRONT, governance=403, administrator=403, data_lead=403),
    "indicators/review/": only("governance", "manager", others=403),
    "indicators/review.csv": only("governance", "manager", others=403),
    "indicators/<uuid:indicator_id>/": only(PROFESSIONALS, "governance", others=403),
    "indicators/<uuid:indicator_id>/change/": only("governance", others=403),
    "indicators/<uuid:indicator_id>/end/": only("governance", others=403),
    # --- Restricted records, their guardians, and emergencies.
    "restricted/": only(GUARDIANS),
    "restricted/new/": only("governance"),
    "restricted/staff/": only("governance"),
    "restricted/staff/new/": only("governance"),
    "restricted/staff/<uuid:tie_id>/end/": only("governance"),
    "restricted/entries/<uuid:look_alike_id>/": only("governance"),
    "restricted/<uuid:restriction_id>/": only("governance"),
    "restricted/<uuid:restriction_id>/agree/": posted("governance"),
    "restricted/<uuid:restriction_id>/review/": only("governance"),
    "restricted/<uuid:restriction_id>/people/": only("governance"),
    "restricted/<uuid:restriction_id>/people/<uuid:party_id>/remove/": only("governance"),
    "restricted/<uuid:restriction_id>/end/": only("governance"),
    "matches/": only(FRONT, GUARDIANS, others=403),
    "matches/keys/": posted(FRONT, GUARDIANS),
    "matches/undo/": posted(FRONT, GUARDIANS),
    "matches/<uuid:proposal_id>/": only(FRONT, **dict.fromkeys(GUARDIANS - FRONT, 404), others=403),
    "matches/model/": only("manager", "governance", others=403),
    "matches/model/start/": posted("manager"),
    "matches/model/<uuid:linkage_run_id>/": only("manager", "governance", others=403),
    "matches/model/<uuid:linkage_run_id>/stop/": posted("manager"),
    "quality/": only("governance", others=403, data_lead=302),
    "quality/<slug:agency_code>/": only("governance", "data_lead", others=403),
    "quality/<slug:agency_code>/questions.csv": only("governance", "data_lead", others=403),
    "sealed/": only(GUARDIANS, others=403),
    "sealed/new/": only("governance", others=403),
    "sealed/<uuid:sealed_id>/withdraw/": only(others=404, **dict.fromkeys(SIGNED_IN - GUARDIANS, 403)),
    "sealed/<uuid:sealed_id>/": only(others=404, **dict.fromkeys(SIGNED_IN - GUARDIANS, 403)),  # named in none
    "guardian/": only(GUARDIANS),
    "guardian/<uuid:match_id>/": only("governance"),
    "my-family/": only(SIGNED_IN),
    "emergency/": only(FRONT, CASEWORK, "statutory"),
    "emergency/<uuid:emergency_id>/end/": posted("social_worker"),
    "emergencies/": only("governance"),
    "emergencies/<uuid:emergency_id>/": only("governance"),
    # --- Sessions, their registers, and how many they reach. A register is for those who run it.
    "sessions/": only(RUN_SESSIONS, others=403),
    "sessions/programmes/new/": only(RUN_SESSIONS, others=403),
    "sessions/programmes/<uuid:programme_id>/": only("outsider"),
    "sessions/programmes/<uuid:programme_id>/change/": only("outsider"),
    "sessions/programmes/<uuid:programme_id>/end/": only("outsider"),
    "sessions/programmes/<uuid:programme_id>/plan/": only("outsider"),
    "sessions/<uuid:session_id>/": only("outsider"),
    "sessions/<uuid:session_id>/find/": only(SIGNED_IN, status=302),
    "sessions/<uuid:session_id>/add/": posted("outsider"),
    "sessions/<uuid:session_id>/newcomer/": only("outsider"),
    "sessions/<uuid:session_id>/import/": only("outsider"),
    "sessions/<uuid:session_id>/sheet/": only("outsider"),
    "sessions/<uuid:session_id>/changes/": only("outsider"),
    "sessions/<uuid:session_id>/cancel/": only("outsider"),
    "sessions/reach/": only(RUN_SESSIONS, "manager", "governance", "statutory", others=403),
    "sessions/reach/people/": only(RUN_SESSIONS, "manager", "governance", "statutory", others=403),
    "sessions/reach/programmes/": only("own_team", "other_team", "manager", "governance", "statutory", others=403),
    "sessions/reach/<slug:table>.csv": only(RUN_SESSIONS, "manager", "governance", "statutory", others=403),
    "cases/<uuid:case_id>/sessions/": only(AROUND),
    # --- What young people do. Whom to ask is for the teams that serve the area.
    "young-people/": only(CASEWORK, "manager", "governance", others=403),
    "young-people/figures.csv": only(CASEWORK, "manager", "governance", others=403),
    "young-people/follow-up/<slug:which>/": only(CASEWORK, others=403),
    "young-people/imports/": only("data_lead", others=403),
    "young-people/imports/new/": only("data_lead", others=403),
    "young-people/imports/<uuid:participation_import_id>/": only("data_lead", others=403),
    "young-people/justice/": only(CASEWORK, others=403),
    "young-people/justice/<uuid:justice_id>/end/": only(AROUND),
    "young-people/<uuid:young_id>/": only(AROUND),
    "young-people/<uuid:young_id>/record/": only(AROUND),
    "young-people/<uuid:young_id>/justice/": only("own_team", inside=403),
    "young-people/said/<uuid:spell_id>/take-back/": only(AROUND),
    # --- The partnership.
    "partnership/": only(SIGNED_IN),
    "partnership/organisations/<uuid:organisation_id>/": only(SIGNED_IN),
    "partnership/teams/<uuid:team_id>/": only(SIGNED_IN),
    "partnership/posts/appoint/": only("administrator", others=403),
    "partnership/posts/<uuid:post_id>/": only(SIGNED_IN),
    "partnership/posts/<uuid:post_id>/end/": only("administrator", others=403),
    "partnership/posts/<uuid:post_id>/extend/": only("administrator", others=403),
    "my-posts/": only(SIGNED_IN),
    # --- Keeping the system and its trail.
    "accounts/": only("administrator", others=403),
    "accounts/open/": only("administrator", others=403),
    "accounts/<uuid:account_id>/reset/": only("administrator", others=403),
    "approvals/": only("administrator", "governance", others=403),
    "approvals/<uuid:approval_id>/": only("administrator", "governance", others=403),
    "keys/collect/<uuid:approval_id>/": Only(frozenset({"administrator"}), post_only=True),
    "accounts/<uuid:account_id>/close/": only("administrator", others=403),
    "keys/": only("administrator", others=403),
    "keys/issue/": only("administrator", others=403),
    "keys/<uuid:key_id>/keep/": Only(frozenset({"administrator"}), post_only=True),
    "keys/<uuid:key_id>/revoke/": only("administrator", others=403),
    "settings/": only(SIGNED_IN),
    "settings/<str:key>/": only("administrator", "manager", others=403),
    "outbox/": only(FRONT, "administrator", others=403),
    "outbox/<uuid:message_id>/": only(FRONT, others=403),
    "audit/": only("governance", others=403),
    "audit/verify/": posted("governance"),
}
