"""Count pairs of letters in seeds/ -> index/data/letters.tsv: what index/letters.py knows of Arabic and Persian words."""

from __future__ import annotations

from pathlib import Path

from index.letters import letter_pairs

SEEDS = Path("seeds")
TARGET = Path("index/data/letters.tsv")


def main() -> None:
    """Write the table."""
    texts = [file.read_text(encoding="utf-8") for code in ("ar", "fa") for file in sorted((SEEDS / code).iterdir())]
    rows = ["\t".join(str(int(count)) for count in row) for row in letter_pairs(texts)]
    head = "# Pairs of letters in seeds/ar and seeds/fa (benchmarks/train_letters.py): the first by row, the second by column."
    TARGET.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    print(f"{sum(map(len, texts))} characters, {TARGET}")


if __name__ == "__main__":
    main()
