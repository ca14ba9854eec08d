"""Every write goes through the one guarded door and is told who and when; every read has a viewer."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

from joinedup.access.permissions import Permission, declared_permissions
from tests.architecture.source import Module, modules, parts

# Writes that nobody asks for by hand, or that are only ever part of a guarded one. Each with its reason.
UNGUARDED: dict[str, str] = {
    "capacity.services.reading.look_after_capacity": "the keeper watches testing phases and reads the flow; each in a guarded service",
    "governance.services.plan_copying.copy_parts": "a piece of a guarded service, in its transaction",
    "governance.services.plans.judge_adoption": "a piece of guarded services: whether a board may adopt it now; writes nothing",
    "governance.services.plans.judge_before_vote": "asked by the guarded vote before it is taken; writes nothing",
    "governance.services.plans.open_plan": "a piece of guarded services: the plan locked, or refused",
    "directory.services.young.look_after_young_questions": "the keeper takes higher what nobody answers; each in a guarded service",
    "directory.services.assurance.keep_records_true": "the keeper moves records by date and reminds; each in a guarded service",
    "directory.services.keeping.move_entry": "a piece the guarded services of records share: each has checked who may",
    "directory.services.records.keep_assurance": "a piece the guarded services of records share: each has checked who may",
    "governance.services.escalating.look_after_escalations": "the keeper takes higher what went wrong; each in a guarded service",
    "governance.services.risk_clock.look_after_risks": "the keeper tells of reviews and actions due; each in a guarded service",
    "front_door.services.links.tidy_links": "the keeper takes sent links out of the outbox; nobody's act",
    "access.services.seal_audit": "the keeper seals each second; nobody's act, and auditing it would never end",
    "access.services.verify_audit": "reads only; the page uses verify_audit_trail, which is guarded",
    "casework.services.duty.chase_case_reviews": "the keeper tells of overdue reviews; each in a guarded service",
    "casework.services.late_answers.chase_late_answers": "the keeper tells of late answers; each in a guarded service",
    "casework.services.sent_back.chase_sent_back": "the keeper tells of late answers; each in a guarded service",
    "casework.services.duty.write_down_leavers": "the keeper writes down who has left; each in a guarded service",
    "family_page.services.keeping.close_family_pages": "the keeper writes down what is closed; each in a guarded service",
    "family_page.services.keeping.tidy_page_links": "the keeper takes sent links out of the outbox; nobody’s act",
    "family_page.services.messages.chase_family_messages": "the keeper tells of unread messages; each in a guarded service",
    "chronology.services.take_out": "appends to a chronology inside the guarded service of whoever puts it right",
    "chronology.services.put_back": "appends to a chronology inside the guarded service of whoever puts it right",
    "chronology.services.give_to": "appends to a chronology inside the guarded service of whoever puts it right",
    "chronology.services.mark_significant": "appends to a chronology inside the guarded service of whoever puts it right",
    "chronology.services.mark_ordinary": "appends to a chronology inside the guarded service of whoever puts it right",
    "chronology.services.destroy_words": "appends to a chronology inside the guarded service of whoever puts it right",
    "chronology.services.destroy_words_of_family": "appends to a chronology inside the guarded service of whoever puts it right",
    "chronology.services.record_event": "called only inside a guarded service of the part that owns the source",
    "front_door.services.duty.page_overdue": "the keeper pages again; its pages are audited by who accepts them",
    "front_door.services.guardian_reminders.remind_guardians": "the keeper tells guardians again; it writes its own rows",
    "person_index.services.reminding.tell_again": "only in the keeper's duty of the part whose work waits",
    "information_sharing.services.reminders.settle_agreements": "the keeper; each agreement in a guarded service",
    "information_sharing.services.requests.close_requests_about": "only inside a guarded service of the subject's part",
    "person_index.services.reevaluation.keep_matches_in_order": "the keeper orders the queue and starts the nightly job",
    "person_index.services.break_glass.chase_reviews": "the keeper reminds of reviews; the row says that it has",
    "person_index.services.entries.count_names": "the keeper counts how common names are; it names nobody",
    "person_index.services.facts.work_out_entries": "when the database is brought up to date; derives, decides nothing",
    "person_index.services.loading.prepare_tables_for_loading": "joinedup linkage lookup, on its own scratch database",
    "person_index.services.loading.load_people": "joinedup linkage lookup, on its own scratch database",
    "person_index.services.loading.finish_loading": "joinedup linkage lookup, on its own scratch database",
    "person_index.services.asking.records_of_people": "reads the ids of records for the services that ask; writes nothing",
    "person_index.services.asking.records_ever_of": "reads the ids of records for the services that ask; writes nothing",
    "person_index.services.restrictions_staff.find_declared_again": "the keeper finds again whom staff have declared",
}

# Reads that come before there is a viewer, or that hand on what a guarded caller has been let in to.
VIEWERLESS: dict[str, str] = {
    "benefits.queries.model_of": "reads the model out of the page of a case that a query has shown",
    "benefits.queries.register_acceptances": "says who answers, when the program starts; reads nothing",
    "casework.queries.pathway_of": "what a pathway is called and its clocks; no record",
    "casework.queries.pathways_open": "which pathways there are; no record",
    "casework.queries.weeks_to_review": "a clock of a pathway; no record",
    "access.queries.actor_from_key": "makes the viewer out of a key",
    "access.queries.actor_for_account": "makes the viewer out of an account, for tests and the demo",
    "information_sharing.queries.without_answer": "takes away from what a query has shown; reads nothing",
    "organisations.queries.held_at": "a piece of a filter, not a read",
    "person_index.queries.safe_contact_for": "every letter and message must ask it, whoever or whatever sends it",
    "person_index.queries.may_contact": "every letter and message must ask it, whoever or whatever sends it",
    "person_index.queries.age_on": "a piece of a statement, not a read",
    "person_index.queries.postcode_of": "a piece of a statement, not a read",
    "person_index.queries.sector_of": "a piece of a statement, not a read",
    "person_index.queries.look_up": "search_people is the one with a viewer; the command asks a file of its own",
    "person_index.queries.question_of_fields": "reads a row of a file; no record",
    "person_index.queries.read_weighing": "the model and how common names are; nobody's record",
    "person_index.queries.household_of": "a service places a family whose referral it has been let in to",
    "person_index.queries.people_named": "names for ids that a guarded read of a higher part has opened",
    "organisations.queries.standings_of_account": "registered in access.grounds; makes the viewer's standings",
}


def _loaded(kind: str) -> Iterator[tuple[Module, ModuleType]]:
    for module in modules():
        if module.kind == kind and module.part not in {"", "core", "engines"}:
            yield module, import_module(f"joinedup.{module.name}")


def _public(module: Module, loaded: ModuleType) -> Iterator[tuple[str, Any]]:
    for name, thing in vars(loaded).items():
        own = getattr(inspect.unwrap(thing) if callable(thing) else thing, "__module__", "") == loaded.__name__
        if inspect.isfunction(thing) and own and not name.startswith("_"):
            yield f"{module.name}.{name}", thing


def _services() -> list[tuple[str, Any]]:
    return [found for module, loaded in _loaded("services") for found in _public(module, loaded)]


def _queries() -> list[tuple[str, Any]]:
    """What a part opens: the functions of `queries.py`, or those that `queries/__init__.py` hands out. The others are
    pieces, used inside the part only (test_imports holds that)."""
    found = []
    for part in parts():
        if part in {"core", "engines"} or not any(module.name == f"{part}.queries" for module in modules()):
            continue
        loaded = import_module(f"joinedup.{part}.queries")
        for name, thing in vars(loaded).items():
            home = getattr(thing, "__module__", "")
            if inspect.isfunction(thing) and not name.startswith("_") and home.startswith(loaded.__name__):
                found.append((f"{part}.queries.{name}", thing))
    return found


def test_every_service_is_guarded() -> None:
    naked = [
        name
        for name, function in _services()
        if not hasattr(function, "permission") and not _is_pure(function) and not _is_step(name)
    ]
    assert sorted(set(naked) - set(UNGUARDED)) == []


# Pieces that the guarded services of a part share: no permission of their own, and nobody else may use them.
STEPS = {
    "casework.services.steps",
    "casework.services.plan_steps",
    "casework.services.team_steps",
    "family_page.services.steps",
    "front_door.services.steps",
    "funds.services.posting",
}


def _is_step(name: str) -> bool:
    return name.rpartition(".")[0] in STEPS


def test_steps_are_used_only_by_the_services_of_their_part() -> None:
    strangers = [
        f"{module.name} uses {step}"
        for module in modules()
        for step in STEPS
        if f"from joinedup.{step} import" in module.text
        and not module.name.startswith(step.rpartition(".")[0] + ".")
        and ".tests." not in module.name
    ]
    assert strangers == []


def _is_pure(function: Any) -> bool:
    """A small public function beside the services that touches no table."""
    text = inspect.getsource(function)
    return not any(word in text for word in (".objects", ".save(", ".delete(", ".update(", "atomic"))


def test_the_exceptions_exist_and_say_why() -> None:
    there = {name for name, _ in [*_services(), *_queries()]}
    assert sorted({*UNGUARDED, *VIEWERLESS} - there) == []
    assert all(len(reason) > 15 for reason in (UNGUARDED | VIEWERLESS).values())


def test_a_service_says_who_and_when() -> None:
    for name, function in _services():
        if hasattr(function, "permission"):
            _check_service(name, function)


def _check_service(name: str, function: Any) -> None:
    signature = inspect.signature(function)
    kinds = {parameter.kind for parameter in signature.parameters.values()}
    assert kinds <= {inspect.Parameter.KEYWORD_ONLY}, f"{name}: keyword-only"
    assert "by" in signature.parameters, f"{name}: by="
    assert {"at", "on"} & set(signature.parameters), f"{name}: at= or on="
    guards = function.guards
    assert not guards or guards in signature.parameters, f"{name}: on= names one of its arguments"
    permission: Permission = function.permission
    assert permission.within is None or guards, f"{name}: a narrowed permission needs the record"
    assert inspect.getdoc(function), f"{name}: what it is for"


def test_a_permission_is_named_after_its_part() -> None:
    for name, function in _services():
        if hasattr(function, "permission"):
            assert function.permission.name.split(".")[0] == name.split(".")[0], name


def test_every_permission_guards_something() -> None:
    """A permission that nothing asks for is a promise on the page nobody keeps."""
    guarding = {function.permission.name for _, function in _services() if hasattr(function, "permission")}
    asked = {
        node.id
        for module in modules()
        if module.kind != "permissions"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Name)
    } | {node.attr for module in modules() for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)}
    names = {
        value.name: name
        for module in modules()
        if module.kind == "permissions"
        for name, value in vars(import_module(f"joinedup.{module.name}")).items()
        if isinstance(value, Permission)
    }
    idle = [one.name for one in declared_permissions() if one.name not in guarding and names[one.name] not in asked]
    assert idle == []


def test_a_query_has_a_viewer() -> None:
    blind = [
        name for name, function in _queries() if next(iter(inspect.signature(function).parameters), "") != "viewer"
    ]
    assert sorted(set(blind) - set(VIEWERLESS)) == []


def test_a_page_never_uses_a_query_without_a_viewer() -> None:
    names = {name.rpartition(".")[2] for name in VIEWERLESS} - {
        "actor_from_key",
        "model_of",  # of a page that was read with a viewer
        "pathways_open",
        "weeks_to_review",
    }  # settings, of nobody
    wrong = []
    for module in modules():
        if module.kind in {"views", "forms"} or module.part in {"web", "api"}:
            used = {node.id for node in ast.walk(module.tree) if isinstance(node, ast.Name)}
            used |= {node.attr for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)}
            wrong += [f"{module.name} uses {name}" for name in sorted(used & names)]
    assert wrong == []


WRITES = {"create", "bulk_create", "save", "delete", "update", "bulk_update", "get_or_create", "update_or_create"}


def test_only_services_write() -> None:
    """A view, form or query that writes would go round permission and audit."""
    wrong = []
    for module in modules():
        if module.kind not in {"views", "forms", "queries", "v1", "home"} or module.part in {"", "core", "engines"}:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
                on = ast.unparse(node.func.value)
                if ".objects" in on or node.func.attr in {"save", "bulk_create"}:
                    wrong.append(f"{module.name}:{node.lineno} {on}.{node.func.attr}")
    assert wrong == []
