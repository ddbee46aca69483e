"""The way in: a thousand mixed files, a tenth of them faulty; is each in the index, or named in the report?

    python -m benchmarks.way_in [--files 1000] [--keep FOLDER]
    python -m benchmarks.way_in --fuzz 600          # the readers on damaged files, for so many seconds

Of each file it is known what becomes of it: a story that must be found by its own number, a note, or a line that names it.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from benchmarks.made_files import MAKERS, Story, made, mail, pdf, table, zipped
from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.embed import NoEmbedder
from index.formats.process import ReadingProcess
from index.formats.worker import Task, state_of
from index.progress import Silent
from index.report import BuildReport

_SEED = 11
_WORDS = {
    "ar": ("خبر {} من بودابست", "وكالة النورس", "قال مسؤول إن الملف رقم {} أُرجئ إلى موعد لم يحدد بعد، بحسب البيت الأبيض.",
           "وأجرى الوزير اتصالا بنظيره استمر ٣٥ دقيقة، ووصفه بأنه مثمر للغاية."),
    "fa": ("گزارش {} از بوداپست", "خبرگزاری کبوتر", "یک مقام گفت پروندهٔ شمارهٔ {} به زمانی نامعلوم موکول می‌شود.",
           "به گفتهٔ کاخ سفید این تصمیم پس از گفت‌وگوی ۳۵ دقیقه‌ای وزیران گرفته شد."),
    "en": ("Report {} from Budapest", "Northgate", "An official said that file number {} was put off, and no date is set.",
           "The ministers spoke for thirty-five minutes, and both of them called it productive."),
}  # fmt: skip


def story(number: int) -> Story:
    """Return the story of a number: its text holds the number, and no other story's does."""
    language = ("ar", "fa", "en")[number % 3]
    title, outlet, *paragraphs = _WORDS[language]
    told = tuple(paragraph.format(100_000 + number) for paragraph in paragraphs)
    return Story(title.format(100_000 + number), outlet, "2025-10-21", told, language)


def _nested(content: bytes, times: int) -> bytes:
    for _ in range(times):
        content = zipped({"in.zip": content})
    return content


