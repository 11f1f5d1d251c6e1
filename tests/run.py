#!/usr/bin/python3
"""The test runner: runs every suite of tests/ and ends in one line, `N passed, N failed`.

usage: run.py [options] [PATTERN...]
  --only SUITE[,SUITE]  checks unit model fault lang diff threads limits regress stress hostile asan tsan leaks fuzz
                        conformance
  --gila PATH           run lang, diff, threads, limits, regress and stress under this interpreter
  --python              run them under /usr/bin/python3.11 (to check the tests themselves)
  --long                everything at length: more fuzzing, all conformance files, all under ThreadSanitizer
  -j N                  tests at a time (default 2)
  -v                    name every test as it passes
  --list                name the tests that would run
A PATTERN selects tests whose `suite/name` contains it.

The programs of a suite are the .py files of its folder. A program passes when it exits with 0 and
its output is what is expected: for lang, regress and threads the text in FILE.out if that exists
(otherwise it checks itself by assert), for diff what python3.11 prints and the status it exits with
(or FILE.expected where no python3.11 is installed). Comments at the top of a program direct the run:
  # stderr: yes          the error output counts as output
  # status: 1            the exit status that is expected (not for diff)
  # stdin: text\\n       what stands on standard input
  # args: a b            arguments
  # time: 30             seconds it may take (default 20; five times that under sanitizers)
  # asan: no (reason)    not run under AddressSanitizer
  # tsan: no (reason)    not run under ThreadSanitizer
  # gil: 0 auto          the modes in which it is run (only for threads, where it is 1 0 auto)
"""
import argparse
import concurrent.futures
import difflib
import fnmatch
import hashlib
import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
BUILD = ROOT / "build"
CPYTHON = "/usr/bin/python3.11"
LOGS = BUILD / "test-logs"
REFERENCE_TRIES = 5  # CPython itself crashes now and then in what these programs do
SWITCHING = ("classes", "containers", "free_attributes", "free_containers", "free_exceptions", "free_generators",
             "free_iterators", "memory")
PROGRAM_SUITES = ("lang", "diff", "threads", "limits", "regress")
# Programs and kinds of objects that are also run with threads held up at locks, slots and epochs.
HOSTILE_PROGRAMS = ("classes", "containers", "ends_while_used", "fork_in_use", "fork_states", "free_abc", "free_attributes",
                    "free_bulk", "free_classes", "free_containers", "free_elements", "free_exceptions", "free_frames",
                    "free_generators", "free_iterators", "free_itertools", "free_locals", "free_modules", "free_native_fields",
                    "free_one_step", "free_raised", "free_random", "free_tee", "free_vm_attributes", "free_whole", "memory")
HOSTILE_KINDS = ("list", "dict", "set", "deque", "bytearray", "array_i", "defaultdict", "OrderedDict", "Counter", "SimpleQueue",
                 "list_iterator", "chain", "tee", "BytesIO", "slots", "instance")
SUITES = ("checks", "unit", "model", "fault") + PROGRAM_SUITES + ("stress", "hostile", "asan", "tsan", "leaks", "fuzz", "conformance")
MEMORY = 6 << 30
SANITIZER_ENV = {
    "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1:abort_on_error=0:exitcode=99:"
                    "detect_stack_use_after_return=0",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1:exitcode=99",
    "TSAN_OPTIONS": "halt_on_error=0:exitcode=66:second_deadlock_stack=1:die_after_fork=0",
}


TSAN_REPORT = b"WARNING: ThreadSanitizer"
# Programs of threads/ that each day's `make test` runs a part of, without the lock; at length all run, in all modes.
TSAN_DAILY = ("classes", "containers", "fork_states", "free_classes", "free_elements", "free_exceptions",
              "free_generators", "free_modules", "free_native_fields", "free_vm_attributes", "memory", "mmap_shared")
# Test files of the standard library whose cases run under ThreadSanitizer, alone and in four threads at once, at length.
TSAN_FILES = ("test_thread", "test_queue", "test_list", "test_dict", "test_set", "test_collections", "test_itertools",
              "test_functools", "test_threading", "test_concurrent_futures", "test_asyncio")
TSAN_DAYS = 3


class Outcome:
    """What a program did: exit status (or `timeout`, or a signal's name), output and error output."""

    def __init__(self, status, out, err, seconds):
        self.status, self.out, self.err, self.seconds = status, out, err, seconds


