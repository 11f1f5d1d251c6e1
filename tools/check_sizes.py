#!/usr/bin/python3
"""Checks the sizes of files and functions.

A file over 2,500 lines is an error and one over 1,500 a warning; a function over 120 lines is an
error unless tools/sizes.txt lists it as `file function reason`. Generated files are not measured.
With --all it also names the functions over 60 lines.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE_LIMIT, FILE_WARN, FUNCTION_LIMIT, FUNCTION_WARN = 2500, 1500, 120, 60
NOT_A_FUNCTION = re.compile(r"^(typedef|struct|enum|union|extern)\b|=\s*(\([^)]*\)\s*)?\{$")


def is_generated(path, lines):
    return "gen" in path.parts or any("enerated" in line for line in lines[:3])


def functions(lines):
    """Yields (name, first line, number of lines) of each definition that opens at column 0."""
    start = name = None
    for number, line in enumerate(lines, 1):
        if start is None:
            if line.endswith("{") and line[:1] not in " \t}#/*" and not NOT_A_FUNCTION.search(line):
                # A definition whose head is wrapped begins where the previous line was blank or closed.
                first = number
                while first > 1 and lines[first - 2][:1] not in ("", "}", "#", "/") and \
                        not lines[first - 2].endswith((";", "*/", "}")):
                    first -= 1
                head = " ".join(lines[first - 1:number])
                match = re.search(r"\b(GI_[A-Z]+)\((\w+),\s*(\w+)", head)
                if match:
                    name = f"{match[2]}.{match[3]}"
                else:
                    match = re.search(r"(\w+)\s*\(", head)
                    name = match[1] if match else head[:40]
                start = number
            elif line == "{":
                head = " ".join(lines[max(0, number - 4):number - 1])
                match = re.search(r"(\w+)\s*\([^()]*\)\s*$", head)
                start, name = number, match[1] if match else "?"
        elif line.startswith("}"):
            yield name, start, number - start + 1
            start = None


def listed():
    rows = {}
    path = ROOT / "tools" / "sizes.txt"
    if path.exists():
        for line in path.read_text().splitlines():
            if line.strip() and not line.startswith("#"):
                file, function, reason = line.split(None, 2)
                rows[(file, function)] = reason
    return rows


def check(everything=False):
    errors, warnings = [], []
    rows = listed()
    used = set()
    for folder in ("src", "tests", "tools", "bench", "fuzz", "include", "lib"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in (".c", ".h", ".py", ".def", ".inc") or not path.is_file():
                continue
            lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
            name = str(path.relative_to(ROOT))
            if is_generated(path.relative_to(ROOT), lines):
                continue
            if len(lines) - 1 > FILE_LIMIT:
                errors.append(f"{name}: {len(lines) - 1} lines (limit {FILE_LIMIT})")
            elif len(lines) - 1 > FILE_WARN:
                warnings.append(f"{name}: {len(lines) - 1} lines (rule {FILE_WARN})")
            if path.suffix not in (".c", ".h", ".inc"):
                continue
            for function, start, count in functions(lines):
                if count > FUNCTION_LIMIT:
                    if (name, function) in rows:
                        used.add((name, function))
                    else:
                        errors.append(f"{name}:{start}: {function} has {count} lines (limit {FUNCTION_LIMIT})")
                elif everything and count > FUNCTION_WARN:
                    warnings.append(f"{name}:{start}: {function} has {count} lines (rule {FUNCTION_WARN})")
    for file, function in sorted(set(rows) - used):
        errors.append(f"tools/sizes.txt: {file} {function} is no longer over {FUNCTION_LIMIT} lines")
    return errors, warnings


if __name__ == "__main__":
    found, warned = check("--all" in sys.argv)
    for line in warned:
        print("warning:", line)
    for line in found:
        print("error:", line)
    sys.exit(1 if found else 0)
