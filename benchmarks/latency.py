"""How fast quote-mode answers are, once loaded and from the start of the command.

python -m benchmarks.latency ARTICLES QUESTIONS.jsonl [...]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.archive import open_archive
from rag.evaluate.fixed_question import FixedQuestion, read_questions
from rag.settings import Settings

_ROUNDS = 5
_STARTS = 5
_ASKED = {
    "ar": "متى عقدت قمة ألاسكا؟",
    "fa": "نشست آلاسکا چند ساعت طول کشید؟",
    "en": "What mark did Trump give his Alaska summit with Putin?",
}


def main(articles: str, questions: Sequence[str]) -> None:
    """Index the articles into a temporary folder, then time answers and starts."""
    asked = read_questions([Path(file) for file in questions])
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "KHABAR_DATA": folder, "KHABAR_LLM": "none"}
        subprocess.run([_command("khabar"), "index", articles], env=environment, check=True, capture_output=True)
        _time_answers(asked, Settings(data=Path(folder), llm="none"))
        _time_starts(environment)


def _time_answers(asked: Sequence[FixedQuestion], settings: Settings) -> None:
    answerer = open_archive(settings).answerer
    answerer.warm_up()
    times: dict[str, list[float]] = {}
    for _ in range(_ROUNDS):
        for question in asked:
            started = time.perf_counter()
            answerer.answer(question.question, question.history)
            times.setdefault(question.language, []).append(1000 * (time.perf_counter() - started))
    times["all"] = [one for each in list(times.values()) for one in each]
    for language, found in times.items():
        print(
            f"answer in quote mode, {language}: median {statistics.median(found):.1f} ms, "
            f"p95 {np.percentile(found, 95):.1f} ms ({len(found)} answers)"
        )


def _time_starts(environment: dict[str, str]) -> None:
    torch = [sys.executable, "-c", "import torch"]
    for language, question in _ASKED.items():
        ask = [_command("khabar"), "ask", question]
        ours, theirs = [], []
        for _ in range(_STARTS):
            ours.append(_seconds(ask, environment))
            theirs.append(_seconds(torch, environment))
        ours, theirs = ours[1:], theirs[1:]
        ratio = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
        print(
            f"khabar ask, {language}, start to answer: median {statistics.median(ours):.2f} s, most {max(ours):.2f} s; "
            f"{ratio:.2f} of the time that importing torch alone takes"
        )


def _seconds(command: Sequence[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - started


def _command(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: python -m benchmarks.latency ARTICLES QUESTIONS.jsonl [...]")
    main(sys.argv[1], sys.argv[2:])
