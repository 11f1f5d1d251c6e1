# gil: 1
"""With, without, or until it is lifted: which is said where, and what may change it."""
import os
import subprocess
import sys
import tempfile


def run(code, *options, env=None, script=False, stdin=None):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "prog.py")
        with open(path, "w") as file:
            file.write(code)
        command = [sys.executable, *options, *([path] if script else ["-"] if stdin else ["-c", code])]
        keep = {k: v for k, v in os.environ.items() if k != "PYTHON_GIL"}
        done = subprocess.run(command, capture_output=True, text=True, env={**keep, **(env or {})}, timeout=60, input=stdin)
        return done.returncode, done.stdout, done.stderr.replace(path, "prog.py")


SAYS = "import gil, sys; print(gil.mode(), gil.enabled(), sys._is_gil_enabled())"
assert run(SAYS) == (0, "gil True True\n", "")
assert run(SAYS, "-X", "gil=1") == (0, "gil True True\n", "")
assert run(SAYS, "-X", "gil=0") == (0, "free False False\n", "")
assert run(SAYS, "-X", "gil=auto") == (0, "gil True True\n", "")
assert run(SAYS, env={"PYTHON_GIL": "0"}) == (0, "free False False\n", "")
assert run(SAYS, "-X", "gil=1", env={"PYTHON_GIL": "0"}) == (0, "gil True True\n", "")
assert run(SAYS, "-E", env={"PYTHON_GIL": "0"}) == (0, "gil True True\n", "")

for options, env, said in [(["-X", "gil=2"], {}, "gila: -X gil=2: it is 1 (with the lock), 0 (without), or auto"),
                           (["-X", "gil"], {}, "gila: -X gil: a value is needed, as in -X gil=0"),
                           ([], {"PYTHON_GIL": "x"}, "gila: PYTHON_GIL=x: it is 1"),
                           (["-X", "gil-lift-after=0"], {}, "gila: -X gil-lift-after=0: a positive number of seconds"),
                           (["-X", "gil-lift-after"], {}, "gila: -X gil-lift-after: a value is needed")]:
    status, out, err = run("1", *options, env=env)
    assert status == 2 and err.startswith(said), (status, err)

SAYS_SYSCONFIG = "import sysconfig; print(sysconfig.get_config_var('Py_GIL_DISABLED'), sysconfig.get_config_var('EXT_SUFFIX'))"
suffix = run(SAYS_SYSCONFIG)[1].split()[1]
for mode, value in (("1", 0), ("0", 1), ("auto", 0)):
    assert run(SAYS_SYSCONFIG, "-X", f"gil={mode}")[1] == f"{value} {suffix}\n"

# By hand: before the first thread and after it.
assert run("import gil; gil.lift(); print(gil.mode()); gil.lift()") == (0, "free\n", "")
LIFT_LATE = """
import gil, threading
stop = threading.Event()
counts = [0, 0]
def work(k):
    while not stop.is_set():
        counts[k] += 1
threads = [threading.Thread(target=work, args=(k,)) for k in range(2)]
for t in threads: t.start()
gil.lift()
before = list(counts)
while min(c - b for c, b in zip(counts, before)) < 1000: pass
stop.set()
for t in threads: t.join()
print(gil.mode())
"""
assert run(LIFT_LATE) == (0, "free\n", "")

# By itself, when threads wait for it; not when one of them mostly sleeps.
CONTEND = """
import gil, threading, time
def work(end):
    while time.monotonic() < end: pass
end = time.monotonic() + %s
threads = [threading.Thread(target=work, args=(end,)) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print(gil.mode())
"""
assert run(CONTEND % 0.6, "-X", "gil=auto") == (0, "free\n", "")
assert run(CONTEND % 0.6, "-X", "gil=auto", "-X", "gil-lift-after=1000") == (0, "gil\n", "")
IDLE = """
import gil, threading, time
t = threading.Thread(target=lambda: [time.sleep(0.01) for _ in range(40)])
t.start()
while t.is_alive(): sum(range(100))
print(gil.mode())
"""
# (On a busy machine whoever has the lock may be without a processor for a while.)
assert run(IDLE, "-X", "gil=auto", "-X", "gil-lift-after=0.3") == (0, "gil\n", "")

