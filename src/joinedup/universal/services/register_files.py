"""A sign-in sheet kept elsewhere, brought into a register: every row says what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import NotVisible, Refused
from joinedup.core.tabular import ON_A_PAGE, UnreadableFile, read_table
from joinedup.universal import files
from joinedup.universal.models import Attendance, Session
from joinedup.universal.permissions import TAKE_REGISTER
from joinedup.universal.queries import find_for_register
from joinedup.universal.services.registers import Newcomer, Taken, add_newcomer, take_register

_MOST_ROWS = 500


@dataclass
class RegisterRead:
    """What became of a file: how many rows were read, how many are on the register, who is new, and what was not used."""

    read: int = 0
    marked: int = 0
    newcomers: int = 0
    rejected: list[dict[str, str]] = field(default_factory=list)


@service(TAKE_REGISTER, on="session")
def import_register(*, session: Session, file_name: str, content: bytes, by: Actor, at: datetime) -> RegisterRead:
    """Bring a sheet with a name (and, where there is one, a date of birth or age and a mark) into a register. Somebody of
    that very name, and no other date of birth, who has come before is marked; where two could be meant the row is left
    to be done by hand; everybody else is new. Raises Refused (UN-51 for the file; UN-10, UN-12)."""
    try:
        table = read_table(content, file_name, apart=ON_A_PAGE, score=files.known_titles)
        sheet = files.read_register(table, today=timezone.localdate(at))
    except UnreadableFile as wrong:
        raise Refused(str(wrong), rule="UN-51", field="file") from wrong
    done = RegisterRead(read=sheet.read, rejected=list(sheet.rejected))
    for row in sheet.rows[:_MOST_ROWS]:
        try:
            _bring(session, row, done, by, at)
        except NotVisible:
            done.rejected.append(files.fault(row.line, "name", row.name, "Put this person on the register by hand."))
        except Refused as refusal:
            if refusal.rule in {"UN-10", "UN-12"}:
                raise
            done.rejected.append(files.fault(row.line, refusal.field or "name", row.name, refusal.sentence))
    for row in sheet.rows[_MOST_ROWS:]:
        done.rejected.append(files.fault(row.line, "", row.name, f"Only {_MOST_ROWS} rows are read at once."))
    done.rejected.sort(key=lambda each: int(each["row"]))
    note(changed=("register",), words={"read": done.read, "marked": done.marked, "newcomers": done.newcomers})
    return done


def _bring(session: Session, row: files.RegisterRow, done: RegisterRead, by: Actor, at: datetime) -> None:
    found = [
        each
        for each in _alike(session, row, by)
        if row.birth_date is None or each[1] is None or each[1] == row.birth_date
    ]
    if len(found) > 1:
        raise Refused("Two people of this name have come before: mark them by hand.", rule="UN-14", field="name")
    if found:
        take_register(session=session, taken=Taken({found[0][0]: row.mark}), by=by, at=at)
        done.marked += 1
        return
    new = Newcomer(row.given_name, row.family_name, row.birth_date, row.age, mark=row.mark)
    add_newcomer(session=session, newcomer=new, by=by, at=at)
    done.marked, done.newcomers = done.marked + 1, done.newcomers + 1


def _alike(session: Session, row: files.RegisterRow, by: Actor) -> list[tuple[UUID, date | None]]:
    """Those of this very name who have come to something of the organisation, or stand in this register."""
    listed = Attendance.objects.not_withheld_from(by).filter(session=session).select_related("record")
    found = {
        each.record_id: each.record.birth_date
        for each in listed
        if _plain(f"{each.record.given_name} {each.record.family_name}") == _plain(row.name)
    }
    for each in find_for_register(by, session.pk, row.name, is_typing=True):
        if _plain(each.name) == _plain(row.name):
            found[each.record_id] = each.birth_date
    return list(found.items())


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
