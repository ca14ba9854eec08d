"""An assessment as a document, a radar and a chart of distance travelled: from the same spec as its pages."""

from __future__ import annotations

from datetime import date

from joinedup.access.actor import Actor
from joinedup.casework.assessing import Kind, domain_means
from joinedup.casework.queries import AssessmentSeen, Beside, ChildScores, FamilyScores, SectionSeen
from joinedup.core.charts import Distance, Series, distance, radar
from joinedup.core.documents import Block, Document, Facts, Heading, Paragraph, Quote, Signatures
from joinedup.core.figures import Figure, Table
from joinedup.core.formats import date_long

_NOTE = "1 is the worst and 10 the best; what each means for an element is said on its page. What was not looked at is left out."


def assessment_document(seen: AssessmentSeen, viewer: Actor) -> Document:
    """The printed form: every section with its answers, where each known value came from, the scores, and who signed."""
    blocks: list[Block] = [
        Facts(
            [
                ("Child", seen.child),
                ("Reference", seen.row.reference),
                ("Case", seen.frame.reference),
                ("Where it stands", seen.row.state_label),
                ("Begun by", f"{seen.row.started_by}, {date_long(seen.row.started_at)}"),
                (
                    "Signed by",
                    f"{seen.row.signed_by}, {date_long(seen.row.signed_at)}" if seen.row.signed_at else "Not signed",
                ),
                (seen.frame.pathway.words.lead, seen.frame.lead_professional or "Not named yet"),
                ("Version of the form", str(seen.spec.version)),
            ]
        )
    ]
    for group, sections in seen.groups:
        blocks.append(Heading(group))
        for section in sections:
            blocks += _section(section)
    blocks.append(Heading("Scores"))
    blocks.append(_scores(seen))
    if seen.row.state == "draft":
        blocks.append(Paragraph("This assessment is not signed yet.", is_quiet=True))
    blocks.append(Signatures(["Parent or carer", "Child or young person", "Assessor"]))
    return Document(
        title=seen.called, subtitle=f"{seen.child}, {seen.row.reference}", printed_by=viewer.name, printed_at=viewer.at,
        blocks=blocks,
    )  # fmt: skip


def _section(section: SectionSeen) -> list[Block]:
    """A section: short answers as facts, words as paragraphs, what people said as quotations."""
    blocks: list[Block] = [Heading(section.spec.title, 3)]
    facts = [
        (question.label, f"{question.label_of(section.answers.get(question.code)) or 'Not answered'}{_whence(section, question.code)}")
        for question in section.spec.questions
        if question.kind is not Kind.WORDS and question.is_printed and not section.answers.get(question.instead_of)
    ]  # fmt: skip
    if facts:
        blocks.append(Facts(facts))
    for question in section.spec.questions:
        said = section.answers.get(question.code)
        if question.kind is Kind.WORDS:
            is_quote = section.spec.code in {"childs_words", "parents_words"} and question.code == "words"
            if said and is_quote:
                blocks.append(Quote(said, section.spec.title))
            else:
                blocks.append(Paragraph(said or "Not answered.", label=question.label, is_quiet=not said))
    return blocks


def _whence(section: SectionSeen, code: str) -> str:
    """Where an accepted value came from."""
    known = section.known.get(code)
    if known is None or section.settled.get(code) != "accepted":
        return ""
    return f" (from {known['source']}, {date_long(date.fromisoformat(known['said_on']))})"


def _scores(seen: AssessmentSeen) -> Table:
    rows = [
        (each.spec.title, "Not looked at" if each.score is None else f"{each.score} of 10")
        for each in seen.sections
        if each.spec.element
    ]
    means = domain_means(seen.spec, seen.answers)
    rows += [(f"Mean: {domain}", "" if value is None else f"{value:.1f}") for domain, value in means.items()]
    return Table(("Element", "Score"), tuple(rows), "Scores")


def distance_figure(found: Beside) -> Figure:
    """Distance travelled on every element since the assessment before."""
    rows = [Distance(each.element, each.before, each.now) for each in found.travelled]
    return distance(
        f"Distance travelled: {found.now.child}", rows, first=_when(found.before), last=_when(found.now), note=_NOTE
    )


def radar_figure(found: Beside) -> Figure:
    """The two assessments round a circle."""
    axes = [each.element for each in found.travelled]
    series = [
        Series(_when(found.before), [each.before for each in found.travelled]),
        Series(_when(found.now), [each.now for each in found.travelled]),
    ]
    return radar(f"Scores then and now: {found.now.child}", axes, series, note=_NOTE)


def radar_of(seen: AssessmentSeen) -> Figure:
    """One assessment round a circle."""
    scored = [each for each in seen.sections if each.spec.element]
    series = [Series(_when(seen), [each.score for each in scored])]
    return radar(f"Scores: {seen.child}", [each.spec.title for each in scored], series, note=_NOTE)


def _when(seen: AssessmentSeen) -> str:
    return date_long(seen.row.signed_at or seen.row.started_at)


# --- All children of a family.

_MOST_ROUND = 4  # as many as a radar can show


def family_radars(found: FamilyScores) -> list[Figure]:
    """The newest scores of all children round a circle, four children at a time."""
    groups = [found.children[at : at + _MOST_ROUND] for at in range(0, len(found.children), _MOST_ROUND)]
    figures = []
    for group in groups:
        axes = [each.element for each in group[0].elements]
        series = [
            Series(f"{child.name}, {date_long(child.last_on)}", [_now(child, element) for element in axes])
            for child in group
        ]
        figures.append(radar(f"Scores now: {', '.join(child.name for child in group)}", axes, series, note=_NOTE))
    return figures


def _now(child: ChildScores, element: str) -> int | None:
    return next((each.now for each in child.elements if each.element == element), None)


def child_distance(child: ChildScores) -> Figure | None:
    """How far one child has come since the first assessment; None with one only."""
    if child.first_on is None:
        return None
    rows = [Distance(each.element, each.before, each.now) for each in child.elements]
    first, last = date_long(child.first_on), date_long(child.last_on)
    return distance(f"Distance travelled: {child.name}", rows, first=first, last=last, note=_NOTE)


def family_table(found: FamilyScores) -> Table:
    """Every element and every child: then, now, and how far."""
    elements = list(dict.fromkeys(each.element for child in found.children for each in child.elements))
    rows = tuple((element, *(_way(child, element) for child in found.children)) for element in elements)
    return Table(("Element", *(child.name for child in found.children)), rows, "Scores then and now")


def _way(child: ChildScores, element: str) -> str:
    each = next((one for one in child.elements if one.element == element), None)
    if each is None or (each.before is None and each.now is None):
        return "Not looked at"
    if each.before is None or each.now is None:
        return f"{each.now} now" if each.now is not None else f"{each.before} then"
    return (
        f"{each.before} to {each.now} ({each.now - each.before:+d})"
        if each.now != each.before
        else f"{each.now}, the same"
    )
