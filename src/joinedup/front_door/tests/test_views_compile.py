"""Every template of this part and of casework compiles."""

from pathlib import Path

import pytest
from django.template import engines

_PARTS = Path(__file__).parents[2]
_TEMPLATES = sorted(
    str(path.relative_to(_PARTS / part / "templates"))
    for part in ("front_door", "casework")
    for path in (_PARTS / part / "templates").rglob("*.jinja")
)


@pytest.mark.parametrize("name", _TEMPLATES)
def test_compiles(name):
    assert engines.all()[0].get_template(name)