def limit_memory():
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored where the runner is in the background
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def no_core():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def environment(kind, work):
    env = {k: v for k, v in os.environ.items()
           if not k.startswith(("PYTHON", "GI_", "XDG_", "LC_", "MAKE", "MFLAGS")) and k not in ("LANG", "LANGUAGE", "HOME")}
    cache = BUILD / "test-cache" / kind
    env.update(LC_ALL="C.UTF-8", TZ="UTC", HOME=str(work), TMPDIR=str(work), XDG_CACHE_HOME=str(cache),
               TERM="dumb", COLUMNS="80", **SANITIZER_ENV)
    return env


def execute(command, work, kind="opt", stdin=b"", seconds=20, extra_env=None, merge=False):
    """Runs a command in its own process group, and ends the whole group when time is up."""
    env = environment(kind, work)
    if kind == "asan":
        env["GI_DEBUG"] = "leaks"  # status 98 when objects are left at the end
    env.update(extra_env or {})
    started = time.monotonic()
    process = subprocess.Popen(
        command, cwd=work, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if merge else subprocess.PIPE, start_new_session=True,
        preexec_fn=no_core if kind in ("asan", "tsan") else limit_memory)
    try:
        out, err = process.communicate(stdin, timeout=seconds)
        status = process.returncode
        if status < 0:
            status = signal.Signals(-status).name
    except subprocess.TimeoutExpired:
        status = "timeout"
        kill_group(process.pid)
        try:
            out, err = process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            out, err = b"", b""
    kill_group(process.pid)
    return Outcome(status, out or b"", err or b"", time.monotonic() - started)


def kill_group(pid):
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def directives(path):
    found = {}
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            if not line.startswith("#"):
                break
            key, colon, value = line[1:].partition(":")
            if colon and key.strip() in ("stderr", "status", "stdin", "args", "time", "asan", "tsan", "only", "gil"):
                found[key.strip()] = value.strip()
    return found


def normal(data, work):
    """Output with what differs between two runs of one program taken out: the temporary folder."""
    data = data.replace(os.fsencode(str(work)), b"<tmp>").replace(os.fsencode(str(ROOT)), b"<root>")
    return re.sub(rb"<tmp>/tmp[a-z0-9_]{8}", b"<tmp>/dir", data)


def differences(expected, got, names=("expected", "got")):
    lines = difflib.unified_diff(expected.decode("utf-8", "backslashreplace").splitlines(),
                                 got.decode("utf-8", "backslashreplace").splitlines(), *names, lineterm="", n=2)
    return "\n".join(list(lines)[:60])


class Program:
    """One Python file of lang, diff, threads or regress, to be run by one interpreter."""

    def __init__(self, suite, path, gila, kind, mode=None):
        self.folder = path.relative_to(TESTS).parts[0]
        self.path, self.gila, self.kind = path, gila, kind
        label = str(path.relative_to(TESTS).with_suffix(""))
        self.name = label if suite == self.folder else f"{suite}/{label}"
        self.env = {"PYTHON_GIL": mode} if mode else {}
        if mode and mode != "1":
            self.name += f"/gil={mode}"
        self.options = directives(path)

    def command(self, interpreter):
        return [interpreter, str(self.path), *shlex.split(self.options.get("args", ""))]

    def stdin(self):
        return self.options.get("stdin", "").encode().decode("unicode_escape").encode()

    def once(self, interpreter, kind, seconds):
        work = Path(tempfile.mkdtemp(prefix="gila-test-"))
        try:
            outcome = execute(self.command(interpreter), work, kind, self.stdin(), seconds,
                              extra_env=self.env, merge=self.options.get("stderr") == "yes")
            outcome.out = normal(outcome.out, work)
            return outcome
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def expectation(self):
        """Returns (output or None when the program checks itself, exit status)."""
        if self.folder != "diff":
            stored = self.path.with_suffix(".out")
            return (stored.read_bytes() if stored.exists() else None), int(self.options.get("status", 0))
        stored = self.path.with_suffix(".expected")
        if not os.path.exists(CPYTHON):
            if not stored.exists():
                raise RuntimeError("python3.11 is not installed and there is no stored .expected")
            status, _, output = stored.read_bytes().partition(b"\n")
            return output, int(status)
        key = hashlib.sha256(self.path.read_bytes() + b"\0" + Path(__file__).read_bytes()).hexdigest()[:24]
        cache = BUILD / "test-cache" / "expected" / key
        if not cache.exists():
            for _ in range(REFERENCE_TRIES):
                outcome = self.once(CPYTHON, "cpython", 60)
                if isinstance(outcome.status, int):
                    break
            if not isinstance(outcome.status, int):
                raise RuntimeError(f"python3.11 itself: {outcome.status}")
            cache.parent.mkdir(parents=True, exist_ok=True)
            part = cache.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
            part.write_bytes(b"%d\n%s" % (outcome.status, outcome.out))
            part.rename(cache)
        status, _, output = cache.read_bytes().partition(b"\n")
        return output, int(status)

    def run(self):
        expected, status = self.expectation()
        seconds = float(self.options.get("time", 20)) * (5 if self.kind in ("asan", "tsan") else 1)
        outcome = self.once(self.gila, self.kind, seconds)
        problems = []
        if self.kind == "tsan" and TSAN_REPORT in outcome.err + outcome.out:
            return f"exit status {outcome.status}\n" + tsan_reports(outcome.err + outcome.out)
        if outcome.status != status:
            problems.append(f"exit status {outcome.status}, expected {status}")
        if expected is not None and outcome.out != expected:
            problems.append(differences(expected, outcome.out))
        if problems:
            problems.append(outcome.err.decode("utf-8", "replace")[-3000:])
        return "\n".join(p for p in problems if p)


