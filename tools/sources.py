#!/usr/bin/python3
"""Lists the C files of the tree for meson.build, one `group:path` a line.

A group is a folder of src/ (a layer), `unit` for tests/unit/test_*.c or `fuzz` for fuzz/fuzz_*.c.
The build asks this script when it is configured, so that adding a file needs no edit anywhere.
"""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def listing():
    lines = []
    for layer in sorted(p for p in (ROOT / "src").iterdir() if p.is_dir()):
        for path in sorted(layer.rglob("*.c")):
            # Only the file with main() stays out of the library.
            group = "cli" if layer.name == "main" and path.name != "main.c" else layer.name
            lines.append(f"{group}:{path.relative_to(ROOT)}")
    for path in sorted((ROOT / "tests" / "unit").rglob("test_*.c")):
        lines.append(f"unit:{path.relative_to(ROOT)}")
    for path in sorted((ROOT / "fuzz").glob("fuzz_*.c")):
        lines.append(f"fuzz:{path.relative_to(ROOT)}")
    return lines


if __name__ == "__main__":
    sys.stdout.write("".join(line + "\n" for line in listing()))
