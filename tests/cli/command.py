"""The khabar command as tests run it: in their own process, without models unless a variable names one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from ui.cli import main

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
BARE = {"KHABAR_EMBEDDER": "none", "KHABAR_READER": "none", "KHABAR_LLM": "none"}
# Questions that seeds/ answers.
ARABIC = "متى كان الوزيران روبيو ولافروف يعتزمان الاجتماع في بودابست؟"
PERSIAN = "رادوسلاو سیکورسکی درباره هواپیمای پوتین چه هشداری داد؟"
ENGLISH = "What did Szijjarto write on Facebook about the summit?"
# The command in a process of its own.
RUN = "from ui.cli import main; main()"


def khabar(*arguments: object, **variables: str) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=BARE | variables)


def done(*arguments: object, **variables: str) -> Result:
    """Run what must end well."""
    result = khabar(*arguments, **variables)
    assert result.exit_code == 0 and "Traceback" not in result.output, (result.output, result.exception)
    return result


def refused(result: Result, *told: object, status: int = 1) -> str:
    """Check that a run ended with one line on stderr and nothing else; return the line."""
    assert result.exit_code == status, (result.output, result.exception)
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("khabar: "), result.stderr
    assert "Traceback" not in result.stderr
    for part in told:
        assert str(part) in lines[0]
    assert "; " in lines[0], "no remedy is told"
    return lines[0]


def article(title: str, text: str = "تأجلت القمة إلى أجل غير مسمى.") -> str:
    return f"---\ntitle: {title}\nlanguage: ar\n---\n{text}\n"


def status(data: Path) -> Any:
    result = khabar("status", "--json", "--data", data)
    assert result.exit_code == 0 and result.stderr == "", result.output
    return json.loads(result.stdout)
