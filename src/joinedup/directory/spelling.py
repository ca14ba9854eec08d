"""What somebody may have meant to type. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from rapidfuzz import fuzz, process

_LEAST_LETTERS, _LIKE = 4, 76.0


def suggested(text: str, unknown: Collection[str], vocabulary: Collection[str]) -> str:
    """The text with each unknown word replaced by the most similar one of the vocabulary; "" where nothing is similar."""
    changed = False

    def instead(found: re.Match[str]) -> str:
        nonlocal changed
        word = found[0].lower()
        if word not in unknown or len(word) < _LEAST_LETTERS:
            return found[0]
        best = process.extractOne(word, vocabulary, scorer=fuzz.ratio, score_cutoff=_LIKE)
        if best is None or best[0] == word:
            return found[0]
        changed = True
        return str(best[0])

    written = re.sub(r"[^\W\d_]+", instead, text)
    return written if changed else ""