class Command:
    """A test that is one command which must exit with 0."""

    def __init__(self, name, command, kind="opt", seconds=60, env=None, cwd=None, show=False):
        self.name, self.command, self.kind, self.seconds = name, command, kind, seconds
        self.env, self.cwd, self.show = env, cwd, show

    def run(self):
        work = Path(tempfile.mkdtemp(prefix="gila-test-"))
        try:
            outcome = execute([str(c) for c in self.command], self.cwd or work, self.kind, seconds=self.seconds,
                              extra_env=self.env, merge=True)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        if outcome.status == 0:
            return ""
        text = outcome.out.decode("utf-8", "replace")
        return f"exit status {outcome.status}\n" + text[-6000:]


class FaultAtStart:
    """The interpreter started again and again, with the Nth allocation from its start on failing."""

    def __init__(self, gila, most):
        self.gila, self.most = gila, most
        self.name = "fault/start"

    def run(self):
        work = Path(tempfile.mkdtemp(prefix="gila-test-"))
        end = time.monotonic() + self.most
        number = 1
        try:
            while time.monotonic() < end:
                outcome = execute([self.gila, "-c", "import json; json.dumps([1])"], work, "asan", seconds=60, merge=True,
                                  extra_env={"GI_DEBUG": f"alloc:fail={number}"})
                text = outcome.out.decode("utf-8", "replace")
                if outcome.status not in (0, 1, 120) or "runtime error:" in text:
                    return f"with allocation {number} failing: {outcome.status}\n{text[-4000:]}"
                # Steps that grow, so that all of a start is seen in the time there is.
                number += 1 + number // 12 + number * 7919 % (1 + number // 12)
                if number > 200_000:
                    number = number * 7919 % 20_011
            return ""
        finally:
            shutil.rmtree(work, ignore_errors=True)


class Limit:
    """One row of tests/limits/cases.py: a command line with its exit status and error pattern."""

    def __init__(self, case, gila, kind, runner):
        self.case, self.gila, self.kind, self.runner = case, gila, kind, runner
        self.name = f"limits/{case.name}" if kind != "asan" else f"asan/limits/{case.name}"

    def run(self):
        return self.runner(self.case, self.gila, self.kind, execute)


class Counted:
    """A runner that closes on `N passed, N failed` itself (conformance): each case is counted."""

    def __init__(self, name, command, seconds):
        self.name, self.command, self.seconds = name, command, seconds
        self.counts = None

    def run(self):
        work = Path(tempfile.mkdtemp(prefix="gila-test-"))
        try:
            outcome = execute([str(c) for c in self.command], work, "opt", seconds=self.seconds, merge=True)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        text = outcome.out.decode("utf-8", "replace")
        last = text.strip().splitlines()[-1] if text.strip() else ""
        words = last.replace(",", "").split()
        if len(words) == 4 and words[1] == "passed" and words[3] == "failed":
            self.counts = int(words[0]), int(words[2])
        return "" if outcome.status == 0 else f"exit status {outcome.status}\n{text[-8000:]}"


