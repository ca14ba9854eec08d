"""How a run is divided among processes (`./run test` starts one for each core): by file, the longest first, the very
longest in portions.

Each process has a test server and a demo of its own, so nothing is shared but the machine.
"""

from __future__ import annotations

import zlib
from typing import Any

import pytest

# Files whose tests share what is dear to make go to one process, as if they were one file.
TOGETHER = {
    "tests/architecture/test_kept_forms.py": "walks",
    "tests/architecture/test_nothing_leaks.py": "walks",
    "tests/architecture/test_urls_by_role.py": "walks",
}
# Files so long that one process would be busy with them alone: their tests are given out in so many portions.
PORTIONS = {"tests/journeys/test_every_page.py": 3}
# What takes a minute or more is begun first, so that no process is left alone with it at the end.
LONGEST = (
    "tests/architecture/test_kept_forms.py",
    "tests/architecture/test_nothing_leaks.py",
    "tests/architecture/test_urls_by_role.py",
    "tests/journeys/test_every_page.py",
    "tests/",
    "src/joinedup/api/",
)


def _turn(node_id: str) -> int:
    return next((turn for turn, begin in enumerate(LONGEST) if node_id.startswith(begin)), len(LONGEST))


def _portion_of(node_id: str) -> str:
    """What is given out to a process as a whole."""
    file = node_id.split("::", 1)[0]
    if file in PORTIONS:
        return f"{file} ({zlib.crc32(node_id.encode()) % PORTIONS[file]})"
    return TOGETHER.get(file, file)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; otherwise in the order they are found in."""
    items.sort(key=lambda item: _turn(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give out whole files, in our order."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _portion_of(nodeid)

    config.option.loadscopereorder = False
    return ByFile(config, log)