# Code that needs it.
REQUIRE = "import gil; gil.require(); print(gil.mode())"
assert run(REQUIRE) == (0, "gil\n", "")
assert run(REQUIRE, "-X", "gil=0") == (0, "gil\n", "gila: the GIL stays: __main__ requires it\n")
assert run(REQUIRE, "-X", "gil=auto") == (0, "gil\n", "gila: the GIL stays: __main__ requires it\n")
assert run("import gil; gil.require('numbers')", "-X", "gil=0")[2] == "gila: the GIL stays: numbers requires it\n"
status, out, err = run("import gil; gil.lift(); gil.require()")
assert status == 1 and "RuntimeError: the lock is lifted already" in err, err
status, out, err = run("import gil; gil.require(); gil.lift()")
assert status == 1 and "RuntimeError: the lock cannot be lifted" in err, err
status, out, err = run(CONTEND.replace("import gil", "import gil; gil.require(); import gil") % 0.4, "-X", "gil=0")
assert (status, out) == (0, "gil\n"), (status, out, err)
MARK = "#!/usr/bin/env gila\n# -*- coding: utf-8 -*-\n\n#  gila: gil\nimport gil; print(gil.mode())\n"
assert run(MARK, "-X", "gil=0", script=True) == (0, "gil\n", "gila: the GIL stays: prog.py requires it\n")
assert run(MARK, script=True) == (0, "gil\n", "")
assert run("\ufeff# gila: gil\nimport gil; print(gil.mode())\n", "-X", "gil=0", script=True)[1] == "gil\n"
assert run("", "-X", "gil=0", stdin=MARK) == (0, "gil\n", "gila: the GIL stays: <stdin> requires it\n")
assert run(MARK.replace("import", "import os\n# gila: gil\nimport").replace("#  gila: gil", "# gila: gilt"),
           "-X", "gil=0", script=True) == (0, "free\n", "")

# Processes that multiprocessing starts run in the same way, however they are started.
CHILDREN = """
import gil, multiprocessing, sys
def tell(queue):
    queue.put((gil.mode(), sys._xoptions.get("gil-lift-after")))
if __name__ == "__main__":
    for method in "fork", "spawn", "forkserver":
        context = multiprocessing.get_context(method)
        queue = context.Queue()
        child = context.Process(target=tell, args=(queue,))
        child.start()
        print(method, *queue.get())
        child.join()
"""
for options, told in ((["-X", "gil=0"], "free None"), (["-X", "gil=auto", "-X", "gil-lift-after=3"], "gil 3"), ([], "gil None")):
    assert run(CHILDREN, *options, script=True) == (0, f"fork {told}\nspawn {told}\nforkserver {told}\n", ""), options

# Objects that many threads use die when nobody refers to them any more, at the latest with a collection.
SHARED = """
import gc, gil, threading, weakref
gil.lift()
class Shared:
    def method(self): return 1
def use(f, o, gate):
    gate.wait()
    for _ in range(20000): f(); o.method(); Shared.method
def closure():
    x = []
    def inner(): return x
    return inner
f, o = closure(), Shared()
gate = threading.Barrier(3)
threads = [threading.Thread(target=use, args=(f, o, gate)) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
dead = [weakref.ref(f), weakref.ref(o), weakref.ref(Shared), weakref.ref(f.__closure__[0].cell_contents.__class__)]
del f, o, Shared, threads, t
gc.collect()
print([d() for d in dead[:3]], dead[3]() is list)
"""
assert run(SHARED) == (0, "[None, None, None] True\n", ""), run(SHARED)
print("ok")
