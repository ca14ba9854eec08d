"""Vendor the compiled GOV.UK Frontend CSS and JavaScript, without what is not ours to use.

The GOV.UK design system is open (MIT), but its typeface is licensed for gov.uk alone and
its crown and crest are the Crown's. This script takes the npm tarball, checks that it is
the one that was reviewed, removes the typeface, the crest, the source-map pointers and the
rule that prints every link's address, proves that none of them is left, and writes the
result beside the project's own style sheet with a manifest that a test compares.

    python tools/vendor_frontend.py [path/to/govuk-frontend-6.3.0.tgz]

Without a path it runs ``npm pack`` in a temporary folder. Running it twice changes nothing.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VERSION = "6.3.0"
INTEGRITY = "sha512-cXIQxm5PHCsbic47GXZrVBZhAeeshTLRL6ZBKilLsR6rMCjJuWb7Fruq0VUNMBJFlJk/srsRj/q8d5bM9cgKoA=="
TARGET = Path(__file__).resolve().parent.parent / "src/joinedup/core/static/core/govuk"
FORBIDDEN = ("transport", "@font-face", "http:", "https:", "crest", "crown", "sourcemappingurl")

LICENCE = """The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.

Changed for Joinedup by tools/vendor_frontend.py: the typeface, the crest and the
printed link addresses are removed.
"""


def check_integrity(tarball: Path) -> None:
    """Stop unless the tarball is byte for byte the reviewed one."""
    digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != INTEGRITY:
        raise SystemExit(f"{tarball.name} is not the reviewed govuk-frontend {VERSION}: sha512-{digest}")


def download(folder: Path) -> Path:
    """Fetch the tarball with npm and return where it is."""
    subprocess.run(["npm", "pack", f"govuk-frontend@{VERSION}", "--silent"], cwd=folder, check=True, stdout=sys.stderr)
    return folder / f"govuk-frontend-{VERSION}.tgz"


def clean_css(css: str) -> str:
    """Remove the typeface, the crest, printed addresses and the source map from the style sheet."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial", "arial")
    css = re.sub(r'(?<=@media print\{)\[href\^="/"\]\.govuk-link:after,[^}]*\}', "", css)
    css = re.sub(r"(?<=[{};])[^{};]*\.govuk-footer__(?:copyright-logo|crown)[^{}]*\{[^{}]*\}", "", css)
    while (smaller := re.sub(r"@(?:media|supports)[^{};]*\{\}", "", css)) != css:
        css = smaller
    return css.strip() + "\n"


def clean_js(script: str) -> str:
    """Remove the source-map pointer from the script."""
    return re.sub(r"//# sourceMappingURL=\S*", "", script).strip() + "\n"


def prove_clean(name: str, text: str) -> None:
    """Fail when anything that must not ship is left in ``text``."""
    found = [word for word in FORBIDDEN if word in text.lower()]
    if found:
        raise SystemExit(f"{name} still contains {', '.join(found)}")


def cleaned_files(tarball: Path) -> dict[str, str]:
    """Return the files to write, by name."""
    with tarfile.open(tarball) as archive:

        def read(name: str) -> str:
            member = archive.extractfile(f"package/dist/govuk/{name}")
            assert member is not None
            return member.read().decode("utf-8")

        files = {
            "govuk-frontend.min.css": clean_css(read("govuk-frontend.min.css")),
            "govuk-frontend.min.js": clean_js(read("govuk-frontend.min.js")),
        }
    for name, text in files.items():
        prove_clean(name, text)
    return {**files, "LICENCE.txt": LICENCE}


def manifest(files: dict[str, str]) -> str:
    """Return the manifest: where the files came from and the SHA-256 of each."""
    sums = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in sorted(files.items())}
    return json.dumps({"package": f"govuk-frontend {VERSION}", "integrity": INTEGRITY, "sha256": sums}, indent=2)


def vendor(tarball: Path, target: Path) -> None:
    """Write the cleaned files and their manifest to ``target``."""
    check_integrity(tarball)
    files = cleaned_files(tarball)
    target.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (target / name).write_text(text, encoding="utf-8")
    (target / "manifest.json").write_text(manifest(files) + "\n", encoding="utf-8")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tarball", nargs="?", type=Path, help="a govuk-frontend tarball already on this machine")
    given: Path | None = parser.parse_args().tarball
    with tempfile.TemporaryDirectory() as folder:
        vendor(given or download(Path(folder)), TARGET)
    print(f"govuk-frontend {VERSION} is in {TARGET}", file=sys.stderr)


if __name__ == "__main__":
    main()
