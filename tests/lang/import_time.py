"""-X importtime: a line for each import, the inner ones first and farther in, with times that add up."""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

LINE = re.compile(r"import time: +(\d+) \| +(\d+) \| ( *)(\S+)$")


def lines_of(*args, **env):
    run = subprocess.run([sys.executable, *args], capture_output=True, text=True, env={"PATH": "/usr/bin", **env}, check=True)
    head, *rest = run.stderr.splitlines()
    assert head == "import time: self [us] | cumulative | imported package", head
    found = []
    for line in rest:
        match = LINE.match(line)
        assert match, line
        found.append((match[4], len(match[3]) // 2, int(match[1]), int(match[2])))
    return found


with tempfile.TemporaryDirectory() as folder:
    Path(folder, "outer_module.py").write_text("import time\ntime.sleep(0.02)\nimport inner_module\ntry:\n    import not_there\nexcept ImportError: pass\n")
    Path(folder, "inner_module.py").write_text("import time\ntime.sleep(0.03)\n")
    code = "import sys; sys.path.insert(0, %r); import outer_module; import outer_module" % folder
    for found in (lines_of("-X", "importtime", "-c", code), lines_of("-c", code, PYTHONPROFILEIMPORTTIME="1")):
        shown = {name: rest for name, *rest in found}
        names = [name for name, *_ in found]
        assert names.count("outer_module") == 1 and names.index("inner_module") < names.index("not_there") < names.index("outer_module")
        (depth, own, whole), (inner_depth, inner_own, inner_whole) = shown["outer_module"], shown["inner_module"]
        assert inner_depth == depth + 1 == shown["not_there"][0]
        assert inner_own >= 30000 and own >= 20000 and whole >= own + inner_whole, (own, whole, inner_whole)
        assert own <= whole - inner_whole + 2
assert "importtime" in subprocess.run([sys.executable, "--help-xoptions"], capture_output=True, text=True).stdout
print("ok")
