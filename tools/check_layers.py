#!/usr/bin/python3
"""Checks that each folder of src/ includes only itself and folders of lower rank.

The ranks are those of the layering: two folders of one rank are siblings and may not include each
other. An exception stands in tools/layers.txt, one `including-file included-file reason` a line.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RANKS = {
    "base": 0, "os": 1, "syntax": 1, "threads": 2, "memory": 3, "objects": 4, "bytecode": 5,
    "compile": 6, "vm": 6, "runtime": 7, "modules": 8, "main": 9,
}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def exceptions():
    path = ROOT / "tools" / "layers.txt"
    pairs = set()
    if path.exists():
        for line in path.read_text().splitlines():
            if line.strip() and not line.startswith("#"):
                including, included, reason = line.split(None, 2)
                pairs.add((including, included))
    return pairs


def check(root=ROOT):
    errors = []
    allowed = exceptions()
    used = set()
    src = root / "src"
    for path in sorted(src.rglob("*")):
        if path.suffix not in (".c", ".h", ".def", ".inc"):
            continue
        name = str(path.relative_to(src))
        layer = name.split("/")[0]
        if layer not in RANKS:
            errors.append(f"src/{name}: folder {layer}/ has no rank in {Path(__file__).name}")
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for match in INCLUDE.finditer(text):
            target = match[1]
            line = text.count("\n", 0, match.start()) + 1
            if target.startswith(".") or (path.parent / target).exists():
                target = str((path.parent / target).resolve().relative_to(src.resolve()))
            elif not (src / target).exists():
                if not (root / "include" / target).exists():
                    errors.append(f"src/{name}:{line}: includes {match[1]}, which is not there")
                continue
            other = target.split("/")[0]
            if other == layer or RANKS.get(other, 99) < RANKS[layer]:
                continue
            if (name, target) in allowed:
                used.add((name, target))
                continue
            errors.append(f"src/{name}:{line}: {layer}/ (rank {RANKS[layer]}) includes {target} "
                          f"(rank {RANKS.get(other, '?')})")
    for name, target in sorted(allowed - used):
        errors.append(f"tools/layers.txt: {name} no longer includes {target}")
    return errors


if __name__ == "__main__":
    found = check()
    for error in found:
        print(error)
    sys.exit(1 if found else 0)
