# time: 60
"""subprocess, multiprocessing, signal, os.fork with threads, command line behaviour of the interpreter."""
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from _show import err, show


def square(x):
    return x * x


def fails(x):
    raise ValueError(f"failed {x}")


def put(q, v):
    q.put(v * 2)


def add(counter, lock, n):
    for _ in range(n):
        with lock:
            counter.value += 1


def echo(conn):
    while (m := conn.recv()) is not None:
        conn.send(("echo", m))
    conn.close()


def fill(name):
    from multiprocessing import shared_memory
    shm = shared_memory.SharedMemory(name=name)
    shm.buf[:5] = b"child"
    shm.close()


def initial(v):
    global value
    value = v


def get_initial(_):
    return value


def main():
    py = sys.executable
    r = subprocess.run([py, "-c", "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"], capture_output=True, text=True)
    print(r.returncode, repr(r.stdout), repr(r.stderr))
    print(subprocess.check_output([py, "-c", "print(input()[::-1])"], input=b"abc\n"), subprocess.call(["true"]), subprocess.getoutput("echo hi"), subprocess.getstatusoutput("exit 4"))
    err(subprocess.run, ["/no/such/program"])
    err(subprocess.check_call, ["false"])
    try:
        subprocess.run(["sleep", "5"], timeout=0.1)
    except subprocess.TimeoutExpired as e:
        print(type(e).__name__, e.cmd, round(e.timeout, 1))
    p = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    p.stdin.write("line\n")
    p.stdin.flush()
    print(p.stdout.readline(), p.poll(), p.communicate("more"), p.returncode)
    p = subprocess.Popen(["sleep", "10"])
    p.terminate()
    print(p.wait(), p.args)
    p = subprocess.Popen("echo $X; exit 2", shell=True, env={"X": "env"}, stdout=subprocess.PIPE, cwd="/")
    print(p.communicate()[0], p.returncode)
    with subprocess.Popen(["sh", "-c", "cat; echo e >&2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as p:
        print(p.communicate(b"x" * 100000)[0][-5:])
    p1 = subprocess.Popen(["echo", "piped"], stdout=subprocess.PIPE)
    p2 = subprocess.Popen(["tr", "a-z", "A-Z"], stdin=p1.stdout, stdout=subprocess.PIPE)
    p1.stdout.close()
    print(p2.communicate()[0], p1.wait())
    print(subprocess.run([py, "-c", "import os; print(sorted(os.listdir('/proc/self/fd')).__len__() < 10)"], capture_output=True).stdout)
    r, w = os.pipe()
    print(subprocess.run([py, "-c", f"import os; os.write({w}, b'passed')"], pass_fds=[w]).returncode, os.read(r, 10))
    print(subprocess.CompletedProcess(["a"], 1), subprocess.list2cmdline(["a b", 'c"d']), subprocess.run(["sh", "-c", "kill -9 $$"]).returncode)
    # The command line
    for args, stdin in ((["-c", "import sys; print(sys.argv)", "a", "-b"], ""), (["-", "x"], "import sys; print(sys.argv, __name__, __file__ if '__file__' in globals() else None)"), ([], "print(__name__)"),
                        (["-c", "print(__name__, __file__ if '__file__' in globals() else None)"], ""), (["-m", "this_is_missing"], ""), (["-c", "1/0"], ""), (["-c", "import sys; sys.exit('message')"], ""), (["-c", "import sys; sys.exit(256)"], ""),
                        (["-c", "raise SystemExit"], ""), (["-c", "raise KeyboardInterrupt"], ""), (["-E", "-s", "-c", "import sys; print(sys.flags.ignore_environment, sys.flags.no_user_site)"], ""), (["-I", "-c", "import sys; print(sys.flags.isolated, sys.path[0] == '')"], ""),
                        (["-O", "-c", "assert 0; print(__debug__)"], ""), (["-OO", "-c", "def f(): 'doc'\nprint(f.__doc__)"], ""), (["-W", "error", "-c", "import warnings; warnings.warn('w')"], ""), (["-u", "-c", "print('unbuffered')"], ""), (["-B", "-c", "import sys; print(sys.dont_write_bytecode)"], ""), (["-S", "-c", "import sys; print('site' in sys.modules)"], ""),
                        (["-q", "-c", "print(1)"], ""), (["-X", "utf8", "-c", "import sys; print(sys.flags.utf8_mode)"], ""), (["-X", "dev", "-c", "import sys; print(sys.flags.dev_mode)"], ""), (["-b", "-c", "import sys; print(sys.flags.bytes_warning)"], ""), (["-bb", "-c", "b'a' == 'a'"], ""), (["-P", "-c", "import sys; print(sys.flags.safe_path)"], ""), (["-x", "t.py"], ""), (["-d", "-v" if False else "-c", "pass"], ""),
                        (["-c", "x = (1,\n"], ""), (["-c", "  indented"], ""), (["-i", "-c", "x = 5"], "print(x)\n"), (["-m", "json.tool"], '{"a":1}'), (["-W", "nonsense", "-c", "print('w')"], ""), (["-c", "import sys; print(sys.warnoptions)"], ""), (["-Wd", "-Wi::Warning", "-c", "import sys; print(sys.warnoptions)"], "")):
        r = subprocess.run([py, *args], input=stdin, capture_output=True, text=True)
        print(args[:3], r.returncode, repr(r.stdout[:300]), repr(r.stderr.replace(py, "PY").replace(os.path.basename(py), "PY")[:400]) if args[:2] != ["-x", "t.py"] else "")
    for env, code in (({"PYTHONPATH": "/a:/b"}, "import sys; print(sys.path[1:3])"), ({"PYTHONDONTWRITEBYTECODE": "1"}, "import sys; print(sys.dont_write_bytecode)"), ({"PYTHONWARNINGS": "error,ignore::DeprecationWarning"}, "import sys; print(sys.warnoptions)"), ({"PYTHONOPTIMIZE": "1"}, "print(__debug__)"), ({"PYTHONIOENCODING": "latin-1:replace"}, "import sys; print(sys.stdout.encoding, sys.stdout.errors)"), ({"PYTHONUTF8": "0", "LC_ALL": "C"}, "import sys; print(sys.flags.utf8_mode, sys.stdout.encoding)"), ({"PYTHONHASHSEED": "0"}, "print(hash('a') == hash('a'))"), ({"PYTHONSAFEPATH": "1"}, "import sys; print(sys.flags.safe_path)"), ({"PYTHONINTMAXSTRDIGITS": "5000"}, "import sys; print(sys.get_int_max_str_digits())"), ({"PYTHONNOUSERSITE": "1"}, "import sys; print(sys.flags.no_user_site)"), ({"PYTHONUNBUFFERED": "1"}, "import sys; print(sys.stdout.write_through)"), ({"PYTHONPYCACHEPREFIX": "/tmp/x"}, "import sys; print(sys.pycache_prefix)")):
        r = subprocess.run([py, "-c", code], env={**os.environ, **env}, capture_output=True, text=True)
        print(env, r.returncode, r.stdout, r.stderr[-200:])
    # Signals
    got = []
    old = signal.signal(signal.SIGUSR1, lambda s, f: got.append((s, f is not None)))
    os.kill(os.getpid(), signal.SIGUSR1)
    show(got, old, signal.getsignal(signal.SIGUSR1) is not None, signal.Signals(2), signal.strsignal(9), signal.SIGTERM.name, signal.default_int_handler.__name__)
    signal.signal(signal.SIGALRM, lambda s, f: got.append("alarm"))
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    time.sleep(0.1)
    print(got[-1], signal.alarm(0), signal.getitimer(signal.ITIMER_REAL))

    def raising(s, f):
        raise TimeoutError("from handler")

    signal.signal(signal.SIGALRM, raising)
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    err(time.sleep, 2)
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    try:
        while True:
            pass
    except TimeoutError as e:
        print("loop interrupted", e)
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)
    except KeyboardInterrupt:
        print("KeyboardInterrupt")
    err(signal.signal, 99, signal.SIG_DFL)
    err(signal.signal, signal.SIGKILL, signal.SIG_DFL)
    err(signal.signal, signal.SIGUSR1, 5)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    os.kill(os.getpid(), signal.SIGUSR1)
    print(signal.sigpending(), signal.sigwait([signal.SIGUSR1]))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])
    # multiprocessing
    for method in ("fork", "spawn", "forkserver"):
        ctx = multiprocessing.get_context(method)
        q = ctx.Queue()
        p = ctx.Process(target=put, args=(q, 21), name="named")
        p.start()
        print(method, q.get(timeout=20), p.join(), p.exitcode, p.name, p.is_alive())
        with ctx.Pool(2) as pool:
            show(pool.map(square, range(5)), pool.apply(square, (9,)), list(pool.imap(square, [1, 2])), pool.apply_async(square, (3,)).get(10), sorted(pool.imap_unordered(square, [2, 3])), pool.starmap(pow, [(2, 3)]))
            err(pool.map, fails, [1])
        counter, lock = ctx.Value("i", 0), ctx.Lock()
        ps = [ctx.Process(target=add, args=(counter, lock, 100)) for _ in range(2)]
        for p in ps:
            p.start()
        for p in ps:
            p.join()
        print(counter.value)
        a, b = ctx.Pipe()
        p = ctx.Process(target=echo, args=(b,))
        p.start()
        a.send({"k": [1]})
        print(a.recv(), a.poll(0), a.send(None), p.join())
        with ProcessPoolExecutor(2, mp_context=ctx, initializer=initial, initargs=("init",)) as ex:
            print(list(ex.map(square, range(4))), ex.submit(get_initial, 0).result(10), repr(ex.submit(fails, 5).exception(10)))
    p = multiprocessing.Process(target=sys.exit, args=(5,))
    p.start()
    p.join()
    print(p.exitcode)
    p = multiprocessing.Process(target=time.sleep, args=(20,))
    p.start()
    p.terminate()
    p.join()
    print(p.exitcode)
    with multiprocessing.Manager() as m:
        d, l = m.dict(), m.list([1])
        d["a"] = 1
        l.append(2)
        print(dict(d), list(l), m.Value("i", 5).value, m.Namespace() is not None)
    from multiprocessing import shared_memory
    shm = shared_memory.SharedMemory(create=True, size=10)
    p = multiprocessing.Process(target=fill, args=(shm.name,))
    p.start()
    p.join()
    print(bytes(shm.buf[:5]))
    shm.close()
    shm.unlink()
    arr = multiprocessing.Array("d", [1.5, 2.5])
    show(arr[:], len(arr), multiprocessing.cpu_count() > 0, multiprocessing.current_process().name, multiprocessing.active_children(), multiprocessing.get_all_start_methods())
    sem, ev, bar = multiprocessing.Semaphore(2), multiprocessing.Event(), multiprocessing.Barrier(1)
    print(sem.acquire(), sem.acquire(), sem.acquire(False), ev.is_set(), ev.set(), ev.wait(1), bar.wait())


if __name__ == "__main__":
    main()
