# time: 60
"""The interactive prompt on a terminal and on a pipe: statements over lines, errors, Ctrl-C, Ctrl-D,
history, completion, -i, PYTHONSTARTUP."""
import os
import pty
import select
import subprocess
import sys
import tempfile
import time

home = tempfile.mkdtemp()
PROMPTS = (b">>> ", b"... ", b"? ")


def read_until(fd, ends, limit=20):
    """Reads from the terminal until what came ends with one of `ends`, or its end."""
    seen, end = b"", time.monotonic() + limit
    while not seen.endswith(ends):
        assert time.monotonic() < end, (ends, seen)
        if select.select([fd], [], [], 0.2)[0]:
            try:
                data = os.read(fd, 65536)
            except OSError:
                break
            if not data:
                break
            seen += data
    return seen


def start(term):
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(sys.executable, [sys.executable, "-q"],
                  {"TERM": term, "HOME": home, "LC_ALL": "C.UTF-8", "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", home)})
    return pid, fd


def session(lines, term="dumb"):
    """Types lines at a prompt; returns what each brought, and the exit status after Ctrl-D."""
    pid, fd = start(term)
    read_until(fd, PROMPTS)
    results = []
    for line in lines:
        time.sleep(0.1)
        os.write(fd, line.encode())
        results.append(read_until(fd, PROMPTS).decode().replace("\r\n", "\n"))
    time.sleep(0.2)  # as before each line: what is typed while the terminal's mode changes is lost
    os.write(fd, b"\x04")
    read_until(fd, (b"never",))
    return results, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def shown(results):
    """What followed the echo of the line, without the prompt."""
    return [r.partition("\n")[2].rpartition("\n")[0] for r in results]


lines = ["1 + 1\n", "_ * 3\n", "def f(x):\n", "    return x + 1\n", "\n", "f(4)\n", "1 / 0\n", "x = (1,\n", "2)\n", "x\n", "foo bar\n",
         "'''abc\n", "def'''\n", "\n", "# comment\n", "x = 5; x\n", "None\n", "if 1:\n", "  'a'\n", "  'b'\n", "\n"]
results, status = session(lines)
output = shown(results)
assert status == 0, status
for line, text in (("1 + 1\n", "2"), ("_ * 3\n", "6"), ("x\n", "(1, 2)"), ("def'''\n", "'abc\\ndef'"),
                   ("x = 5; x\n", "5"), ("None\n", ""), ("f(4)\n", "5"),
                   ("1 / 0\n", 'Traceback (most recent call last):\n  File "<stdin>", line 1, in <module>\nZeroDivisionError: division by zero'),
                   ("foo bar\n", '  File "<stdin>", line 1\n    foo bar\n        ^^^\nSyntaxError: invalid syntax')):
    assert output[lines.index(line)] == text, (line, output[lines.index(line)])
assert output[-1] == "'a'\n'b'", output[-1]

# Ctrl-C at the prompt, in a statement that is being typed, in computation, in sleep, in input()
results, status = session(["import time\n", "\x03", "class A:\n", "\x03", "y = 1\n", "y\n"])
assert "KeyboardInterrupt" in results[1] and results[1].endswith(">>> "), results[1]
assert "KeyboardInterrupt" in results[3] and results[3].endswith(">>> "), results[3]
assert shown(results)[5] == "1", results
pid, fd = start("dumb")
read_until(fd, (b">>> ",))
for statement in (b"while 1: pass\n\n", b"import time; time.sleep(60)\n", b"input('? ')\n"):
    os.write(fd, statement)
    time.sleep(0.4)
    os.write(fd, b"\x03")
    while b"KeyboardInterrupt" not in read_until(fd, (b">>> ",)):
        pass
time.sleep(0.2)
os.write(fd, b"raise SystemExit(3)\n")
read_until(fd, (b"never",))
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 3

# A terminal that can edit: cursor keys, history kept from one session to the next, completion
results, status = session(["value_one = 41\n", "value_on\t + 1\n", "\x1b[A\n"], term="xterm")
assert "42" in results[1] and "42" in results[2], results
assert "value_on" in open(home + "/.gila_history").read()
results, status = session(["\x1b[A\x1b[A\n", "value_one\n"], term="xterm")  # the line before the last one
assert "41" in shown(results)[1], results


def run(args, text, **env):
    return subprocess.run([sys.executable, *args], input=text, capture_output=True, text=True, env={**os.environ, **env})


# -i, ps1 and ps2 that are objects, PYTHONSTARTUP, piped input
r = run(["-i", "-c", "x = 5"], "print(x)\n")
assert (r.stdout, r.stderr, r.returncode) == ("5\n", ">>> >>> \n", 0), r
r = run(["-i", "-c", "raise SystemExit(4)"], "")
assert r.stderr.startswith("Traceback") and "SystemExit: 4\n>>> " in r.stderr and r.returncode == 0, r
r = run(["-i", "-q"], "import sys\nclass P:\n    n = 0\n    def __str__(self):\n        P.n += 1\n        return f'[{P.n}] '\n\nsys.ps1 = P()\n1\n2\n")
assert r.stdout == "1\n2\n" and r.stderr.endswith("[1] [2] [3] \n"), r
r = run(["-i", "-q"], "1/0\nx = 3\nx\nraise SystemExit('bye')\nnever\n")
assert r.stdout == "3\n" and "ZeroDivisionError" in r.stderr and r.stderr.endswith("bye\n") and r.returncode == 1, r
startup = os.path.join(home, "startup.py")
with open(startup, "w") as file:
    file.write("from_startup = __file__\nprint('started')\n")
r = run(["-i", "-q"], "from_startup\n'__file__' in globals()\n", PYTHONSTARTUP=startup)
assert r.stdout == f"started\n{startup!r}\nFalse\n", r
r = run(["-i", "-q"], "1\n", PYTHONSTARTUP="/nowhere.py")
assert "Could not open PYTHONSTARTUP\nFileNotFoundError: [Errno 2] No such file or directory: '/nowhere.py'" in r.stderr and r.stdout == "1\n", r
r = run(["-i"], "")
assert r.stderr.startswith("Python 3.11") and 'Type "help"' in r.stderr, r
r = run(["-i", "-q"], "from __future__ import annotations\ndef f(a: nope): pass\n\nf.__annotations__\n")
assert r.stdout == "{'a': 'nope'}\n", r
