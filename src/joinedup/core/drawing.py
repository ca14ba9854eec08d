"""A drawing as SVG: words escaped, measured and wrapped; presentation attributes only, so that the content policy allows
it, a PDF sets it and a printer without colours shows it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape

INK = "#0b0c0c"
QUIET = "#484949"
DEEP = "#0d4a52"
PALE = "#d5e5e6"
GRID = "#b1b4b6"
FAMILY = "arial, DejaVu Sans, sans-serif"
# Widths of letters in an upright sans, as parts of its size: enough to keep labels apart, on the wide side.
_NARROW, _WIDE = set("iljtf.,:;'|! ()[]r-"), set("mwMWQOGC@%&")


def width_of(text: str, size: float, *, is_bold: bool = False) -> float:
    """About how wide a text is, never less than it is in the fonts we name."""
    parts = sum(
        0.36 if each in _NARROW else 0.92 if each in _WIDE else 0.66 if each.isupper() else 0.58 for each in text
    )
    return parts * size * (1.1 if is_bold else 1.0)


def wrapped(text: str, size: float, room: float, *, most: int = 3) -> list[str]:
    """The text in lines that fit; the last one ends with … where it does not fit in `most` lines."""
    lines: list[str] = []
    for word in text.split():
        word = shortened(word, size, room)
        if lines and width_of(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], shortened(" ".join(lines[most - 1 :]), size, room)]
    return lines


def shortened(text: str, size: float, room: float) -> str:
    """The text, or as much of its beginning as fits, with … after it."""
    if width_of(text, size) <= room:
        return text
    while text and width_of(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def number(value: float) -> str:
    """A coordinate: at most two digits after the point."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


class Drawing:
    """Shapes and words on a sheet of `width`; its height is that of what was drawn unless given."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.height = 0.0
        self._parts: list[str] = []

    def _add(self, element: str, bottom: float) -> None:
        self._parts.append(element)
        self.height = max(self.height, bottom)

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, stroke: str = INK, width: float = 1.5, dash: str = ""
    ) -> None:
        """A straight line."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._add(
            f'<line x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}" stroke="{stroke}"'
            f' stroke-width="{number(width)}"{dashes}/>',
            max(y1, y2),
        )

    def path(
        self,
        points: Sequence[tuple[float, float]],
        *,
        is_closed: bool = False,
        stroke: str = INK,
        width: float = 2,
        dash: str = "",
        fill: str = "none",
        opacity: float = 1,
    ) -> None:
        """A line through several points, or the shape it encloses."""
        places = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        name = "polygon" if is_closed else "polyline"
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        shade = f' fill-opacity="{number(opacity)}"' if opacity != 1 else ""
        self._add(
            f'<{name} points="{places}" fill="{fill}"{shade} stroke="{stroke}" stroke-width="{number(width)}"'
            f' stroke-linejoin="round"{dashes}/>',
            max((y for _, y in points), default=0),
        )

    def circle(
        self, x: float, y: float, radius: float, *, fill: str = "#ffffff", stroke: str = INK, width: float = 2
    ) -> None:
        """A circle."""
        self._add(
            f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}" stroke="{stroke}"'
            f' stroke-width="{number(width)}"/>',
            y + radius,
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = "#ffffff",
        stroke: str = INK,
        line: float = 2,
        dash: str = "",
        corner: float = 0,
    ) -> None:
        """A rectangle."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        round_ = f' rx="{number(corner)}"' if corner else ""
        self._add(
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"{round_}'
            f' fill="{fill}" stroke="{stroke}" stroke-width="{number(line)}"{dashes}/>',
            y + height,
        )

    def diamond(self, x: float, y: float, radius: float, *, fill: str = "#ffffff", stroke: str = INK) -> None:
        """A square on its corner."""
        self.path(
            [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)],
            is_closed=True,
            fill=fill,
            stroke=stroke,
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 13,
        anchor: str = "start",
        is_bold: bool = False,
        fill: str = INK,
    ) -> None:
        """Words, their baseline at `y`. `anchor` is start, middle or end."""
        bold = ' font-weight="700"' if is_bold else ""
        self._add(
            f'<text x="{number(x)}" y="{number(y)}" font-family="{FAMILY}" font-size="{number(size)}"'
            f' text-anchor="{anchor}" fill="{fill}"{bold}>{escape(words)}</text>',
            y + size * 0.3,
        )

    def svg(self, title: str, description: str, *, below: float = 6) -> str:
        """The whole drawing, named for whoever does not see it."""
        height = self.height + below
        inside = "".join(self._parts)
        mark = "f" + hashlib.sha256(f"{title}{description}{inside}".encode()).hexdigest()[:10]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(self.width)} {number(height)}"'
            f' width="{number(self.width)}" height="{number(height)}" role="img" aria-labelledby="{mark}-t {mark}-d">'
            f'<title id="{mark}-t">{escape(title)}</title><desc id="{mark}-d">{escape(description)}</desc>{inside}</svg>'
        )