class Missing:
    """Stands for tests that cannot run, and fails with the reason."""

    def __init__(self, name, why):
        self.name, self.why = name, why

    def run(self):
        return self.why


def programs(folder):
    for path in sorted((TESTS / folder).rglob("*.py")):
        relative = path.relative_to(TESTS / folder).parts
        if path.name.startswith("_") or any(part.startswith(("_", "data")) for part in relative[:-1]):
            continue
        yield path


def check_tests(args):
    tools = ROOT / "tools"
    for name in ("check_layers", "check_sizes", "check_globals"):
        yield Command(f"checks/{name}", ["/usr/bin/python3", tools / f"{name}.py"])
    if (tools / "gen_natives.py").exists():
        yield Command("checks/natives_regenerate", ["/usr/bin/python3", tools / "gen_natives.py", "--check"], cwd=ROOT)
    yield Command("checks/conformance_runner", ["/usr/bin/python3", TESTS / "cpython" / "selftest.py"])
    yield Command("checks/install", ["/usr/bin/python3", TESTS / "install/check.py"], cwd=ROOT)
    if args.long:
        yield Command("checks/lint_clang", ["/usr/bin/python3", tools / "lint_clang.py"], seconds=600)
        if shutil.which("chromium"):
            yield Command("checks/page_in_browser", ["/usr/bin/python3", TESTS / "page_in_browser.py", args.gila], seconds=300)
        else:
            print("SKIPPED checks/page_in_browser: chromium is not installed (apt-get install chromium)", flush=True)
    for path in sorted(tools.glob("check_*.py")):
        if path.stem not in ("check_layers", "check_sizes", "check_globals"):
            yield Command(f"checks/{path.stem}", ["/usr/bin/python3", path], cwd=ROOT)


def ninja(kind, target):
    """Builds one target, with its output shown only when it fails; returns the failure's text."""
    if not (BUILD / kind / "build.ninja").exists():
        return f"build/{kind} is not configured: make {kind if kind != 'opt' else 'build'}"
    known = subprocess.run(["ninja", "-C", str(BUILD / kind), "-t", "query", target], capture_output=True)
    if known.returncode:
        return ""
    done = subprocess.run(["ninja", "-C", str(BUILD / kind), "-j", "2", target], capture_output=True, text=True)
    return done.stdout[-6000:] + done.stderr[-2000:] if done.returncode else ""


def unit_kind():
    return next((k for k in ("asan", "dev", "opt") if (BUILD / k / "build.ninja").exists()), "dev")


def unit_programs(kind):
    return sorted(p for p in (BUILD / kind).glob("test_*")
                  if p.is_file() and os.access(p, os.X_OK) and (TESTS / "unit").rglob(p.name + ".c"))


def unit_tests(args):
    kind = unit_kind()
    failure = ninja(kind, "unit-tests")
    if failure:
        yield Missing("unit/build", failure)
    names = {p.stem for p in (TESTS / "unit").rglob("test_*.c")}
    for path in unit_programs(kind):
        if path.name in names:
            yield Command(f"unit/{path.name}", [path], kind="asan", seconds=120)
    if args.long and not ninja("tsan", "unit-tests"):
        for path in unit_programs("tsan"):
            if path.name in names:
                yield Command(f"unit/tsan/{path.name}", [path], kind="tsan", seconds=300)


def model_tests(args):
    """The model of the GIL, one check at a time (tests/model/run.py)."""
    runner = TESTS / "model" / "run.py"
    listed = subprocess.run(["/usr/bin/python3", runner, "--list", *(["--long"] if args.long else [])],
                            capture_output=True, text=True)
    for name in listed.stdout.split():
        yield Command(f"model/{name}", ["/usr/bin/python3", runner, name], kind="asan", seconds=900 if args.long else 180)


