# sys.executable by links, PATH and virtual environments; locales by their other names; files of a program
# with null bytes and what is not UTF-8; errors in annotations with a star; old versions of marshal.
import marshal
import os
import re
import subprocess
import sys
import tempfile
import time
import inspect
from pathlib import Path

folder = Path(tempfile.mkdtemp())
os.chdir(folder)
(folder / "bin").mkdir()
(folder / "bin" / "linked").symlink_to(sys.executable)
SHOW = "import sys; print(sys.executable, sys.prefix, sys.base_prefix, sys.orig_argv[0])"


def run(*command, **env):
    done = subprocess.run(command, env={**{k: v for k, v in os.environ.items() if k != "LC_ALL"}, **env},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="backslashreplace")
    print(done.returncode, re.sub(r"line \d+", "line N", done.stdout.strip()).replace(str(folder), "FOLDER").replace(os.path.realpath(sys.executable), "PROGRAM"))

run("bin/linked", "-c", SHOW)
run("./bin/../bin//linked", "-c", SHOW)
run("linked", "-c", SHOW, PATH=f"{folder}/bin:/usr/bin")
(folder / "env" / "bin").mkdir(parents=True)
(folder / "env" / "pyvenv.cfg").write_text(f"home = {folder}/bin\ninclude-system-site-packages = false\n")
(folder / "env" / "bin" / "linked").symlink_to(folder / "bin" / "linked")
run("env/bin/linked", "-c", SHOW + "; print(sys._base_executable, [p for p in sys.path if 'env' in p])")

for name in "C.UTF-8", "C.utf8", "C", "POSIX", "gone":
    run(sys.executable, "-c", "import sys; print(sys.stdin.errors, sys.stdout.errors, sys.stdout.encoding, sys.flags.utf8_mode)",
        LC_CTYPE=name, LANG="")

for source in b"#\0\n#\xfd\n", b"0000\0\n00000000000\n\0\n\x9e\n", b"x = 1\n# \xfd\n":
    (folder / "bad.py").write_bytes(source)
    run(sys.executable, "bad.py")

for source in "def f(*args: *b = (1,)): pass", "def f(*args: int = (1,)): pass", "def f(*args = ()): pass", "def f(*args: *b): pass":
    try:
        compile(source, "f", "exec")
        print("compiles")
    except SyntaxError as error:
        print(error.msg, error.offset, error.end_offset)

name = sys.intern("an interned text")
for version in range(5):
    print(version, marshal.dumps(name, version))

for function in time.ctime, object.__init_subclass__, object.__subclasshook__:
    try:
        print(inspect.signature(function))
    except ValueError:
        print("no signature")
