"""Keeping the partnership: organisations and successions, places, teams, and who holds which post until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.grounds import leave
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.access.services import agree_to_proposal, propose
from joinedup.core.errors import Refused
from joinedup.core.models import claim_version
from joinedup.organisations import rules
from joinedup.organisations.models import (
    Cluster,
    Locality,
    LocalityPostcode,
    Organisation,
    Post,
    PostFunding,
    Succession,
    Team,
    TeamLocality,
)
from joinedup.organisations.permissions import (
    APPOINT_TO_POST,
    APPROVE_APPOINTMENT,
    CLOSE_ORGANISATION,
    END_POST,
    EXTEND_POST,
    KEEP_PLACES,
    KEEP_TEAMS,
    OPEN_ORGANISATION,
    SUCCEED_ORGANISATION,
)

if TYPE_CHECKING:
    from joinedup.access.models import Account, Approval


def _refuse(rule: rules.Rule | None, *, field: str = "") -> None:
    if rule is not None:
        raise Refused(rule.sentence, rule=rule.code, field=field or rule.field)


@service(OPEN_ORGANISATION)
def open_organisation(
    *,
    code: str,
    name: str,
    kind: str,
    by: Actor,
    at: datetime,
    opened_on: date | None = None,
    closed_on: date | None = None,
    cluster: Cluster | None = None,
    postcode: str = "",
    phone: str = "",
    email: str = "",
    referral_source: str = "",
) -> Organisation:
    """Enter a partner. `closed_on` is its last day, for a body that had gone before the partnership began to use this.

    Raises Refused: OR-12 the code is taken, OR-13 the dates are the wrong way round.
    """
    code = code.strip().upper()
    _refuse(rules.CODE_TAKEN if Organisation.objects.filter(code=code).exists() else None)
    if opened_on and closed_on and closed_on < opened_on:
        _refuse(rules.CLOSES_AFTER_OPENING)
    organisation = Organisation.objects.create(
        code=code,
        name=name.strip(),
        kind=Organisation.Kind(kind),
        opened_on=opened_on,
        closed_on=closed_on,
        cluster=cluster,
        postcode=postcode.upper(),
        phone=phone,
        email=email,
        referral_source=referral_source,
    )
    note(changed=("code", "name", "kind"))
    return organisation


@service(CLOSE_ORGANISATION, on="organisation")
def close_organisation(*, organisation: Organisation, closed_on: date, reason: str, by: Actor, at: datetime) -> None:
    """Record an organisation's last day. What was done in its name stays in its name.

    Raises Refused: OR-13 before it opened, OR-14 closed already, OR-15 posts run on after that day.
    """
    _close(organisation, closed_on)
    note(changed=("closed_on",), words={"closed_on": closed_on.isoformat()})


def _close(organisation: Organisation, closed_on: date) -> None:
    """Called inside guarded services only."""
    if organisation.closed_on is not None:
        _refuse(rules.CLOSED_ALREADY)
    if organisation.opened_on is not None and closed_on < organisation.opened_on:
        _refuse(rules.CLOSES_AFTER_OPENING)
    _refuse(rules.POSTS_RUN_ON if _posts_after(organisation, closed_on).exists() else None)
    organisation.closed_on = closed_on
    organisation.save(update_fields=["closed_on"])


def _posts_after(organisation: Organisation, day: date) -> QuerySet[Post]:
    midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))
    return Post.objects.filter(
        Q(employer=organisation) | Q(host=organisation), Q(ends_at__isnull=True) | Q(ends_at__gt=midnight)
    )


@service(SUCCEED_ORGANISATION, on="predecessor")
def succeed_organisation(
    *, predecessor: Organisation, successor: Organisation, on: date, reason: str, by: Actor, at: datetime
) -> Succession:
    """One body takes over from another: `on` is the successor's first day in its place, so the predecessor's last day
    is the day before. Nothing that happened under the predecessor is rewritten. Several may merge into one, and one may
    split into several.

    Raises Refused: OR-15 posts run on, OR-16 the successor is not there, OR-17 a circle, OR-18 another last day stands.
    """
    links: dict[UUID, list[UUID]] = {}
    for earlier, later in Succession.objects.values_list("predecessor_id", "successor_id"):
        links.setdefault(earlier, []).append(later)
    _refuse(rules.NO_CIRCLE if rules.leads_back(successor.pk, predecessor.pk, links) else None)
    _refuse(
        rules.succession_fault(
            on,
            predecessor_closed_on=predecessor.closed_on,
            successor_opened_on=successor.opened_on,
            successor_closed_on=successor.closed_on,
        )
    )
    if predecessor.closed_on is None:
        _close(predecessor, on - timedelta(days=1))
    succession = Succession.objects.create(predecessor=predecessor, successor=successor, on=on, reason=reason[:300])
    note(changed=("closed_on", "successor"))
    return succession


@service(KEEP_PLACES)
def open_locality(*, code: str, name: str, by: Actor, at: datetime, prefixes: Iterable[str] = ()) -> Locality:
    """Enter a locality with the beginnings of the postcodes that lie in it. Raises Refused (OR-12, OR-19, OR-20)."""
    code = code.strip().upper()
    _refuse(rules.CODE_TAKEN if Locality.objects.filter(code=code).exists() else None)
    locality = Locality.objects.create(code=code, name=name.strip())
    _map(locality, prefixes)
    note(changed=("code", "name", "postcodes"))
    return locality


@service(KEEP_PLACES, on="locality")
def map_postcodes(*, locality: Locality, prefixes: Iterable[str], by: Actor, at: datetime) -> None:
    """Add beginnings of postcodes to a locality; one already there is left. Raises Refused (OR-19, OR-20)."""
    _map(locality, prefixes)
    note(changed=("postcodes",))


def _map(locality: Locality, prefixes: Iterable[str]) -> None:
    """Called inside guarded services only."""
    tidy: list[str] = []
    for text in prefixes:
        prefix = rules.tidy_prefix(text)
        if prefix is None:
            raise Refused(rules.POSTCODE_PREFIX.sentence, rule=rules.POSTCODE_PREFIX.code, field="prefixes")
        tidy.append(prefix)
    taken = dict(LocalityPostcode.objects.filter(prefix__in=tidy).values_list("prefix", "locality_id"))
    _refuse(rules.PREFIX_TAKEN if set(taken.values()) - {locality.pk} else None)
    new = [prefix for prefix in dict.fromkeys(tidy) if prefix not in taken]
    LocalityPostcode.objects.bulk_create([LocalityPostcode(prefix=prefix, locality=locality) for prefix in new])


@service(KEEP_PLACES)
def open_cluster(*, code: str, name: str, locality: Locality, by: Actor, at: datetime) -> Cluster:
    """Enter a cluster of schools. Raises Refused (OR-12)."""
    code = code.strip().upper()
    _refuse(rules.CODE_TAKEN if Cluster.objects.filter(code=code).exists() else None)
    cluster = Cluster.objects.create(code=code, name=name.strip(), locality=locality)
    note(changed=("code", "name", "locality"))
    return cluster


@service(KEEP_TEAMS)
def open_team(
    *,
    code: str,
    name: str,
    kind: str,
    host: Organisation,
    by: Actor,
    at: datetime,
    base: str = "",
    phone: str = "",
    email: str = "",
    case_cap: int | None = None,
) -> Team:
    """Enter a team, hosted by an organisation. `case_cap` is the most open cases it takes. Raises Refused (OR-12)."""
    code = code.strip().upper()
    _refuse(rules.CODE_TAKEN if Team.objects.filter(code=code).exists() else None)
    team = Team.objects.create(
        code=code,
        name=name.strip(),
        kind=Team.Kind(kind),
        host=host,
        base=base,
        phone=phone,
        email=email,
        case_cap=case_cap,
    )
    note(changed=("code", "name", "kind", "host", "case_cap"))
    return team


@service(KEEP_TEAMS, on="team")
def set_team_localities(*, team: Team, localities: Iterable[Locality], on: date, by: Actor, at: datetime) -> None:
    """From a day on the team serves exactly these localities. What it served before ends the day before and stays on
    record."""
    wanted = {locality.pk: locality for locality in localities}
    for served in list(TeamLocality.objects.filter(team=team, ends_on__isnull=True)):
        if served.locality_id in wanted:
            del wanted[served.locality_id]
        elif served.starts_on >= on:
            served.delete()
        else:
            served.ends_on = on - timedelta(days=1)
            served.save(update_fields=["ends_on"])
    TeamLocality.objects.bulk_create(
        [TeamLocality(team=team, locality=locality, starts_on=on) for locality in wanted.values()]
    )
    note(changed=("localities",))


@service(APPOINT_TO_POST, on="account")
def appoint_to_post(
    *,
    account: Account,
    title: str,
    role: Role,
    employer: Organisation,
    starts_at: datetime,
    by: Actor,
    at: datetime,
    host: Organisation | None = None,
    team: Team | None = None,
    line_supervisor: Post | None = None,
    clinical_supervisor: Post | None = None,
    ends_at: datetime | None = None,
    review_on: date | None = None,
    funding: Mapping[Organisation, int] | None = None,
    full_time_equivalent: Decimal = Decimal("1.00"),
    is_registered_social_worker: bool = False,
    phone: str = "",
) -> Post:
    """Give somebody a post; the standing it carries starts and ends with it, to the minute.

    `host` is the team's host, or the employer, unless given; where it differs from the employer the post is a
    secondment. `funding` names who pays, in hundredths of a per cent adding to 10,000; the employer pays unless given.
    A powerful role is proposed by one person and agreed to by another (OR-22): see `propose_appointment`.
    Raises Refused: OR-1 to OR-8, and OR-21 for oneself.
    """
    _refuse(rules.NOT_ONES_OWN_POST if account.pk == by.account_id else None)
    _refuse(rules.TWO_PEOPLE if needs_two_people(role, by) else None)
    return _appointed(
        account=account,
        title=title,
        role=role,
        employer=employer,
        starts_at=starts_at,
        host=host,
        team=team,
        line_supervisor=line_supervisor,
        clinical_supervisor=clinical_supervisor,
        ends_at=ends_at,
        review_on=review_on,
        funding=funding,
        full_time_equivalent=full_time_equivalent,
        is_registered_social_worker=is_registered_social_worker,
        phone=phone,
    )


def _appointed(
    *,
    account: Account,
    title: str,
    role: Role,
    employer: Organisation,
    starts_at: datetime,
    host: Organisation | None = None,
    team: Team | None = None,
    line_supervisor: Post | None = None,
    clinical_supervisor: Post | None = None,
    ends_at: datetime | None = None,
    review_on: date | None = None,
    funding: Mapping[Organisation, int] | None = None,
    full_time_equivalent: Decimal = Decimal("1.00"),
    is_registered_social_worker: bool = False,
    phone: str = "",
) -> Post:
    """The post itself; called only inside guarded services."""
    host = host or (team.host if team else employer)
    funding = {employer: rules.WHOLE} if funding is None else funding
    _refuse(rules.dates_fault(starts_at, ends_at, review_on, is_secondment=employer.pk != host.pk))
    _refuse(rules.person_fault(role, full_time_equivalent, is_registered_social_worker=is_registered_social_worker))
    _refuse(rules.funding_fault(funding))
    _check_organisation(employer, starts_at, ends_at)
    _check_organisation(host, starts_at, ends_at)
    _check_supervisor(line_supervisor, account, starts_at, "line_supervisor")
    _check_supervisor(clinical_supervisor, account, starts_at, "clinical_supervisor")
    post = Post.objects.create(
        account=account,
        title=title.strip(),
        role=role,
        team=team,
        employer=employer,
        host=host,
        line_supervisor=line_supervisor,
        clinical_supervisor=clinical_supervisor,
        full_time_equivalent=full_time_equivalent,
        is_registered_social_worker=is_registered_social_worker,
        phone=phone,
        starts_at=starts_at,
        ends_at=ends_at,
        review_on=review_on,
    )
    PostFunding.objects.bulk_create(
        [PostFunding(post=post, organisation=payer, share=share) for payer, share in funding.items()]
    )
    note(changed=("account", "role", "team", "employer", "host", "starts_at", "ends_at"), subject=post)
    return post


def needs_two_people(role: Role, by: Actor) -> bool:
    """Whether this role is given by one person only when another agrees; the program itself needs nobody."""
    return not by.is_system and role.value in settings.TWO_PERSON_ROLES


@service(APPOINT_TO_POST)
def propose_appointment(
    *,
    account: Account,
    title: str,
    role: Role,
    employer: Organisation,
    starts_at: datetime,
    by: Actor,
    at: datetime,
    team: Team | None = None,
    ends_at: datetime | None = None,
    full_time_equivalent: Decimal = Decimal("1.00"),
    is_registered_social_worker: bool = False,
) -> Approval:
    """Propose somebody for a powerful post; it is theirs once a second person agrees. Raises as `appoint_to_post`."""
    _refuse(rules.NOT_ONES_OWN_POST if account.pk == by.account_id else None)
    host = team.host if team else employer
    _refuse(rules.dates_fault(starts_at, ends_at, None, is_secondment=employer.pk != host.pk))
    _refuse(rules.person_fault(role, full_time_equivalent, is_registered_social_worker=is_registered_social_worker))
    _check_organisation(employer, starts_at, ends_at)
    _check_organisation(host, starts_at, ends_at)
    where = team.name if team else employer.name
    facts = {
        "title": title.strip(),
        "role": role.value,
        "employer": str(employer.pk),
        "team": str(team.pk) if team else "",
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat() if ends_at else "",
        "full_time_equivalent": str(full_time_equivalent),
        "is_registered_social_worker": is_registered_social_worker,
    }
    summary = f"{account.name} as {title.strip()} ({role.value.replace('_', ' ')}) in {where}"
    return propose(kind="appointment", account=account, payload=facts, summary=summary, by=by, at=at)


@service(APPROVE_APPOINTMENT, on="approval")
def approve_appointment(*, approval: Approval, by: Actor, at: datetime) -> Post:
    """Agree to a powerful post somebody else proposed; it begins now, or when it was to begin. Never one's own."""
    told = approval.payload
    agree_to_proposal(approval=approval, by=by, at=at)
    ends_at = datetime.fromisoformat(told["ends_at"]) if told["ends_at"] else None
    return _appointed(
        account=approval.account,
        title=told["title"],
        role=Role(told["role"]),
        employer=Organisation.objects.get(pk=told["employer"]),
        team=Team.objects.get(pk=told["team"]) if told["team"] else None,
        starts_at=max(datetime.fromisoformat(told["starts_at"]), at),
        ends_at=ends_at,
        full_time_equivalent=Decimal(told["full_time_equivalent"]),
        is_registered_social_worker=told["is_registered_social_worker"],
    )


