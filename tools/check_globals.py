#!/usr/bin/python3
"""Rejects mutable globals: symbols in a writable data section of the built objects.

usage: check_globals.py [BUILD-DIR]   (default build/opt, or build/dev)
What a process itself has once stands in tools/globals.txt, one `object-file symbol reason` a line,
where the file is a path below src/ and the symbol may be a pattern. Tables whose addresses the
loader fills in (.data.rel.ro) are read-only afterwards and so allowed.
"""
import fnmatch
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WRITABLE = re.compile(r"^(\.data|\.bss|\.tdata|\.tbss|\.sdata|\.sbss|\.ldata|\.lbss)(\.|$)|^\*COM\*$")


def allowed():
    rows = []
    path = ROOT / "tools" / "globals.txt"
    if path.exists():
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            parts = line.split(None, 2)
            if len(parts) != 3:
                raise SystemExit(f"tools/globals.txt:{number}: a line is `file symbol reason`")
            rows.append(parts)
    return rows


def symbols(build):
    """Yields (file below src/, symbol, section, size) of each datum in a writable section."""
    objects = sorted(p for p in build.glob("*.p/*.o") if "src_" in p.name)
    for start in range(0, len(objects), 100):
        out = subprocess.run(["objdump", "-t", *map(str, objects[start:start + 100])],
                             capture_output=True, text=True, check=True).stdout
        file = ""
        for line in out.splitlines():
            header = re.match(r"^(\S+\.o):\s+file format", line)
            if header:
                file = Path(header[1]).name[len("src_"):-len(".o")]
                continue
            match = re.match(r"^[0-9a-f]{16} (.{7}) (\S+)\t([0-9a-f]{16}) (?:\.hidden )?(\S+)$", line)
            if not match or not WRITABLE.match(match[2]) or match[2].startswith(".data.rel.ro"):
                continue
            flags, section, size, name = match.groups()
            if "d" in flags and name == section:
                continue
            if int(size, 16) == 0 and section != "*COM*":
                continue
            yield file, re.sub(r"\.\d+$", "", name), section, int(size, 16)


def check(build):
    errors = []
    rows = allowed()
    used = set()
    for file, name, section, size in symbols(build):
        for row in rows:
            # Meson flattens a path's slashes into underscores.
            if fnmatch.fnmatch(file, row[0].replace("/", "_")) and fnmatch.fnmatch(name, row[1]):
                used.add(tuple(row))
                break
        else:
            errors.append(f"{file}: mutable global {name} ({size} bytes in {section})")
    for row in rows:
        if tuple(row) not in used:
            print(f"note: tools/globals.txt: {row[0]} {row[1]} is no longer there")
    return errors


if __name__ == "__main__":
    builds = [ROOT / "build" / kind for kind in ("opt", "dev")]
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else next((b for b in builds if (b / "build.ninja").exists()), builds[0])
    found = check(where)
    for error in found:
        print(error)
    sys.exit(1 if found else 0)
