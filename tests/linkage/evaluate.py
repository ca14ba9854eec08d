"""Hold what linkage said against the truth of a labelled set.

    python -m tests.linkage.evaluate DIR [--clusters FILE] [--pairs FILE] [--results FILE] [--worst 5]

Prints every figure that is promised, and with ``--worst`` the pairs that went wrong most often, as a list to learn from.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.linkage.lookups import LOOKUP_PROMISES, measure_lookup

ENOUGH = 100
"""A name group with fewer true pairs than this says too little for the gap."""


@dataclass(frozen=True)
class Promise:
    """One figure with what is promised of it."""

    name: str
    words: str
    least: float | None = None
    most: float | None = None

    def kept_by(self, value: float | None) -> bool:
        if value is None:
            return False
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


CLUSTER_PROMISES = (
    Promise("precision", "automatic links: precision", least=0.998),
    Promise("recall", "automatic links: recall", least=0.92),
    Promise("f1", "automatic links: F1", least=0.958),
    Promise("twins_merged", "twin pairs merged", most=0.03),
    Promise("siblings_merged", "sibling pairs merged", most=0.001),
    Promise("household_merged", "household pairs merged", most=0.001),
    Promise("adopted_joined", "adopted identities joined", most=0),
    Promise("group_gap", "recall gap between name groups", most=0.09),
    Promise("biggest", "biggest cluster", most=15),
)


def measure_clusters(folder: Path, clusters: Path, pairs: Path | None = None) -> dict[str, Any]:
    """Return the figures of one clustering: pairwise over all true pairs, and who was merged with whom."""
    with duckdb.connect() as db:
        _read(db, folder, clusters)
        figures: dict[str, Any] = _pairwise(db)
        figures |= _merged(db)
        figures["by_group"] = _by_group(db)
        enough = [each["recall"] for each in figures["by_group"] if each["pairs"] >= ENOUGH]
        figures["group_gap"] = max(enough) - min(enough) if enough else None
        figures["by_noise"] = _by_noise(db)
        if pairs is not None:
            figures |= _review(db, pairs)
        return figures


def _read(db: duckdb.DuckDBPyConnection, folder: Path, clusters: Path) -> None:
    db.execute(f"create table truth as select * from '{folder / 'truth.parquet'}'")
    db.execute(f"create table given as select * from '{clusters}'")
    missing, twice, strange = _row(
        db,
        """select (select count(*) from truth anti join given using (record_id)),
                  (select count(*) - count(distinct record_id) from given),
                  (select count(*) from given anti join truth using (record_id))""",
    )
    if missing or twice or strange:
        raise ValueError(
            f"{missing} records have no cluster, {twice} stand there more than once, {strange} are not in the set."
        )
    db.execute("create table linked as select truth.*, cluster_id from truth join given using (record_id)")


def _row(db: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    found = db.execute(query).fetchall()
    return tuple(found[0])


def _pairwise(db: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    true, said, right, clusters, biggest, records, people = _row(
        db,
        """with p as (select count(*) n from linked group by person_id),
                c as (select count(*) n from linked group by cluster_id),
                b as (select count(*) n from linked group by cluster_id, person_id)
           select (select sum(n * (n - 1)) // 2 from p), (select sum(n * (n - 1)) // 2 from c),
                  (select sum(n * (n - 1)) // 2 from b), (select count(*) from c), (select max(n) from c),
                  (select count(*) from linked), (select count(*) from p)""",
    )
    true, said, right = int(true), int(said), int(right)
    precision = right / said if said else 1.0
    recall = right / true if true else 1.0
    return {
        "records": records,
        "people": people,
        "clusters": clusters,
        "true_pairs": true,
        "linked_pairs": said,
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        "biggest": biggest,
    }


_RELATIONS = {
    "twins": ("twin_set_id", "a.twin_set_id = b.twin_set_id"),
    "siblings": ("family_id", "a.family_id = b.family_id and a.twin_set_id is distinct from b.twin_set_id or "
                 "a.family_id = b.family_id and a.twin_set_id is null"),
    "household": ("household_id", "a.household_id = b.household_id and (a.family_id <> b.family_id)"),
    "adopted": ("adopted_pair_id", "a.adopted_pair_id = b.adopted_pair_id"),
}  # fmt: skip


_STRANGERS = "a.household_id <> b.household_id and (a.adopted_pair_id = b.adopted_pair_id) is not true"


def _merged(db: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Count pairs of different people who share a cluster, by what they are to each other."""
    db.execute(
        """create table person as select person_id, any_value(household_id) household_id, any_value(family_id) family_id,
                  any_value(twin_set_id) twin_set_id, any_value(adopted_pair_id) adopted_pair_id
           from linked group by person_id"""
    )
    db.execute(
        """create table merged as
           with m as (select distinct cluster_id, person_id from linked where cluster_id in
               (select cluster_id from linked group by cluster_id having count(distinct person_id) > 1))
           select distinct a.person_id a, b.person_id b from m a join m b using (cluster_id)
           where a.person_id < b.person_id"""
    )
    figures: dict[str, Any] = {"merged_people": _row(db, "select count(*) from merged")[0]}
    for name, (column, same) in _RELATIONS.items():
        held = "a.person_id < b.person_id"
        (pairs,) = _row(db, f"select count(*) from person a join person b using ({column}) where ({same}) and {held}")
        (joined,) = _row(
            db,
            f"""select count(*) from merged join person a on a.person_id = merged.a
                join person b on b.person_id = merged.b where {same}""",
        )
        key = "adopted_joined" if name == "adopted" else f"{name}_merged"
        figures[f"{name}_pairs"] = pairs
        figures[key] = joined if name == "adopted" else (joined / pairs if pairs else 0.0)
        figures[f"{key}_count"] = joined
    return figures


def _by_group(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    found = db.execute(
        """with p as (select person_id, name_group, count(*) n from linked group by all),
                t as (select name_group, sum(n * (n - 1)) // 2 true_pairs from p group by name_group),
                b as (select name_group, person_id, cluster_id, count(*) n from linked group by all),
                r as (select name_group, sum(n * (n - 1)) // 2 right_pairs from b group by name_group)
           select name_group, true_pairs, right_pairs from t join r using (name_group)
           where true_pairs > 0 order by true_pairs desc, name_group"""
    ).fetchall()
    return [{"group": group, "pairs": int(true), "recall": int(right) / int(true)} for group, true, right in found]


def _by_noise(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return recall over the pairs of which at least one record has a kind of noise."""
    db.execute(
        """create table pair as
           select a.record_id l, b.record_id r, a.cluster_id = b.cluster_id linked,
                  list_sort(list_distinct(list_concat(string_split(a.noise, '|'), string_split(b.noise, '|')))) kinds
           from linked a join linked b using (person_id) where a.record_id < b.record_id"""
    )
    found = db.execute(
        """select kind, count(*) n, avg(linked::int) recall
           from (select unnest(case when kinds = [''] then ['none'] else list_filter(kinds, lambda k: k <> '') end) kind, linked
                 from pair)
           group by kind order by kind"""
    ).fetchall()
    return [{"noise": kind, "pairs": n, "recall": recall} for kind, n, recall in found]


def _review(db: duckdb.DuckDBPyConnection, pairs: Path) -> dict[str, Any]:
    db.execute(f"create table review as select * from '{pairs}'")
    total, same = _row(
        db,
        """select count(*), coalesce(sum((a.person_id = b.person_id)::int), 0) from review
           join truth a on a.record_id = review.record_id_l join truth b on b.record_id = review.record_id_r""",
    )
    (missed_in_review,) = _row(
        db,
        """select count(*) from pair where not linked and exists (select 1 from review
           where (record_id_l = l and record_id_r = r) or (record_id_l = r and record_id_r = l))""",
    )
    (missed,) = _row(db, "select count(*) from pair where not linked")
    (joined,) = _row(
        db,
        """select count(*) from review join truth a on a.record_id = review.record_id_l
           join truth b on b.record_id = review.record_id_r
           where a.adopted_pair_id = b.adopted_pair_id and a.person_id <> b.person_id""",
    )
    return {
        "review_pairs": total,
        "review_same": int(same) / total if total else None,
        "missed_in_review": missed_in_review / missed if missed else None,
        "review_adopted": joined,
    }


def worst(folder: Path, clusters: Path, each: int = 5) -> str:
    """Return the commonest ways to miss a pair, and false merges by relation, with examples to read."""
    with duckdb.connect() as db:
        _read(db, folder, clusters)
        _merged(db)
        _by_noise(db)
        db.execute(f"create table record as select * from '{folder / 'records.parquet'}'")
        lines = ["", "## Missed pairs by their noise", ""]
        for kinds, count, of, left, right in db.execute(
            """select array_to_string(list_filter(kinds, lambda k: k <> ''), ' + ') k, count(*) filter (not linked) n, count(*),
                      list(l order by l) filter (not linked), list(r order by l) filter (not linked)
               from pair group by k having n > 0 order by n desc limit 25"""
        ).fetchall():
            lines.append(f"{count} of {of}: {kinds or 'none'}")
            for one, two in list(zip(left, right, strict=True))[: max(1, each // 3)]:
                lines += _both(db, one, two)
        for name, (_, same) in [*_RELATIONS.items(), ("strangers", ("", _STRANGERS))]:
            lines += ["", f"## Merged though different people: {name}", ""]
            found = db.execute(
                f"""select merged.a, merged.b from merged join person a on a.person_id = merged.a
                    join person b on b.person_id = merged.b where {same} order by 1 limit {each}"""
            ).fetchall()
            for one, two in found:
                lines += _together(db, one, two)
        return "\n".join(lines)


_SHOWN = "record_id, source, forename, middle, surname, dob, sex, address1, postcode, nhs_number, upn"


def _both(db: duckdb.DuckDBPyConnection, *records: int) -> list[str]:
    found = db.execute(f"select {_SHOWN} from record where record_id in {tuple(records)} order by 1").fetchall()
    return ["    " + " · ".join("" if value is None else str(value) for value in row) for row in found]


def _together(db: duckdb.DuckDBPyConnection, one: int, two: int) -> list[str]:
    found = db.execute(
        f"""select person_id, {_SHOWN} from record join linked using (record_id) where person_id in ({one}, {two})
            and cluster_id in (select cluster_id from linked where person_id = {one}
                               intersect select cluster_id from linked where person_id = {two}) order by 1, 2"""
    ).fetchall()
    return ["    " + " · ".join("" if value is None else str(value) for value in row) for row in found] + [""]


def table(figures: dict[str, Any], promises: tuple[Promise, ...]) -> str:
    """Return the promised figures as a table in Markdown."""
    lines = ["| what | measured | promised | kept |", "|---|---|---|---|"]
    for each in promises:
        value = figures.get(each.name)
        promised = f"at least {each.least}" if each.least is not None else f"at most {each.most}"
        kept = "yes" if each.kept_by(value) else "**no**"
        lines.append(f"| {each.words} | {shown(value)}{_count(figures, each.name)} | {promised} | {kept} |")
    return "\n".join(lines)


def _count(figures: dict[str, Any], name: str) -> str:
    count = figures.get(f"{name}_count")
    of = figures.get(f"{name}_of", figures.get(f"{name.split('_')[0]}_pairs"))
    return f" ({count:,} of {of:,})" if count is not None and of is not None else ""


def shown(value: float | None) -> str:
    """Write a figure: counts whole, shares with five places at most."""
    if value is None:
        return "not measured"
    return f"{value:,}" if isinstance(value, int) else f"{value:.5f}".rstrip("0").rstrip(".") or "0"


def by_kind(rows: list[dict[str, Any]], first: str) -> str:
    """Return figures by group or by noise as a table in Markdown."""
    if not rows:
        return ""
    columns = list(rows[0])
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += [
        "| " + " | ".join(str(row[key]) if key == first else shown(row[key]) for key in columns) + " |" for row in rows
    ]
    return "\n".join(lines)


def report(folder: Path, clusters: Path | None, pairs: Path | None, results: Path | None) -> tuple[dict[str, Any], str]:
    """Return all figures, and the same as Markdown."""
    figures: dict[str, Any] = {}
    text: list[str] = []
    if clusters:
        figures |= measure_clusters(folder, clusters, pairs)
        text += [table(figures, CLUSTER_PROMISES), "", by_kind(figures["by_group"], "group"), ""]
        text += [by_kind(figures["by_noise"], "noise"), ""]
        for key in ("records", "people", "clusters", "true_pairs", "merged_people", "review_pairs", "review_same"):
            text.append(f"{key}: {shown(figures.get(key))}")
        text += [f"missed_in_review: {shown(figures.get('missed_in_review'))}"]
        text += [f"review_adopted: {shown(figures.get('review_adopted'))}", ""]
    if results:
        found = measure_lookup(folder, results)
        promises = tuple(Promise(*each) for each in LOOKUP_PROMISES)
        text += [table(found, promises), "", by_kind(found["lookup_by_group"], "group"), ""]
        text += [by_kind(found["lookup_by_noise"], "noise"), "", by_kind(found["lookup_by_kind"], "kind")]
        figures |= found
    return figures, "\n".join(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clusters", type=Path)
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--worst", type=int, default=0)
    given = parser.parse_args()
    print(report(given.folder, given.clusters, given.pairs, given.results)[1])
    if given.worst and given.clusters:
        print(worst(given.folder, given.clusters, given.worst))
    if given.worst and given.results:
        from tests.linkage.lookups import worst_lookups

        print(worst_lookups(given.folder, given.results, given.worst))


if __name__ == "__main__":
    main()
