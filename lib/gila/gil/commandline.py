"""The command line of `gila -m gil`: options, what is run, and where the report goes."""
import contextlib
import json
import os
import shutil
import sys

from . import analysis, compare, free, jsonreport, page, recording, textreport, top, tracefile

HELP = """\
usage: gila -m gil report [options] PROG.py [ARG ...]
       gila -m gil report [options] -m MODULE [ARG ...]
       gila -m gil report [options] -c CODE [ARG ...]
       gila -m gil report [options] --from FILE
       gila -m gil top [options] PID

Shows what the lock around the interpreter (the GIL) does to a program with threads; of a program
without it (-X gil=0, -X gil=auto), what its threads wait for there.

  report   runs the program, records who had the lock and who waited for it, and says in words
           what kind of program it is, what to do, and what that would gain
  top      the threads of a running process, live

gila -m gil report --help, gila -m gil top --help tell more; docs/gil.md explains the numbers.
Inside a program: import gil; help(gil).
"""

REPORT_HELP = """\
usage: gila -m gil report [options] PROG.py [ARG ...]
       gila -m gil report [options] -m MODULE [ARG ...]
       gila -m gil report [options] -c CODE [ARG ...]
       gila -m gil report [options] --from FILE

Runs a program in an interpreter of its own and records what its threads do with the lock. When it
ends - by itself, by an error, by Ctrl-C, by a signal - the report comes on standard output and the
exit status is the program's (128 + N when signal N killed it). Options come before the program;
those of the interpreter (gila -X gil=0 -m gil report ...) are the program's too.

  --html FILE        write a page with a timeline of all threads, which needs no network
  --json             the report as JSON instead of text; docs/gil.md has the schema
  --output FILE      write the text or the JSON into FILE, not to standard output
  --trace FILE       keep the recording: Chrome's trace-event JSON, which Perfetto opens
  --cores N[,N...]   forecast for so many cores (this machine's, 4 and 8)
  --compare          run the program again, unrecorded, in each way there is, and set the forecast
                     beside the result: with the lock, without it, with one that is lifted when
                     threads wait for it, and with processes where the program offers it: when
                     - its text mentions the environment variable GILA_WORKERS, which is then set to
                       "threads" or "processes", or
                     - --processes gives the arguments that make it use processes
  --processes ARGS   for --compare: the program's arguments for its run with processes, as one word
  --from FILE        report on a trace recorded before (gila -X gil-trace=FILE, gil.trace(FILE))
  --quiet            no progress line on the terminal
  -h, --help         show this

Bad options, an output file that cannot be written, a file that is no trace: exit status 2.
"""

TOP_HELP = """\
usage: gila -m gil top [options] PID

Shows the threads of a running Gila process of yours: who runs, who waits for the lock, who is in
which call, and how much of the time since the last look. q or Ctrl-C ends it.

  --every SECONDS    look so often (1)
  --times N          end after N looks
  --json             one look as JSON: counters since the process started; docs/gil.md has the keys
  -h, --help         show this

Where standard output is no terminal it looks twice, a second apart (--every), and prints one table.
No such process, another user's, or one that is not Gila: one line, exit status 2.
"""


class UsageError(Exception):
    """One line about what is wrong with the command line, or with a file that it names."""


class Options:
    """Options by name, and the words after them."""

    def __init__(self, words, flags, valued, stop=()):
        self.set, self.rest = {}, []
        words = list(words)
        while words:
            word = words.pop(0)
            if word in stop or not word.startswith("-") or word == "-":
                self.rest = [word, *words]
                break
            name, equals, value = word.partition("=")
            if word == "--":
                self.rest = words
                break
            if name in flags and not equals:
                self.set[name] = True
            elif name in valued:
                if not equals:
                    if not words:
                        raise UsageError(f"{name} needs a value")
                    value = words.pop(0)
                self.set[name] = value
            else:
                raise UsageError(f"there is no option {word}")

    def get(self, name, default=None):
        return self.set.get(name, default)


def _cores(text):
    try:
        cores = [int(part) for part in text.split(",")]
    except ValueError:
        cores = [0]
    if not all(1 <= n <= 100_000 for n in cores):
        raise UsageError(f"--cores {text}: numbers from 1 are needed, such as 2,4,8")
    return cores


def _check_writable(path, option):
    """Before a long run, not after it: can this file be written?"""
    try:
        existed = os.path.exists(path)
        with open(path, "ab"):
            pass
        if not existed:
            os.unlink(path)
    except (OSError, ValueError) as error:
        raise UsageError(f"{option} {path}: {getattr(error, 'strerror', None) or error}") from None


class Writer:
    """Where the report goes: standard output, or --output FILE."""

    def __init__(self, path):
        self.path = path

    def write(self, text):
        if self.path is None:
            sys.stdout.write(text)
            sys.stdout.flush()
        else:
            with _file("--output", self.path), open(self.path, "w", encoding="utf-8") as file:
                file.write(text)


