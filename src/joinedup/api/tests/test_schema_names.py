"""The description names every shape once: of two shapes of one name it would show only the last."""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict

from ninja import Schema

import joinedup.api


def test_no_two_shapes_share_a_name() -> None:
    where: dict[str, set[str]] = defaultdict(set)
    for module in pkgutil.iter_modules(joinedup.api.__path__):
        if module.ispkg:
            continue
        there = vars(importlib.import_module(f"joinedup.api.{module.name}"))
        for value in there.values():
            if isinstance(value, type) and issubclass(value, Schema):
                where[value.__name__].add(value.__module__)
    assert len(where) > 50
    assert {name: modules for name, modules in where.items() if len(modules) > 1} == {}