def fault_tests(args):
    gila = BUILD / "asan" / "gila"
    if not gila.exists():
        yield Missing("fault/interpreter", "build/asan/gila is missing: make asan")
        return
    yield FaultAtStart(str(gila), 600 if args.long else 30)
    seconds = 600 if args.long else 40
    for path in programs("fault"):
        yield Command(f"fault/{path.stem}", [gila, TESTS / "fault" / "_loop.py", path, seconds], kind="asan",
                      seconds=seconds * 2 + 60)


def limit_tests(gila, kind):
    sys.path.insert(0, str(TESTS / "limits"))
    import cases
    for case in cases.CASES:
        if kind == "asan" and not case.asan:
            continue
        yield Limit(case, gila, kind, cases.run)


def program_tests(suite, gila, kind, missing):
    if missing:
        yield Missing(f"{suite}/interpreter", missing)
        return
    if suite == "limits":
        yield from limit_tests(gila, kind)
    for path in programs(suite):
        if suite == "limits" and path.name == "cases.py":
            continue
        if suite == "threads" and kind != "cpython":
            yield from in_modes(suite, path, gila, kind)
            if path.stem in SWITCHING:
                yield from switching(path, gila, kind)
        else:
            yield Program(suite, path, gila, kind)


def in_modes(suite, path, gila, kind, modes="1 0 auto"):
    """A program of threads/: with the lock, without it, and with one that is lifted."""
    for mode in directives(path).get("gil", "1 0 auto").split():
        if mode in modes.split():
            yield Program(suite, path, gila, kind, mode)


def switching(path, gila, kind):
    """The program with a change of threads at every safepoint, with the lock and without it."""
    for mode in ("1", "0"):
        program = Program("switching", path, gila, kind, mode)
        program.env["GI_DEBUG"] = "switch:every"
        yield program


def asan_tests():
    gila = BUILD / "asan" / "gila"
    if not gila.exists():
        yield Missing("asan/interpreter", "build/asan/gila is missing: make asan")
        return
    for folder in ("lang", "diff", "regress", "threads"):
        for path in programs(folder):
            if directives(path).get("asan", "").startswith("no"):
                continue
            if folder == "threads":
                yield from in_modes("asan", path, str(gila), "asan")
            else:
                yield Program("asan", path, str(gila), "asan")
    yield from limit_tests(str(gila), "asan")


def tsan_reports(text):
    """The reports of ThreadSanitizer in an output, without the stacks' ends."""
    found = re.findall(r"={18}\n(WARNING: ThreadSanitizer.*?)\n={18}", text.decode("utf-8", "replace"), re.S)
    return "\n\n".join(f"{i + 1} of {len(found)}: {report}" for i, report in enumerate(found[:10]))[:20000]


def tsan_tests(args):
    """tests/threads under ThreadSanitizer: each day a part of some, at length all, and cases of the standard library
    in four threads."""
    gila = BUILD / "tsan" / "gila"
    if not gila.exists():
        yield Missing("tsan/interpreter", "build/tsan/gila is missing: make tsan")
        return
    everything, day = args.long or args.patterns, int(time.time()) // 86400 % TSAN_DAYS
    chosen = []
    for path in programs("threads"):
        if directives(path).get("tsan", "").startswith("no"):
            continue
        if everything or path.stem in TSAN_DAILY:
            chosen += in_modes("tsan", path, str(gila), "tsan", "0 auto" if everything else "0")
    yield from chosen if everything else chosen[day::TSAN_DAYS]
    script = TESTS / "cpython" / "in_threads.py"
    for name in TSAN_FILES if everything else ():
        for how, options in (("four", []), ("plain", ["--plain"])):
            yield Command(f"tsan/cpython/{name}/{how}", ["/usr/bin/python3", script, "--python", gila, *options, name],
                          kind="tsan", seconds=1800)


def leak_tests(gila):
    script = TESTS / "leaks.py"
    if script.exists() and os.path.exists(gila):
        yield Command("leaks/leaks", ["/usr/bin/python3", script, gila], seconds=600)


def fuzz_tests(args):
    failure = ninja(unit_kind(), "fuzz-targets")
    if failure:
        yield Missing("fuzz/build", failure)
        return
    seconds = 600 if args.long else args.fuzz_seconds
    names = {p.stem for p in (ROOT / "fuzz").glob("fuzz_*.c")}
    for path in sorted((BUILD / unit_kind()).glob("fuzz_*")):
        if path.name in names and os.access(path, os.X_OK) and path.is_file():
            corpus = ROOT / "fuzz" / "corpus" / path.name
            yield Command(f"fuzz/{path.name}", [path, "--seconds", seconds, "--keep", BUILD / f"{path.name}.input", corpus, TESTS],
                          kind="asan", seconds=seconds + 120)