@contextlib.contextmanager
def _file(option, path):
    """What cannot be written in the block is told with the option and the name of the file."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"{option} {path}: {error.strerror or error}") from None


def _program_of(words):
    """The words that are the program; a file that is not there is told now."""
    if not words:
        raise UsageError("a program is needed: gila -m gil report PROG.py")
    if words[0] in ("-m", "-c"):
        if len(words) < 2:
            raise UsageError(f"{words[0]} needs a value")
    elif words[0] != "-" and not os.path.exists(words[0]):
        raise UsageError(f"{words[0]}: there is no such file")
    return words


def title_of(words):
    """How the report names the program."""
    words = ["-c …", *words[2:]] if words[0] == "-c" else words
    words = [os.path.basename(words[0]), *words[1:]] if words[0][:1] != "-" else words
    return textreport.cut(" ".join(words).replace("\n", " "), 60)


def report(words):
    flags = {"--json", "--compare", "--quiet", "-h", "--help"}
    options = Options(words, flags, {"--html", "--output", "--trace", "--cores", "--processes", "--from"}, stop=("-m", "-c"))
    if options.get("-h") or options.get("--help"):
        sys.stdout.write(REPORT_HELP)
        return 0
    for name in ("--html", "--output", "--trace"):
        if name in options.set:
            _check_writable(options.get(name), name)
    cores = _cores(options.get("--cores")) if "--cores" in options.set else None
    if "--processes" in options.set and not options.get("--compare"):
        raise UsageError("--processes goes with --compare")
    source = options.get("--from")
    if source is not None:
        if options.rest or options.get("--compare") or options.get("--trace"):
            raise UsageError("--from FILE goes with neither a program nor --compare nor --trace")
        trace = tracefile.read(source)
        title = title_of(trace.argv[1:] and [os.path.basename(trace.program), *_arguments(trace)] or [trace.program])
        return _finish(options, cores, trace, title, None, [], None)
    program = _program_of(options.rest)
    with recording.Recording(program, options.get("--quiet", False)) as recorded:
        ended = recorded.ended
        trace = tracefile.read(recorded.path)
        others = _others(recorded)
        compared = None
        if options.get("--compare") and not ended.interrupted:
            compared = lambda found: compare.run(found, ended, program, options.get("--processes"), options.get("--quiet", False))
        status = _finish(options, cores, trace, title_of(program), ended, others, compared)
        if "--trace" in options.set:
            with _file("--trace", options.get("--trace")):
                recorded.keep(options.get("--trace"))
    return status


def _arguments(trace):
    """The arguments of a recorded program: what follows it on its command line."""
    argv = trace.argv
    return argv[argv.index(trace.program) + 1:] if trace.program in argv else []


def _others(recorded):
    """The traces of forked processes that can be read."""
    found = []
    for path in recorded.others():
        try:
            found.append(tracefile.read(path))
        except (OSError, tracefile.TraceError):
            pass  # it was forked a moment before the end
    return found


def _finish(options, cores, trace, title, ended, others, compared):
    facts = analysis.Facts(trace, ended.cpu if ended else None)
    found = free.verdict_of(facts, cores)
    rows = compared(found) if compared else None
    terminal = sys.stdout.isatty() and "--output" not in options.set
    writer = Writer(options.get("--output"))
    said = None if ended is None else ended.words() + (", ended by Ctrl-C" if ended.interrupted else "")
    if options.get("--json"):
        writer.write(json.dumps(jsonreport.report(found, title, ended, rows), indent=1) + "\n")
    else:
        width = min(shutil.get_terminal_size((100, 24)).columns, 120)
        encoding = "utf-8" if "--output" in options.set else sys.stdout.encoding
        text = textreport.report(found, title, said, width, terminal and "NO_COLOR" not in os.environ, encoding)
        if terminal:
            text = "\n" + text
        if rows is not None:
            text += compare.text(rows, width, found.cpus)
        writer.write(text)
    if "--html" in options.set:
        with _file("--html", options.get("--html")):
            page.write(options.get("--html"), found, title, said, others, rows)
        if not options.get("--json"):
            print(f"\nThe page is in {options.get('--html')}", file=sys.stderr)
    return ended.exit_status if ended else 0


def live(words):
    options = Options(words, {"--json", "-h", "--help"}, {"--every", "--times"})
    if options.get("-h") or options.get("--help"):
        sys.stdout.write(TOP_HELP)
        return 0
    if len(options.rest) != 1:
        raise UsageError("one PID is needed: gila -m gil top PID")
    text = options.rest[0]
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1 << 31):
        raise UsageError(f"{text} is not the number of a process")
    try:
        every = float(options.get("--every", 1))
        most = int(options.get("--times", 0))
    except ValueError:
        raise UsageError("--every and --times need numbers") from None
    if not 0.05 <= every <= 3600 or most < 0:
        raise UsageError("--every takes 0.05 to 3600 seconds, --times a number from 1")
    return top.run(int(text), every, most, options.get("--json", False))


def complain(text):
    try:
        print(f"gila -m gil: {text}", file=sys.stderr)
    except OSError:
        pass
    return 2


def main(words):
    """Runs a command; gives the exit status."""
    try:
        if not words or words[0] in ("-h", "--help", "help"):
            sys.stdout.write(HELP)
            return 0 if words else 2
        if words[0] == "report":
            return report(words[1:])
        if words[0] == "top":
            return live(words[1:])
        return complain(f"there is no command {words[0]}: report and top are there (gila -m gil --help)")
    except (UsageError, recording.RecordingError, tracefile.TraceError, top.TopError) as error:
        return complain(error)
    except BrokenPipeError:
        sys.stdout = None  # nobody reads it; no complaint at the end either
        return 2
    except OSError as error:
        return complain(f"{error.filename}: {error.strerror}" if error.filename else error.strerror or error)
    except KeyboardInterrupt:
        return 130
