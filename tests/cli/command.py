"""The khabar command in this process, and what its tests share."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from ui.cli import main

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
ARABIC = "متى كان الوزيران روبيو ولافروف يعتزمان الاجتماع في بودابست؟"
PERSIAN = "رادوسلاو سیکورسکی درباره هواپیمای پوتین چه هشداری داد؟"
ENGLISH = "What did Szijjarto write on Facebook about the summit?"
BARE = {"KHABAR_EMBEDDER": "none", "KHABAR_READER": "none", "KHABAR_LLM": "none"}
RUN = "from ui.cli import main; main()"


def khabar(*arguments, **variables):
    """Run the command in this process, without models unless a variable names one."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=BARE | variables)


def refused(result, *told, status=1):
    """Check that a run ended with one line on stderr and nothing else."""
    assert result.exit_code == status, (result.output, result.exception)
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("khabar: "), result.stderr
    assert "Traceback" not in result.stderr
    for part in told:
        assert str(part) in lines[0]
    assert "; " in lines[0], "no remedy is told"
    return lines[0]


def article(title, text="تأجلت القمة إلى أجل غير مسمى."):
    return f"---\ntitle: {title}\nlanguage: ar\n---\n{text}\n"


def status(data):
    result = khabar("status", "--json", "--data", data)
    assert result.exit_code == 0 and result.stderr == "", result.output
    return json.loads(result.stdout)
