"""What `make install` puts in place: found by a stranger, who has its folder and nothing else.

usage: check.py [BUILD]   BUILD is a folder that Meson configured (default: build/opt or build/dev, whichever
is newer)

Installs into a temporary folder, runs the program, looks at the man page, and compiles, links and runs
a program that embeds the interpreter, by the pkg-config file alone.
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
EXPECTED = """['{"a": [1, 2.5]}'] ['one', 'two'] é
0 7 1 2 0
['{"a": [1, 2.5]}'] [''] é
0 7 1 2 0
"""


def run(*command, **options):
    """The command's output; a failure ends the check."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def find(folder, name):
    """The one file of that name below the folder."""
    found = [path for path in folder.rglob(name) if path.is_file()]
    if len(found) != 1:
        sys.exit(f"{name} is installed {len(found)} times")
    return found[0]


def main():
    builds = [Path(sys.argv[1])] if len(sys.argv) > 1 else [ROOT / "build/opt", ROOT / "build/dev"]
    builds = [b for b in builds if (b / "build.ninja").exists() and (b / "gila").exists()]
    if not builds:
        sys.exit("nothing is built yet: make build")
    build = max(builds, key=lambda b: (b / "gila").stat().st_mtime)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PKG_CONFIG", "DESTDIR"))}
    env.update(PATH="/usr/bin:/bin:" + env.get("PATH", ""), LC_ALL="C.UTF-8", HOME=os.environ.get("HOME", "/"))
    with tempfile.TemporaryDirectory(prefix="gila-install-") as name:
        root = Path(name)
        run("meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", root, env=env)
        gila, header, config = find(root, "gila"), find(root, "gila.h"), find(root, "gila.pc")
        find(root, "libgila.a")
        page = find(root, "gila.1")
        if "2 " not in run(gila, "-c", "import sys, json; print(1 + 1, sys.implementation.name)", env=env):
            sys.exit("the installed program does not compute")
        if page.read_text(encoding="utf-8")[:9] != ".TH GILA ":
            sys.exit("gila.1 is no man page")
        prefix = header.parent.parent.parent
        env["PKG_CONFIG_PATH"] = str(config.parent)
        flags = run("pkg-config", f"--define-variable=prefix={prefix}", "--cflags", "--libs", "gila", env=env).split()
        program = root / "embedded"
        source = ROOT / "tests/install/embedded.c"
        run("cc", "-Wall", "-Werror", source, *flags, "-o", program, env=env)
        run("c++", "-fsyntax-only", "-x", "c++", "-I", prefix / "include", source, env=env)
        output = run(program, "one", "two", env=env)
        if output != EXPECTED:
            sys.exit(f"the embedding program printed\n{output}")


if __name__ == "__main__":
    main()
