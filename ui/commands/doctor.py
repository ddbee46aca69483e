"""`khabar doctor`: is everything as it should be, and what is to be done where it is not."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any

import click

from index.types import KhabarError
from rag.doctor.examination import CHECKS, examine
from rag.doctor.finding import Finding
from rag.server.keys import KeyFile
from rag.settings import FoundSettings, Settings, unknown_variables
from ui.commands.options import echo_json, find_in, settings_options
from ui.login.users import UserFile


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="print everything as JSON")
@click.option("--quick", is_flag=True, help="do not load the models")
@settings_options
def doctor(as_json: bool, quick: bool, **values: Any) -> None:
    """Look at settings, versions, disk, permissions, index, models and port, and say what to do about each fault.

    The exit status is 1 where there is a fault. Nothing is changed.
    """
    findings: list[Finding] = []
    for finding in _examined(values, quick):
        findings.append(finding)
        if not as_json:
            click.echo("\n".join(_lines(finding)))
    faults = sum(finding.level == "fault" for finding in findings)
    warnings = sum(finding.level == "warning" for finding in findings)
    if as_json:
        echo_json({"faults": faults, "warnings": warnings, "findings": [finding.to_json() for finding in findings]})
    else:
        click.echo(f"{faults or 'No'} fault{'s' * (faults != 1)}, {warnings or 'no'} warning{'s' * (warnings != 1)}.")
    sys.exit(1 if faults else 0)


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{finding.level:<8} {finding.subject}: {finding.told}"
    if finding.remedy:
        yield f"{'':<8} -> {finding.remedy}"


def _examined(values: dict[str, Any], quick: bool) -> Iterator[Finding]:
    """Yield all findings; without settings that can be read there is nothing else to look at."""
    try:
        found = find_in(values)
    except KhabarError as error:
        yield Finding("fault", "settings", error.problem, error.remedy)
        return
    yield from _settings(found)
    checks = {**CHECKS, "users": _users, "keys": _keys}
    yield from examine(found.settings, {name: check for name, check in checks.items() if not (quick and name == "models")})


def _settings(found: FoundSettings) -> Iterator[Finding]:
    for warning in found.warnings:
        yield Finding("warning", "settings", warning.problem, warning.remedy)
    for variable, near in unknown_variables().items():
        yield Finding("warning", "settings", f"the variable {variable} is no setting", f"write {near}, if that is meant")
    if not found.warnings:
        origin = f"read from '{found.file}'" if found.file else "there is no settings file"
        yield Finding("ok", "settings", f"{origin}; khabar config shows all")


def _users(settings: Settings) -> Iterator[Finding]:
    if settings.login:
        names = UserFile(settings.login).users()
        yield Finding("ok", "users", f"{len(names)} may log in")


def _keys(settings: Settings) -> Iterator[Finding]:
    if settings.data.is_dir():
        keys = KeyFile(settings.data).keys().values()
        good = sum(key.is_good(time.time()) for key in keys)
        yield Finding("ok", "keys", f"{good} of {len(keys)} keys of programs are good")