def _check_organisation(organisation: Organisation, starts_at: datetime, ends_at: datetime | None) -> None:
    last = None if ends_at is None else timezone.localdate(ends_at - timedelta(microseconds=1))
    lies_within = rules.within(timezone.localdate(starts_at), last, organisation.opened_on, organisation.closed_on)
    _refuse(None if lies_within else rules.WITHIN_ORGANISATION)


def _check_supervisor(supervisor: Post | None, account: Account, starts_at: datetime, field: str) -> None:
    if supervisor is None:
        return
    _refuse(rules.NOT_ONESELF if supervisor.account_id == account.pk else None, field=field)
    _refuse(None if supervisor.is_held_at(starts_at) else rules.SUPERVISOR_IN_POST, field=field)


@service(END_POST, on="post")
def end_post(*, post: Post, ends_at: datetime, reason: str, version: int, by: Actor, at: datetime) -> Post:
    """End a post at a moment, now or later; open sessions lose its standing with the next click after that moment.

    Raises Refused: OR-5, OR-9 in the past, OR-10 ended already; CO-1 when somebody saved in between.
    """
    claim_version(post, version)
    _refuse(rules.end_fault(at, ends_at, post.starts_at, post.ends_at))
    post.ends_at = ends_at
    post.save(update_fields=["ends_at"])
    note(changed=("ends_at",), words={"ends_at": ends_at.isoformat()})
    if ends_at <= at:
        leave(frozenset({post.pk}), at=at, reason=f"The post of {post.account.name} ended.")
    return post


@service(EXTEND_POST, on="post")
def extend_post(*, post: Post, ends_at: datetime, reason: str, version: int, by: Actor, at: datetime) -> Post:
    """Move the end of a secondment or a fixed-term post that still runs to a later moment.

    A powerful role is not extended by one person (OR-23): somebody is appointed to it again, which takes two. Raises
    Refused: OR-3 beyond the organisations' dates, OR-10 ended already, OR-11 not later, OR-21 one's own; CO-1 as above.
    """
    _refuse(rules.NOT_ONES_OWN_POST if post.account_id == by.account_id else None, field="ends_at")
    _refuse(rules.EXTENDED_BY_TWO if needs_two_people(Role(post.role), by) else None)
    claim_version(post, version)
    _refuse(rules.extension_fault(at, ends_at, post.ends_at))
    _check_organisation(post.employer, post.starts_at, ends_at)
    _check_organisation(post.host, post.starts_at, ends_at)
    post.ends_at = ends_at
    post.save(update_fields=["ends_at"])
    note(changed=("ends_at",), words={"ends_at": ends_at.isoformat()})
    return post