def conformance_tests(args):
    script = TESTS / "cpython" / "run.py"
    command = ["/usr/bin/python3", script, "--check", "-j", "2", "--python", args.gila]
    yield Counted("conformance/check", [*command, "--part", "all"] if args.long else command, 7200 if args.long else 900)


def stress_tests(args, gila, kind):
    """tests/stress: each kind of object for a moment, with another part of the pairs each day; at length
    all of them, in all modes."""
    part = f"{int(time.time()) // 86400 % 8}/8"
    programs = {"hammer": (["--seconds", "5"] if args.long else ["--seconds", "0.1"]),
                "oracle": (["--trials", "40"] if args.long else ["--trials", "4", "--part", part])}
    for mode in ("0", "auto", "1") if args.long else ("0",):
        end = "" if mode == "0" else f"/gil={mode}"
        for program, options in programs.items():
            script = TESTS / "stress" / f"stress_{program}.py"
            names = subprocess.run([gila, script, "--kinds"], capture_output=True, text=True, check=True).stdout.split()
            for name in names:
                yield Command(f"stress/{program}/{name}{end}", [gila, script, *options, name], kind, 600 if args.long else 60,
                              env={"PYTHON_GIL": mode})
        rounds = "200" if args.long else "10"
        yield Command(f"stress/pairs{end}", [gila, TESTS / "stress" / "stress_pairs.py", "--rounds", rounds], kind, 600,
                      env={"PYTHON_GIL": mode})


def hostile_tests(args):
    """Programs of threads/, the oracle and the pairs in the build with assertions and sanitizers, where threads give way or
    sleep at every lock, slot and epoch now and then (GI_DEBUG=yield:SEED); the seed is in the name, another one each day."""
    gila = BUILD / "asan" / "gila"
    if not gila.exists():
        yield Missing("hostile/interpreter", "build/asan/gila is missing: make asan")
        return
    day = int(time.time()) // 86400
    for seed in range(day * 10, day * 10 + (5 if args.long else 1)):
        debug = {"GI_DEBUG": f"leaks,yield:{seed}"}
        for stem in HOSTILE_PROGRAMS:
            program = Program("hostile", TESTS / "threads" / f"{stem}.py", str(gila), "asan", "0")
            program.name += f"/yield:{seed}"
            program.env.update(debug)
            yield program
        env = {"PYTHON_GIL": "0", "GI_DEBUG": f"yield:{seed}"}
        stress = TESTS / "stress"
        part = ["--trials", "8", "--part", f"{seed % 8}/8"] if args.long else ["--trials", "2", "--part", f"{day % 64}/64"]
        for kind in HOSTILE_KINDS:
            yield Command(f"hostile/oracle/{kind}/yield:{seed}", [gila, stress / "stress_oracle.py", *part, kind], "asan",
                          600 if args.long else 120, env=env)
        yield Command(f"hostile/pairs/yield:{seed}", [gila, stress / "stress_pairs.py", "--rounds", "2"], "asan", 600, env=env)


def collect(args, suites):
    gila, kind, missing = args.gila, "opt", ""
    if args.python:
        gila, kind = CPYTHON, "cpython"
    elif "asan" in os.path.abspath(gila).split(os.sep):
        kind = "asan"
    if not os.path.exists(gila):
        missing = f"{gila} is missing: make build"
    for suite in suites:
        if suite == "checks":
            yield from check_tests(args)
        elif suite == "unit":
            yield from unit_tests(args)
        elif suite == "model":
            yield from model_tests(args)
        elif suite == "fault":
            yield from fault_tests(args)
        elif suite in PROGRAM_SUITES:
            yield from program_tests(suite, gila, kind, missing)
        elif suite == "asan":
            yield from asan_tests()
        elif suite == "tsan":
            yield from tsan_tests(args)
        elif suite == "stress" and not missing and kind != "cpython":
            yield from stress_tests(args, gila, kind)
        elif suite == "hostile":
            yield from hostile_tests(args)
        elif suite == "leaks":
            yield from leak_tests(gila)
        elif suite == "fuzz":
            yield from fuzz_tests(args)
        elif suite == "conformance" and not missing:
            yield from conformance_tests(args)


