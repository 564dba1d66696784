"""Write the answers under the questions of storage/README.md anew: `python -m tests.readme_answers CORPUS`.

CORPUS is the one that `tripolar demo` makes. Wanted after the taxonomy or a question has changed.
"""

import re
import sys
from pathlib import Path

from storage import export, query

README = Path(__file__).parents[1] / "storage" / "README.md"
SHOWN = 6  # rows
WIDTH = 70  # characters of a cell


def answer(corpus: Path, question: str) -> str:
    """Return an answer as a Markdown table."""
    with query.ask(corpus, question) as reader:
        table = reader.read_all()
    rows = [[_cell(value) for value in row.values()] for row in table.slice(0, SHOWN).to_pylist()]
    lines = [table.schema.names, ["---"] * len(table.schema), *rows]
    more = f"\n\n… and {table.num_rows - SHOWN} more rows." if table.num_rows > SHOWN else ""
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + ("" if rows else "\n\n(no rows)") + more


def _cell(value: object) -> str:
    text = " ".join(export.cell(value).replace("|", "\\|").split())
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def rewritten(text: str, corpus: Path) -> str:
    """Return the README with the answer of today under each question, instead of the one that stood there."""
    parts = re.split(r"(```sql\n.*?```\n)", text, flags=re.DOTALL)
    for place in range(1, len(parts), 2):
        question = parts[place].removeprefix("```sql\n").removesuffix("```\n")
        after = parts[place + 1].split("\n")
        while after and (not after[0] or after[0].startswith(("|", "… and ", "(no rows)"))):
            after.pop(0)
        parts[place + 1] = f"\n{answer(corpus, question)}\n\n" + "\n".join(after)
    return "".join(parts)


def main() -> None:
    """Rewrite the file."""
    README.write_text(rewritten(README.read_text(encoding="utf-8"), Path(sys.argv[1])), encoding="utf-8")


if __name__ == "__main__":
    main()
