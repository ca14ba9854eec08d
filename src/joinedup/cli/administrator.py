"""`joinedup administrator add`: the first people who keep accounts and posts. Whoever may run this holds the database
anyway; from then on every further one takes two people on the site."""

from __future__ import annotations

from pathlib import Path

import click

from joinedup.cli.database import database
from joinedup.cli.options import data_option
from joinedup.core.errors import Refused


@click.group()
def administrator() -> None:
    """Who keeps accounts, posts and settings."""


@administrator.command("add")
@click.option("--email", required=True, help="Their work e-mail address, with which they sign in.")
@click.option("--name", required=True, help="Their full name.")
@click.option("--organisation", "code", required=True, help="Code of their employer, for example COUNCIL.")
@click.option("--organisation-name", default="", help="Its name, where it is not entered yet.")
@click.option("--governance", is_flag=True, help="An information governance officer instead: the second of two people.")
@data_option
def administrator_add(email: str, name: str, code: str, organisation_name: str, governance: bool, data: Path) -> None:
    """Open an account with an administrator's post. They choose their password through “I have forgotten my password”."""
    with database(data):
        from django.db import transaction
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.access.roles import Role
        from joinedup.access.services import open_account
        from joinedup.organisations.queries import open_organisations
        from joinedup.organisations.services import appoint_to_post, open_organisation

        now = timezone.now()
        by = system(now, "The command line")
        role = Role.INFORMATION_GOVERNANCE if governance else Role.SYSTEM_ADMINISTRATOR
        with transaction.atomic():
            employer = open_organisations(by).filter(code=code.strip().upper()).first()
            if employer is None and not organisation_name:
                raise Refused(
                    f"There is no organisation {code} yet: give its name with --organisation-name.", rule="CL-9"
                )
            if employer is None:
                employer = open_organisation(code=code, name=organisation_name, kind="council", by=by, at=now)
            account = open_account(email=email, name=name, password=None, by=by, at=now)
            title = role.value.replace("_", " ").capitalize()
            appoint_to_post(account=account, title=title, role=role, employer=employer, starts_at=now, by=by, at=now)
    click.echo(f"{name} can choose a password with “I have forgotten my password” and sign in as {email.lower()}.")
