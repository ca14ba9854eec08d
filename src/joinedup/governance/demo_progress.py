"""The demo’s framework and its progress reports. The first carries the colours Wiltshire reported to its scrutiny committee on
22 February 2006, and says that it is an illustration; the same report stands beside it as another partnership’s."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import system
from joinedup.access.queries import actor_for_account
from joinedup.governance import services
from joinedup.governance.framework_standard import STANDARD
from joinedup.governance.progress_content import digest_of, needs_signature
from joinedup.governance.progress_file import EntryRead, ReportRead
from joinedup.governance.progress_file import Reading as FileReading
from joinedup.governance.queries.progress import element_as_it_stands, entry_for
from joinedup.governance.services import EntrySaid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from joinedup.governance.models import Board, Element, ProgressReport
    from joinedup.organisations.models import Post

_BEGAN, _FROM, _TO, _WRITTEN, _PUBLISHED = (timedelta(days=each) for each in (390, 380, 200, 195, 190))
_MINUTE = "Trust board, first meeting of the year, minute 9"
# Letter: colour, why (of two colours, why the first and why the second), what was done, what remains, compared with others.
REPORTED: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    ("A", "green_amber", "It is known what has to be done, and people are in place to do it.", "Much is still to do to provide centres.",
     "Consultation on where the 20 centres go is complete.", "The programme has to be carried out; capital is short.", "Most are ahead, because they had money earlier."),
    ("B", "green_amber", "It is known what has to be done, and people are in place to do it.", "Much is still to do to provide more.",
     "Two full-service schools and eight projects were launched.", "All schools are to offer more, by area of need.", "Behind those with pilot money, in line with others."),
    ("C", "amber", "The task is identified, but much has yet to be done.", "", "Key managers met to find ways forward.",
     "Shape the integrated service and plan for it.", "Pilots are ahead; all others are at an early stage."),
    ("D", "amber", "Moved ahead in some areas, not yet consolidated.", "", "Vocational training made considerable progress.",
     "Map skills against the workforce plan.", "Ahead in some areas, behind in overall planning."),
    ("E", "amber", "Continuing work is required.", "", "Help for parents is available and listed.", "A coherent approach to parenting programmes.", "Probably in line with others."),
    ("F", "amber", "Continuing work is required.", "", "A draft guide for identifying need was produced.", "Mobilise support across services.", "Ahead in some areas and behind in others."),
    ("G", "green_amber", "Significant progress.", "More remains to be done.", "The board has many agencies and local forums.", "More training within and across agencies.",
     "At least in line with, probably ahead of most."),
    ("H", "amber", "Progress is evident, but much is still to be done.", "", "A model for teams of several professions is being piloted.",
     "Roll it out; shared premises are an issue.", "Probably ahead of most."),
    ("J", "amber", "Much is still to be done, but the timetable is identified.", "", "It is used in the pilot team, schools included.", "Roll it out with extensive training.",
     "Others are in a similar or slightly more advanced state."),
    ("K", "amber", "Progress is evident, but much is still to be done.", "", "The form is the shared referral of the pilot area.", "One point of referral to many services.",
     "Ahead of others in grappling with it."),
    ("L", "green_amber", "In hand.", "More is to be done.", "A draft guide was developed between agencies.", "Pilot, revise and spread it.", "In advance of many others."),
    ("M", "amber", "It is known where it is going, how and when, but this is at an early stage.", "", "A task group is at work; key workers lead for disabled children.",
     "It will be some time before leads are widely in place.", "Few have made extensive progress."),
    ("N", "amber", "Much is still to be done, but the timetable is identified.", "", "Protocols on what may be shared are agreed.", "Technical requirements, and cultural issues between agencies.",
     "Others are in a similar or slightly more advanced state."),
    ("O", "green", "In place and continuing.", "", "A website gives information on all services.", "Keep it up to date and widely available.", "Ahead of most."),
    ("Q", "green_amber", "Well in hand.", "Progress has to be maintained.", "Data and views give a sound view of needs.", "Extend it to all children’s services.", "In line with most others."),
    ("R", "green_amber", "In hand.", "More is to be done for next year’s plan.", "The first plan has been drawn up.", "Align it with other agreements.", "Almost all have drawn one up."),
    ("S", "amber", "Progress is being made, but a great deal remains to be done.", "", "Work to bring workforce development together is in hand.", "One coherent programme; capacity is short.",
     "Most find this a challenge; marginally ahead."),
    ("T", "amber", "Much more is still to be done, but a start has been made.", "", "A limited number of services is bought together.", "Develop more, and a policy on commissioning.", "Others made similar progress."),
    ("U", "amber", "Much more is still to be done, but a start has been made.", "", "Few pooled budgets yet.", "Proposals to pool for therapies and for participation.", "Others made similar progress."),
    ("W", "green", "Completed.", "", "The director is in place.", "Continued training in the full range of responsibilities.", "Almost all have one in place."),
    ("X", "red", "Not yet done.", "", "Somebody has the responsibilities but was never designated.", "Formal appointment by the leader.", "The majority have one."),
    ("Y", "amber", "In progress, but work is still to be done.", "", "An interim board set its priorities.", "Confirm membership and governance; set up working groups.",
     "Some are more advanced, most at a similar stage."),
    ("Z", "green", "Completed and in hand.", "", "The board was established and has a plan.", "Review its governance and watch its plan.", "In advance of most in having established it."),
)  # fmt: skip
# Figure: green from, amber from (pounds in whole pence).
_BANDS: dict[str, tuple[str, str]] = {
    "leads_trained": ("20", "5"), "help_given": ("50", "10"), "several_bodies": ("60", "30"), "assessments": ("50", "5"),
    "assessors": ("20", "5"), "one_form": ("80", "50"), "decision_hours": ("24", "72"), "leads": ("1.3", "2"),
    "duty_days": ("30", "120"), "contact": ("90", "70"), "agreements": ("5", "2"), "directory": ("90", "60"),
    "spending_agreements": ("3", "1"), "pooled": ("100000000", "1000000"), "director": ("100", "50"),
    "lead_member": ("100", "50"), "trust_seats": ("100", "60"), "safeguarding_seats": ("100", "60"),
}  # fmt: skip
_TEXTS = {
    "purpose": "To report how far the integration of children’s services has come, in particular shared processes and teams that work from one place.",
    "background": "Change for children is drawn in layers, with outcomes for children and young people at its heart. Each layer is broken down into what is required to achieve it.",
    "environmental": "Where teams work changes travel. Shared premises use space better and cost less to run; centres closer to communities shorten journeys for most families, though choice can lengthen some.",
    "risks": "Risk is greatest while services change. The chief risks are to individual children, to partnership working, from changes of policy, to staff and training, to governance and from inspection.",
    "financial": "The pressures are premises, training with cover for those trained, and information technology. Outgoings are not to exceed what is paid now.",
    "options": "It is not appropriate to consider options in this report.",
    "proposal": "Members are asked to comment on the report and to seek any action or further report.",
}  # fmt: skip


def load(board: Board, posts: Mapping[str, Post], *, at: datetime) -> None:
    """The framework with its bands, the report that was published, what another partnership published, and a draft."""
    began = at - _BEGAN
    elements = services.begin_framework(starts_on=timezone.localdate(began), by=system(began), at=began)
    for each in elements:
        _bands(board, each, began)
    _published(board, posts["Dora Testdirector"], at)
    _other(at)
    report = services.begin_report(
        board=board, title="Progress on the integration of children’s services", starts_on=timezone.localdate(at - timedelta(days=180)),
        ends_on=timezone.localdate(at - timedelta(days=1)), by=system(at), at=at,
    )  # fmt: skip
    _write(report, at, only=frozenset("AJKMX"))


def _bands(board: Board, element: Element, at: datetime) -> None:
    for name in element.figures.values_list("figure", flat=True):
        if name in _BANDS:
            green, amber = _BANDS[name]
            services.set_band(
                board=board, element=element, figure=name, green_from=Decimal(green), amber_from=Decimal(amber), source=_MINUTE,
                starts_on=timezone.localdate(at), by=system(at), at=at,
            )  # fmt: skip


def _write(report: ProgressReport, at: datetime, only: frozenset[str] = frozenset()) -> None:
    by_letter = {each.element.letter: each for each in report.entries.select_related("element", "report")}
    for letter, colour, reason, second, done, remains, compared in REPORTED:
        entry = by_letter[letter]
        if not only or letter in only:
            said = EntrySaid(done, remains, compared, colour, reason, second)
            services.write_entry(entry=entry, said=said, version=entry.version, by=system(at), at=at)


def _published(board: Board, signer: Post, at: datetime) -> None:
    written, then = at - _WRITTEN, at - _PUBLISHED
    report = services.begin_report(
        board=board, title="Progress on the integration of children’s services: the colours of Wiltshire, 2006",
        starts_on=timezone.localdate(at - _FROM), ends_on=timezone.localdate(at - _TO), is_illustration=True, by=system(written), at=written,
    )  # fmt: skip
    services.write_texts(report=report, texts=_TEXTS, version=report.version, by=system(written), at=written)
    _write(report, written)
    director = actor_for_account(signer.account_id, at=then)
    for pk in report.entries.values_list("pk", flat=True):
        entry = entry_for(system(then), pk)
        if needs_signature(entry.colour, element_as_it_stands(system(then), entry)["evidence"]):
            words = "The colour is the one Wiltshire reported in 2006, kept as an illustration; the figures are the demo’s own."
            services.sign_reason(entry=entry, words=words, by=director, at=then)
    report.refresh_from_db()
    services.publish_report(report=report, by=system(then), at=then)


def _other(at: datetime) -> None:
    names = {each.letter: each.name for each in STANDARD}
    entries = [
        EntryRead(letter, names[letter], colour, " ".join((reason, second)).strip())
        for letter, colour, reason, second, *_ in REPORTED
    ]
    read = FileReading([ReportRead("Wiltshire", "Reported on 22 February 2006", date(2006, 2, 22), entries)])
    services.import_reports(
        file_name="wiltshire-2006.json", read=read, digest=digest_of([each.__dict__ for each in entries]),
        source="Report to the children’s services scrutiny committee, 22 February 2006", by=system(at), at=at,
    )  # fmt: skip
