"""Pages that ask one part of the children and young people’s plan. Each part is a row of a table: its form, what can be chosen
in it, what stands there already, and the service that writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.desk import Desk
from joinedup.core.forms import Option
from joinedup.engines.money import format_pounds
from joinedup.governance import services
from joinedup.governance.forms import plans as forms
from joinedup.governance.permissions import KEEP_PLAN, WRITE_PLAN
from joinedup.governance.plan_codes import GROUPS, ONE_OF, PARTS
from joinedup.governance.plan_kept import PLAN_PART, about_part
from joinedup.governance.queries import plan_reading
from joinedup.governance.queries import plans as queries
from joinedup.governance.views.plan_shared import show_plan
from joinedup.governance.views.shared import GET_OR_POST, asked, chosen, options, pressed, viewer_of, whole

Offered = dict[str, list[Option]]
Written = Callable[[dict[str, Any]], object]


@dataclass(frozen=True)
class Asking:
    """What one page asks: the form, its offers, what stands there, and what is done with the answers."""

    form: type[Any]
    offers: Offered | None
    first: dict[str, Any]
    write: Written


def _first(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("version", *names)} if row is not None else {}


def _empty(rows: Iterable[Option], words: str) -> list[Option]:
    return [Option("", words), *rows]


def _needs(viewer: Actor, plan: Any, row: Any) -> Asking:
    figures = [(each.name, f"{each.words} ({each.part})") for each in queries.figures_to_choose(viewer)]
    first = _first(row, "title", "words", "figure", "stated", "source", "stated_on")
    if row is not None and row.figure:
        first |= {"stated": "", "source": "", "stated_on": None}

    def write(clean: dict[str, Any]) -> object:
        said = services.NeedSaid(
            clean["title"], clean["words"], clean["figure"], clean["stated"], clean["source"], clean["stated_on"]
        )
        return services.write_need(
            plan=plan, said=said, need=row, version=whole(clean["version"]), by=viewer, at=viewer.at
        )

    return Asking(forms.NeedForm, {"figure": _empty(options(figures), "None of them")}, first, write)


def _priorities(viewer: Actor, plan: Any, row: Any) -> Asking:
    needs, posts = list(plan.needs.order_by("position", "pk")), queries.posts_to_choose(viewer)
    first = _first(row, "title", "words")
    if row is not None:
        first |= {"owner": str(row.owner_id or ""), "needs": [str(each.pk) for each in row.needs.all()]}

    def write(clean: dict[str, Any]) -> object:
        kept = [each for each in needs if str(each.pk) in clean["needs"]]
        said = services.PrioritySaid(clean["title"], clean["words"], chosen(posts.values(), clean["owner"]), kept)
        return services.write_priority(
            plan=plan, said=said, priority=row, version=whole(clean["version"]), by=viewer, at=viewer.at
        )

    offers = {"owner": _empty(_posts(posts), "Nobody yet"), "needs": options((each.pk, each.title) for each in needs)}
    return Asking(forms.PriorityForm, offers, first, write)


def _posts(posts: dict[UUID, Any]) -> list[Option]:
    return options((key, f"{each.title}, {each.host.name} ({each.account.name})") for key, each in posts.items())


def _priority_options(plan: Any) -> tuple[list[Any], list[Option]]:
    rows = list(plan.priorities.order_by("position", "pk"))
    return rows, options((each.pk, each.title) for each in rows)


def _outcomes(viewer: Actor, plan: Any, row: Any) -> Asking:
    rows, offered = _priority_options(plan)
    headings, measures = queries.headings_to_choose(viewer, plan), queries.measures_seen(viewer)
    first = _first(row, "words", "own_name", "stated_measure", "source")
    if row is not None:
        first |= {
            "priority": str(row.priority_id),
            "heading": str(row.entry_id or ""),
            "measure": str(row.measure_id or ""),
        }
        first |= {} if row.measure_id else {"baseline": row.baseline, "target": row.target, "target_on": row.target_on}

    def write(clean: dict[str, Any]) -> object:
        measure = UUID(clean["measure"]) if clean["measure"] else None
        said = services.OutcomeSaid(
            chosen(rows, clean["priority"]), clean["words"], chosen(headings, clean["heading"]), clean["own_name"], measure,
            clean["stated_measure"], clean["baseline"], clean["target"], clean["target_on"], clean["source"],
        )  # fmt: skip
        return services.write_outcome(
            plan=plan, said=said, outcome=row, version=whole(clean["version"]), by=viewer, at=viewer.at
        )

    offers = {
        "priority": offered, "heading": _empty(options((each.pk, each.name) for each in headings), "One of our own"),
        "measure": _empty(options((key, each.name) for key, each in measures.items()), "Another one"),
    }  # fmt: skip
    return Asking(forms.OutcomeForm, offers, first, write)


def _actions(viewer: Actor, plan: Any, row: Any) -> Asking:
    rows, offered = _priority_options(plan)
    posts, partners = queries.posts_to_choose(viewer), queries.partners_to_choose(viewer)
    first = _first(row, "words", "owner_title", "due_on")
    if row is not None:
        first |= {"priority": str(row.priority_id), "owner": str(row.owner_id or ""), "partner": str(row.partner_id)}

    def write(clean: dict[str, Any]) -> object:
        said = services.PlanActionSaid(
            chosen(rows, clean["priority"]), clean["words"], chosen(posts.values(), clean["owner"]), clean["owner_title"],
            chosen(partners, clean["partner"]), clean["due_on"],
        )  # fmt: skip
        return services.write_action(
            plan=plan, said=said, action=row, version=whole(clean["version"]), by=viewer, at=viewer.at
        )

    offers = {
        "priority": offered, "owner": _empty(_posts(posts), "None of them"),
        "partner": options((each.pk, each.name) for each in partners),
    }  # fmt: skip
    return Asking(forms.ActionForm, offers, first, write)


def _money(viewer: Actor, plan: Any, row: Any) -> Asking:
    rows, offered = _priority_options(plan)
    lines = queries.lines_to_choose(viewer)
    first = _first(row, "source")
    if row is not None:
        first |= {
            "priority": str(row.priority_id), "line": str(row.line_id or ""),
            "pence": f"{row.pence // 100}.{row.pence % 100:02}" if row.pence else "",
        }  # fmt: skip

    def write(clean: dict[str, Any]) -> object:
        said = services.MoneySaid(
            chosen(rows, clean["priority"]), chosen(lines, clean["line"]), clean["pence"], clean["source"]
        )
        return services.write_money(
            plan=plan, said=said, money=row, version=whole(clean["version"]), by=viewer, at=viewer.at
        )

    words = [(each.pk, f"{each.fund.name}: {each.name}, {format_pounds(each.budget_pence)}") for each in lines]
    return Asking(forms.MoneyForm, {"priority": offered, "line": _empty(options(words), "None of them")}, first, write)


def _other_plans(viewer: Actor, plan: Any, row: Any) -> Asking:
    def write(clean: dict[str, Any]) -> object:
        said = services.AlignmentSaid(clean["name"], clean["body"], clean["words"], clean["link"])
        return services.write_alignment(
            plan=plan, said=said, alignment=row, version=whole(clean["version"]), by=viewer, at=viewer.at
        )

    return Asking(forms.AlignmentForm, None, _first(row, "name", "body", "link", "words"), write)


def _consultations(viewer: Actor, plan: Any, row: Any) -> Asking:
    first = _first(row, "title", "method", "starts_on", "ends_on")
    for each in row.groups.all() if row is not None else ():
        first |= {f"{each.group}_asked": each.asked, f"{each.group}_answered": each.answered}

    def write(clean: dict[str, Any]) -> object:
        numbers = {each: (clean[f"{each}_asked"] or 0, clean[f"{each}_answered"] or 0) for each in GROUPS}
        said = services.RoundSaid(clean["title"], clean["method"], clean["starts_on"], clean["ends_on"], numbers)
        return services.write_round(
            plan=plan, said=said, round_=row, version=whole(clean["version"]), by=viewer, at=viewer.at
        )

    return Asking(forms.RoundForm, None, first, write)


def _themes(viewer: Actor, plan: Any, row: Any) -> Asking:
    rows, offered = _priority_options(plan)
    rounds = list(plan.consultations.order_by("starts_on", "pk"))
    actions = [each.row for each in plan_reading.actions_of(viewer, plan)]
    first = _first(row, "group", "said", "answer", "words")
    if row is not None:
        first |= {
            "consultation": str(row.consultation_id),
            "priority": str(row.priority_id or ""),
            "action": str(row.action_id or ""),
        }

    def write(clean: dict[str, Any]) -> object:
        said = services.ThemeSaid(
            chosen(rounds, clean["consultation"]), clean["group"], clean["said"], clean["answer"], clean["words"],
            chosen(rows, clean["priority"]), chosen(actions, clean["action"]),
        )  # fmt: skip
        return services.write_theme(
            plan=plan, said=said, theme=row, version=whole(clean["version"]), by=viewer, at=viewer.at
        )

    offers = {
        "consultation": options((each.pk, each.title) for each in rounds), "priority": _empty(offered, "None"),
        "action": _empty(options((each.pk, each.words) for each in actions), "None"),
    }  # fmt: skip
    return Asking(forms.ThemeForm, offers, first, write)


_ASKS: dict[str, Callable[[Actor, Any, Any], Asking]] = {
    "needs": _needs, "priorities": _priorities, "outcomes": _outcomes, "actions": _actions, "money": _money,
    "other-plans": _other_plans, "consultations": _consultations, "themes": _themes,
}  # fmt: skip


def section_url(plan_id: object, part: str) -> str:
    """The page of one part of a plan."""
    return reverse("plan_section", args=[plan_id, part])


@login_required
@require_safe
def section(request: HttpRequest, children_plan_id: UUID, plan_part: str) -> HttpResponse:
    """One part of a plan: what it holds, and what may be added."""
    if plan_part not in PARTS:
        raise Http404
    viewer = viewer_of(request)
    page = queries.plan_page(viewer, children_plan_id)
    live = {}
    if plan_part == "needs" and page.adopted is None:
        live = {
            each["id"]: plan_reading.counted_words(viewer, each["figure"])
            for each in page.content["needs"]
            if each["figure"]
        }
    may = ("keep" if plan_part == "priorities" else "write") in page.may
    return show_plan(
        request, "governance/plan_section.jinja", page=page, part=plan_part, name=PARTS[plan_part], one=ONE_OF[plan_part], live=live, may=may
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def new(request: HttpRequest, children_plan_id: UUID, plan_part: str) -> HttpResponse:
    """Add to a part."""
    if plan_part not in PARTS:
        raise Http404
    viewer = viewer_of(request)
    plan = queries.plan_for(viewer, children_plan_id)
    return _asked(request, viewer, plan_part, plan, None)


@login_required
@require_http_methods(GET_OR_POST)
def change(request: HttpRequest, plan_part: str, plan_part_id: UUID) -> HttpResponse:
    """Change one row of a part."""
    viewer = viewer_of(request)
    plan, row = queries.part_for(viewer, plan_part, plan_part_id)
    return _asked(request, viewer, plan_part, plan, row)


def _asked(request: HttpRequest, viewer: Actor, part: str, plan: Any, row: Any) -> HttpResponse:
    check(viewer, KEEP_PLAN if part == "priorities" else WRITE_PLAN)
    asking = _ASKS[part](viewer, plan, row)
    about = about_part(part, "one", row.pk) if row is not None else about_part(part, "new", plan.pk)
    desk = Desk(request, PLAN_PART, about)
    more = {} if asking.offers is None else {"offers": asking.offers}
    form = asking.form(**desk.answers(), initial=asking.first, **more)
    back = section_url(plan.pk, part)
    return asked(
        request, form, lambda: asking.write(form.cleaned_data), desk=desk, done="Saved.", then=back, caption=plan.title,
        title=f"{'Change' if row is not None else 'Add'} {ONE_OF[part]}", submit_text="Save", cancel_href=back,
    )  # fmt: skip


@login_required
@require_POST
def remove(request: HttpRequest, plan_part: str, plan_part_id: UUID) -> HttpResponse:
    """Take one row out again."""
    viewer = viewer_of(request)
    plan, row = queries.part_for(viewer, plan_part, plan_part_id)
    return pressed(
        request, lambda: services.remove_part(plan=plan, part=plan_part, row=row, by=viewer, at=viewer.at), "Removed.",
        section_url(plan.pk, plan_part),
    )  # fmt: skip
