"""All checks, one after the other: settings in, findings out."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping

from index.types import KhabarError
from rag.doctor.access import check_access
from rag.doctor.archive import check_archive
from rag.doctor.finding import Check, Finding
from rag.doctor.machine import check_disk, check_port, check_versions
from rag.doctor.models import check_models
from rag.settings import Settings

_LOGGER = logging.getLogger(__name__)
CHECKS: Mapping[str, Check] = {
    "versions": check_versions, "disk": check_disk, "permissions": check_access, "index": check_archive, "models": check_models,
    "port": check_port,
}  # fmt: skip


def examine(settings: Settings, checks: Mapping[str, Check] = CHECKS) -> Iterator[Finding]:
    """Yield what each check finds; one that fails itself is a finding too, and the others go on."""
    for subject, check in checks.items():
        try:
            yield from check(settings)
        except KhabarError as error:
            yield Finding("fault", subject, error.problem, error.remedy)
        except Exception as error:
            _LOGGER.debug("a check failed", exc_info=error)
            yield Finding("fault", subject, f"this check failed itself ({type(error).__name__}: {error})", "please report it")
