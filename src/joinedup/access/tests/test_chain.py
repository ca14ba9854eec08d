"""The audit chain: each kind of tampering, by somebody who owns the database, is found; the program's role is refused."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction

from joinedup.access import audit, chain, services
from joinedup.access.models import AuditEvent, AuditSeal, AuditWords
from joinedup.access.roles import Role
from joinedup.access.tests.factories import AT, make_actor

TABLES = ("access_auditevent", "access_auditseal", "access_auditwords")


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    return tmp_path / "anchors.log"


@pytest.fixture
def trail(fresh_database: Any, anchors: Path) -> Any:
    """Ten sealed and anchored events, every other one with words."""
    by = make_actor(Role.FRONT_DOOR_WORKER)
    for number in range(10):
        words = {"reason": f"because {number}"} if number % 2 else None
        audit.record("write", "test.something", by=by, at=AT + timedelta(minutes=number), words=words)
    chain.seal()
    chain.write_anchor(at=AT, path=anchors)
    assert verify(anchors).is_sound
    return fresh_database


def verify(anchors: Path) -> chain.Verification:
    return chain.verify(at=AT, anchors=anchors)


def as_owner(database: Any, *statements: str) -> None:
    """What somebody who owns the tables can do: switch the triggers off first."""
    with database.as_owner() as owner:
        for table in TABLES[:2]:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            owner.execute(statement)


def codes(found: chain.Verification) -> set[str]:
    return {fault.code for fault in found.faults}


TAMPERINGS: dict[str, tuple[list[str], set[str]]] = {
    "edit of an event": (["UPDATE access_auditevent SET action = 'test.other' WHERE id = 4"], {"changed"}),
    "edit of who acted": (["UPDATE access_auditevent SET actor_id = gen_random_uuid() WHERE id = 4"], {"changed"}),
    "edit of when": (["UPDATE access_auditevent SET at = at + interval '1 second' WHERE id = 4"], {"changed"}),
    "edit of when it was recorded": (
        ["UPDATE access_auditevent SET recorded_at = recorded_at + interval '1 microsecond' WHERE id = 4"],
        {"changed"},
    ),
    "edit of the people shown": (
        ["UPDATE access_auditevent SET people = ARRAY[gen_random_uuid()] WHERE id = 4"],
        {"changed"},
    ),
    "removal of an event": (["DELETE FROM access_auditevent WHERE id = 5"], {"removed"}),
    "removal of an event and its seal": (
        ["DELETE FROM access_auditseal WHERE event_id = 5", "DELETE FROM access_auditevent WHERE id = 5"],
        {"gap", "order"},
    ),
    "a forged event with a forged seal": (
        [
            "INSERT INTO access_auditevent (id, kind, action, post_ids, via, subject_kind, subject_id, people, purpose,"
            " rule, changed, at, words_digest) VALUES (99, 'write', 'forged', '{}', 'web', '', '', '{}', '', '', '{}',"
            " now(), '')",
            "INSERT INTO access_auditseal (seq, event_id, previous, digest)"
            " SELECT 11, 99, digest, repeat('a', 64) FROM access_auditseal WHERE seq = 10",
        ],
        {"changed"},
    ),
    "a changed order": (
        [
            "UPDATE access_auditseal SET event_id = 1003 WHERE seq = 3",
            "UPDATE access_auditseal SET event_id = 3 WHERE seq = 4",
            "UPDATE access_auditseal SET event_id = 4 WHERE seq = 3",
        ],
        {"changed"},
    ),
    "a seal with another digest": (
        ["UPDATE access_auditseal SET digest = repeat('b', 64) WHERE seq = 6"],
        {"changed", "order"},
    ),
    "a cut tail": (
        [
            "DELETE FROM access_auditseal WHERE seq > 7",
            "DELETE FROM access_auditwords WHERE event_id > 7",
            "DELETE FROM access_auditevent WHERE id > 7",
        ],
        {"anchor"},
    ),
    "the whole trail emptied": (
        ["TRUNCATE access_auditwords, access_auditseal, access_auditevent"],
        {"anchor"},
    ),
    "words changed": (
        ['UPDATE access_auditwords SET words = \'{"reason": "another"}\' WHERE event_id = 4'],
        {"words"},
    ),
    "words removed": (["DELETE FROM access_auditwords WHERE event_id = 4"], {"words"}),
    "words emptied": (["UPDATE access_auditwords SET words = NULL WHERE event_id = 4"], {"words"}),
    "words emptied as if redacted": (
        ["UPDATE access_auditwords SET words = NULL, salt = '', redacted_at = now() WHERE event_id = 4"],
        {"words"},
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found(trail: Any, anchors: Path, name: str) -> None:
    statements, expected = TAMPERINGS[name]
    as_owner(trail, *statements)
    found = verify(anchors)
    assert not found.is_sound
    assert codes(found) == expected


def test_a_full_rewrite_is_found_by_the_anchor_alone(trail: Any, anchors: Path, tmp_path: Path) -> None:
    as_owner(
        trail,
        "UPDATE access_auditevent SET action = 'test.innocent' WHERE id = 4",
        "DELETE FROM access_auditseal",
    )
    chain.seal()
    assert verify(tmp_path / "no such file").is_sound, "the rewritten chain is sound in itself"
    assert codes(verify(anchors)) == {"anchor"}


def test_a_cut_chain_keeps_the_anchor_that_gives_it_away(trail: Any, anchors: Path) -> None:
    as_owner(trail, *TAMPERINGS["a cut tail"][0])
    audit.record("write", "test.later", by=make_actor(Role.FRONT_DOOR_WORKER), at=AT)
    chain.seal()
    chain.write_anchor(at=AT, path=anchors)
    assert "anchor" in codes(verify(anchors))


def test_one_anchor_a_minute_and_the_newest_always(fresh_database: Any, anchors: Path) -> None:
    by = make_actor(Role.FRONT_DOOR_WORKER)
    for seconds in (0, 1, 2, 61, 62):
        audit.record("write", "test.something", by=by, at=AT)
        chain.seal()
        assert chain.write_anchor(at=AT + timedelta(seconds=seconds), path=anchors)
        assert chain.write_anchor(at=AT + timedelta(seconds=seconds), path=anchors) == "", "nothing moved"
    lines = anchors.read_text(encoding="ascii").splitlines()
    assert [line.split(" ")[1] for line in lines] == ["3", "5"]
    assert verify(anchors).is_sound


def test_a_torn_anchor_line_does_not_stop_verification(trail: Any, anchors: Path) -> None:
    with anchors.open("a", encoding="ascii") as file:
        file.write("2026-11-18T10:")
    assert verify(anchors).is_sound
    audit.record("write", "test.later", by=make_actor(Role.FRONT_DOOR_WORKER), at=AT)
    chain.seal()
    assert chain.write_anchor(at=AT, path=anchors)
    assert verify(anchors).is_sound
    assert anchors.read_text(encoding="ascii").splitlines()[-1].split(" ")[1] == "11"


def test_redaction_by_the_service_verifies(trail: Any, anchors: Path) -> None:
    by = make_actor(Role.INFORMATION_GOVERNANCE)
    services.redact_audit_words(words=AuditWords.objects.get(pk=4), reason="an erasure was granted", by=by, at=AT)
    chain.seal()
    found = verify(anchors)
    assert found.is_sound
    assert found.redacted == 1


def test_an_event_that_waits_too_long_for_its_seal_is_reported(fresh_database: Any, anchors: Path) -> None:
    event = audit.record("write", "test.something", by=make_actor(Role.FRONT_DOOR_WORKER), at=AT)
    event.refresh_from_db()
    assert verify(anchors).is_sound
    late = chain.verify(at=event.recorded_at + timedelta(seconds=61), anchors=anchors)
    assert codes(late) == {"unsealed"}
    assert late.unsealed == 1


APPLICATION_ATTEMPTS = [
    f"{verb} {table}{rest}"
    for table in ("access_auditevent", "access_auditseal")
    for verb, rest in (
        ("UPDATE", " SET id = 1" if table.endswith("event") else " SET seq = 1"),
        ("DELETE FROM", ""),
        ("TRUNCATE", ""),
        ("ALTER TABLE", " DISABLE TRIGGER USER"),
        ("DROP TABLE", ""),
    )
] + [
    "SET session_replication_role = replica",
    "DROP FUNCTION joinedup_sealed() CASCADE",
    "DELETE FROM django_migrations",
]


@pytest.mark.parametrize("statement", APPLICATION_ATTEMPTS)
def test_the_program_s_own_role_is_refused(trail: Any, anchors: Path, statement: str) -> None:
    with trail.as_application() as application, pytest.raises(psycopg.Error):
        application.execute(statement)
    assert verify(anchors).is_sound


@pytest.mark.parametrize("statement", ["UPDATE access_auditevent SET action = 'x'", "DELETE FROM access_auditseal"])
def test_even_the_owner_has_to_switch_the_triggers_off_first(trail: Any, statement: str) -> None:
    with trail.as_owner() as owner, pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        owner.execute(statement)


def test_two_roles(fresh_database: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (0,)
    with fresh_database.as_application() as application, pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute("CREATE TABLE mine (id int)")


def test_a_transaction_that_commits_late_is_sealed_late(fresh_database: Any, anchors: Path) -> None:
    by = make_actor(Role.FRONT_DOOR_WORKER)
    written, sealed = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                audit.record("write", "test.early_id_late_commit", by=by, at=AT)
                written.set()
                assert sealed.wait(10)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(10)
    audit.record("write", "test.quick", by=by, at=AT)
    assert chain.seal() == 1
    sealed.set()
    thread.join(10)
    assert chain.seal() == 1
    order = list(AuditSeal.objects.order_by("seq").values_list("event__action", flat=True))
    assert order == ["test.quick", "test.early_id_late_commit"]
    assert verify(anchors).is_sound


def test_many_writers_and_many_sealers_make_one_chain(fresh_database: Any, anchors: Path) -> None:
    by = make_actor(Role.FRONT_DOOR_WORKER)
    faults: list[BaseException] = []

    def work(job: Callable[[], Any]) -> None:
        try:
            for _ in range(25):
                job()
        except BaseException as error:
            faults.append(error)
        finally:
            connections.close_all()

    jobs = [lambda: audit.record("read", "test.read", by=by, at=AT)] * 4 + [chain.seal] * 3
    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    chain.seal()
    assert faults == []
    assert AuditEvent.objects.count() == AuditSeal.objects.count() == 100
    found = verify(anchors)
    assert found.is_sound
    assert found.head == AuditSeal.objects.get(seq=100).digest


def test_the_words_are_salted() -> None:
    assert audit.digest_of_words("a", {"reason": "x"}) != audit.digest_of_words("b", {"reason": "x"})
    assert audit.digest_of_words("a", {"reason": "x"}) != hashlib.sha256(b'{"reason":"x"}').hexdigest()