def read_not_yet():
    """Patterns of tests/not_yet.txt: what is known not to work, each line with its reason. Those
    tests run all the same; their failures are shown and counted as skipped."""
    path = TESTS / "not_yet.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]


class Report:
    """Counts results, keeps the logs of failures and shows how far the run is."""

    def __init__(self, total, verbose):
        self.total, self.verbose = total, verbose
        self.passed = self.failed = self.skipped = 0
        self.failures = []
        self.not_yet = read_not_yet()
        self.lock = threading.Lock()
        self.terminal = sys.stdout.isatty()
        self.shown = time.monotonic()

    def add(self, test, problem, seconds):
        with self.lock:
            passed, failed = getattr(test, "counts", None) or ((0, 1) if problem else (1, 0))
            if problem and not failed:
                failed = 1
            plain = test.name.removeprefix("asan/")
            if problem and any(fnmatch.fnmatch(n, pattern) for n in {test.name, plain} for pattern in self.not_yet):
                self.skipped += failed
                self.passed += passed
                log = LOGS / (test.name.replace("/", "_") + ".txt")
                log.parent.mkdir(parents=True, exist_ok=True)
                log.write_text(problem + "\n", encoding="utf-8", errors="backslashreplace")
                self.clear()
                print(f"not yet {test.name} ({seconds:.1f} s)", flush=True)
                return
            self.passed += passed
            self.failed += failed
            if problem:
                self.failures.append(test.name)
                log = LOGS / (test.name.replace("/", "_") + ".txt")
                log.parent.mkdir(parents=True, exist_ok=True)
                log.write_text(problem + "\n", encoding="utf-8", errors="backslashreplace")
                self.clear()
                print(f"FAILED {test.name} ({seconds:.1f} s)")
                print("    " + problem.strip()[:1800].replace("\n", "\n    "), flush=True)
            elif self.verbose:
                self.clear()
                print(f"ok     {test.name} ({seconds:.1f} s)", flush=True)
            self.progress(test.name)

    def clear(self):
        if self.terminal:
            print("\r\x1b[K", end="")

    def progress(self, name):
        text = f"{self.passed} passed, {self.failed} failed so far ({name})"
        if self.terminal:
            print(f"\r\x1b[K[{self.total} tests] {text}"[:110], end="", flush=True)
        elif time.monotonic() - self.shown > 20:
            self.shown = time.monotonic()
            print(f"[{self.total} tests] {text}", flush=True)


def guarded(test):
    try:
        return test.run()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def default_gila():
    for path in (os.environ.get("GILA"), BUILD / "gila", BUILD / "dev" / "gila"):
        if path and os.path.exists(path):
            return str(path)
    return str(BUILD / "gila")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--gila", default=default_gila())
    parser.add_argument("--python", action="store_true")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--fuzz-seconds", type=int, default=60)
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("-v", action="store_true")
    parser.add_argument("patterns", nargs="*")
    args = parser.parse_args()
    args.gila = os.path.abspath(args.gila)
    suites = args.only.split(",") if args.only else SUITES
    if args.python and not args.only:
        suites = PROGRAM_SUITES
    for suite in suites:
        if suite not in SUITES:
            parser.error(f"no such suite: {suite}")
    tests = [t for t in collect(args, suites)
             if not args.patterns or any(p in t.name or fnmatch.fnmatch(t.name, p) for p in args.patterns)]
    if args.list:
        print("\n".join(t.name for t in tests))
        return 0
    shutil.rmtree(LOGS, ignore_errors=True)
    report = Report(len(tests), args.v)
    started = time.monotonic()

    def timed(test):
        begin = time.monotonic()
        problem = guarded(test)
        report.add(test, problem, time.monotonic() - begin)

    with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
        list(pool.map(timed, tests))
    report.clear()
    if report.failures:
        print("failed: " + " ".join(report.failures))
    print(f"{time.monotonic() - started:.0f} s")
    if not report.passed and not report.failed:
        print("no test ran")
        report.failed = 1
    skipped = f", {report.skipped} skipped" if report.skipped else ""
    print(f"{report.passed} passed, {report.failed} failed{skipped}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
