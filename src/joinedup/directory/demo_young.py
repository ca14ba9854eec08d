"""The demo's young people's site: who answers, two questions, and advice that was published. Invented."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from joinedup.access.actor import public, system
from joinedup.access.queries import actor_for_account
from joinedup.access.roles import Role
from joinedup.directory import services
from joinedup.directory.services.advising import AdviceSaid
from joinedup.organisations.queries import posts_with_role

_ADVICE: tuple[AdviceSaid, ...] = (
    AdviceSaid(
        "answer", "I feel alone at my new school. What can I do?",
        "Lots of people feel like this at first. It gets better.\nTry one small thing. Say hi to one person. Go to one club.\nIf you feel low for two weeks or more, tell an adult you trust.",
        is_for_young=True, minimum_age=11, maximum_age=18,
    ),
    AdviceSaid(
        "advice", "When your baby does not sleep",
        "Most babies wake at night. It is hard, and it will pass.\nKeep the room dark and calm. Do the same things each night.\nYour health visitor can help. You can call them on any weekday.",
        maximum_age=2,
    ),
    AdviceSaid(
        "programme", "Calm together: a course for parents",
        "You learn what to do when your child is angry or upset.\nYou meet once a week for eight weeks, in a small group.",
        minimum_age=3, maximum_age=10, evidence="Invented for this demonstration: no study stands behind it.",
        places="Elder Family Hub, Wednesdays at 6 pm, 12 places",
    ),
)  # fmt: skip


def load(*, at: datetime) -> None:
    """Name who answers, publish advice, and let two questions be asked: one was answered, one waits."""
    worker, manager = (posts_with_role(system(at), role)[0] for role in (Role.SOCIAL_WORKER, Role.FRONT_DOOR_MANAGER))
    began = at - timedelta(days=20)
    by = actor_for_account(manager.account_id, at=began)
    for post in (worker, manager):
        services.name_answerer(post_id=post.pk, by=by, at=began)
    writer = actor_for_account(worker.account_id, at=began)
    for said in _ADVICE:
        text = services.write_advice(said=said, by=writer, at=began)
        review = timezone.localdate(at) + timedelta(days=345)
        services.approve_advice(text=text, review_on=review, by=by, at=began)
    asked = at - timedelta(days=6)
    question, _ = services.ask_question(
        words="Is there a place to play music that is free?", ages="11to13", by=public(asked), at=asked
    )
    services.answer_question(
        question=question, version=question.version, answer="Yes. Music and beats is free. It is on Saturdays from 11.",
        by=actor_for_account(worker.account_id, at=at - timedelta(days=5)), at=at - timedelta(days=5),
    )  # fmt: skip
    lately = at - timedelta(hours=3)
    services.ask_question(
        words="Can I talk to someone at school if I feel worried all the time?",
        ages="14to16",
        by=public(lately),
        at=lately,
    )
