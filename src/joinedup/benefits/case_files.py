"""A business case as a file, out and in: TOML and JSON as `joinedup appraise` takes them, a workbook with live formulas that
is read back. A file from a stranger's hands is looked over before it is opened, and a workbook read in a process of its own."""

from __future__ import annotations

import json

from joinedup.core.tabular import ON_A_PAGE, UnreadableFile
from joinedup.core.workbook_apart import open_sheet_apart
from joinedup.engines.appraisal import BadModel, Model, model_data, model_toml, read_text
from joinedup.engines.appraisal.reading import Fault
from joinedup.engines.appraisal.reading_back import SHEETS, read_back

MOST_BYTES = 2_000_000
_MOST_TEXT = 500_000
_ZIP = b"PK\x03\x04"
_ELSE = "This is no workbook of a business case from here. Download the case as a workbook, change its inputs, and send that."


def read_file(content: bytes, name: str) -> Model:
    """The model a file holds. Raises BadModel with every fault and its place; one sentence for what is no such file."""
    if len(content) > MOST_BYTES:
        raise BadModel([Fault("$", "the file has more than 2 MB, which no business case has")])
    if not content.startswith(_ZIP):
        if len(content) > _MOST_TEXT:
            raise BadModel([Fault("$", "the file has more than 500 kB of text, which no business case has")])
        return read_text(content)
    try:
        _, there, _ = open_sheet_apart(content, "", ON_A_PAGE)
        if not set(SHEETS) <= set(there):
            raise BadModel([Fault("$", _ELSE)])
        sheets = {sheet: list(open_sheet_apart(content, sheet, ON_A_PAGE)[2]) for sheet in SHEETS}
    except UnreadableFile as unreadable:
        raise BadModel([Fault("$", str(unreadable))]) from None
    return read_back(sheets)


def toml_of(model: Model) -> str:
    """The file `joinedup appraise` reads."""
    return model_toml(model)


def json_of(model: Model) -> str:
    """The same as JSON."""
    return json.dumps(model_data(model), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