# Each makes the name's end and the content of a faulty file, out of a sound story.
FAULTS: Mapping[str, Callable[[Story], tuple[str, bytes]]] = {
    "empty": lambda _: (".txt", b""),
    "binary": lambda _: (".txt", b"\x89PNG\r\n\x1a\n\0\0" * 20),
    "cut PDF": lambda told: (".pdf", made(".pdf", told)[:300]),
    "scanned PDF": lambda _: (".pdf", pdf([[], []], picture=True)),
    "cut docx": lambda told: (".docx", made(".docx", told)[:900]),
    "page for a PDF": lambda _: (".pdf", b"<html><p>404 not found</p></html>"),
    "bomb": lambda _: (".zip", zipped({"a.txt": b"0" * 30_000_000})),
    "nested archives": lambda told: (".zip", _nested(made(".zip", told), 5)),
    "entities": lambda _: (".rss", b'<!DOCTYPE r [<!ENTITY a "haha"><!ENTITY b "&a;&a;">]><rss>&b;</rss>'),
    "deep page": lambda _: (".html", b"<div>" * 100_000),
    "no JSON": lambda _: (".json", b'{"text": "cut'),
    "unknown columns": lambda told: (".csv", table([{"spalte": told.paragraphs[0]}]).encode()),
    "film": lambda _: (".mp4", b"\0" * 100),
    "old Word": lambda _: (".docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600),
    "mail without text": lambda _: (".eml", b"Subject: x\nContent-Type: image/png\n\nabc"),
    "no feed": lambda _: (".xml", b"<invoice><sum>5</sum></invoice>"),
}
# Files that are read with a note.
NOTED: Mapping[str, Callable[[Story], tuple[str, bytes]]] = {
    "windows-1256": lambda told: (".txt", "\n".join([told.title, *told.paragraphs] * 2).encode("windows-1256", "ignore")),
    "PDF named .txt": lambda told: (".txt", made(".pdf", told)),
    "mail in windows-1256": lambda told: (".eml", mail(told) if told.language == "fa" else mail(told, charset="windows-1256")),
}


def write_files(folder: Path, files: int) -> dict[str, tuple[int, str]]:
    """Write so many files; return for each name its number and what is wrong with it ("" where nothing is)."""
    chance = random.Random(_SEED)
    written: dict[str, tuple[int, str]] = {}
    suffixes, faults, noted = list(MAKERS), list(FAULTS), list(NOTED)
    for number in range(files):
        told = story(number)
        fault = ""
        if number % 10 == 9:
            fault = faults[number // 10 % len(faults)]
            suffix, content = FAULTS[fault](told)
        elif number % 25 == 3:
            suffix, content = NOTED[noted[number // 25 % len(noted)]](told)
        else:
            suffix = suffixes[number % len(suffixes)]
            content = made(suffix, told)
        place = folder / chance.choice(["", "سياسة", "ورزش", "world/2025"])
        place.mkdir(parents=True, exist_ok=True)
        name = f"{number}{suffix}"
        (place / name).write_bytes(content)
        written[name] = (number, fault)
    return written


def check(written: Mapping[str, tuple[int, str]], report: BuildReport, data: Path) -> Iterator[str]:
    """Yield a line for each file that is neither in the index nor named, or is in it although it is faulty."""
    named = [problem.path for problem in report.problems if problem.skipped]
    named += [path for paths in report.unread.values() for path in paths]
    with closing(Catalog(data / FILE_NAME)) as catalog:
        texts = {article.path: f"{article.title}\n{article.text}" for article in catalog.articles()}
    for name, (number, fault) in written.items():
        lines = [path for path in named if f"/{name}" in path]
        found = [path for path, text in texts.items() if f"/{name}" in path and str(100_000 + number) in text]
        if fault and not lines:
            yield f"{name} ({fault}) is not named"
        if not fault and len(found) != 1:
            yield f"{name} is found {len(found)} times{', and named' if lines else ''}"


def measure(folder: Path, files: int) -> int:
    """Make, index and check the files; print the figures and return how many lines are wrong."""
    written = write_files(folder / "mixed", files)
    began, busy = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
    report = build_index(folder / "data", [folder / "mixed"], NoEmbedder(), BuildOptions(), Silent(), embed=False)
    wall, busy = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_utime - busy
    wrong = list(check(written, report, folder / "data"))
    faulty = sum(bool(fault) for _, fault in written.values())
    unread = sum(len(paths) for paths in report.unread.values())
    print(
        f"{len(written)} files, {faulty} of them faulty: {report.added} read, {report.skipped} skipped, {unread} not of a kind"
    )
    print(f"{len(report.problems) - report.skipped} notes; {wall:.1f} s, {busy:.1f} s of them the indexer's own processor time")
    for kind, count in Counter(problem.kind for problem in report.problems).most_common():
        print(f"  {kind:12} {count}")
    print(f"{len(wrong)} files are neither found nor named")
    for line in wrong[:20]:
        print(f"  {line}")
    return len(wrong)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return content with some bytes changed, cut out, doubled or put elsewhere."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        if not changed:
            break
        start = chance.randrange(len(changed))
        end = min(len(changed), start + chance.choice([1, 1, 2, 8, 64, 1024]))
        how = chance.randrange(4)
        if how == 0:
            changed[start:end] = chance.randbytes(end - start)
        elif how == 1:
            del changed[start:end]
        elif how == 2:
            changed[start:start] = changed[start:end] * chance.choice([1, 2, 50])
        else:
            changed[start] ^= 1 << chance.randrange(8)
    return bytes(changed)


def fuzz(folder: Path, seconds: float, seed: int = _SEED, limit: float = 5.0) -> Counter[str]:
    """Read damaged files of each format for so many seconds; return how often what came of it."""
    chance = random.Random(seed)
    process, counted = ReadingProcess(), Counter[str]()
    sound = {suffix: made(suffix, story(number)) for number, suffix in enumerate(MAKERS)}
    options = BuildOptions(seconds=limit, memory_bytes=500_000_000)
    folder.mkdir(parents=True, exist_ok=True)

    def tasks() -> Iterator[Task]:
        number, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            suffix = chance.choice(list(sound))
            file = folder / f"{number % 16}{suffix}"
            file.write_bytes(damaged(sound[suffix], chance))
            number += 1
            yield Task(
                str(file),
                str(file),
                file.name,
                state_of(file.stat()),
                options.read_options,
                120,
                25,
                limit,
                options.memory_bytes,
            )

    try:
        for reading in process.read(tasks()):
            counted["files"] += 1
            counted["articles"] += len(reading.articles)
            counted.update(problem.kind for problem in reading.problems)
    finally:
        process.close()
    return counted


def main() -> None:
    """Measure, or fuzz."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--keep", type=Path, help="folder to make the files in, which stay there")
    parser.add_argument("--fuzz", type=float, metavar="SECONDS")
    parser.add_argument("--seed", type=int, default=_SEED)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="khabar-way-in-") as made_here:
        folder = given.keep or Path(made_here)
        if given.fuzz:
            for kind, count in fuzz(folder, given.fuzz, given.seed).most_common():
                print(f"{kind:12} {count}")
        elif measure(folder, given.files):
            raise SystemExit(1)


if __name__ == "__main__":
    main()
