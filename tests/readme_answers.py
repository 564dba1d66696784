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


def main() -> None:
    """Rewrite the file."""
    text = README.read_text(encoding="utf-8")
    # An answer is the table that follows a question, with the line under it that counts what is not shown.
    text = re.sub(r"(```sql\n.*?```\n)\n\|.*?(?=\n\n(?!… and|\(no rows\)))(?:\n\n(?:… and[^\n]*|\(no rows\)))?", r"\1", text, flags=re.DOTALL)  # fmt: skip
    text = re.sub(
        r"```sql\n(.*?)```\n",
        lambda found: f"{found[0]}\n{answer(Path(sys.argv[1]), found[1])}",
        text,
        flags=re.DOTALL,
    )
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
