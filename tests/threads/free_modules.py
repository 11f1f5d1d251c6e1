# gil: 0
"""Attributes of modules, sys and builtins that are replaced and deleted while other threads use them, and imports
in several threads, without the lock."""
import sys

import builtins
import copy
import importlib
import io
import threading
import types

from _together import in_threads_for


def check_attributes():
    m = types.ModuleType("m")
    m.x = [0]

    def write():
        m.x = [1]
        m.y = [2]
        setattr(m, "x", [3])

    def delete():
        try:
            del m.y
        except AttributeError:
            pass

    def grow():
        for i in range(40):
            setattr(m, f"v{i}", [i])
        for i in range(40):
            delattr(m, f"v{i}")

    def read():
        assert getattr(m, "x")[0] in (0, 1, 3)
        assert getattr(m, "y", [2]) == [2] and getattr(m, "__name__") == "m" and "m" in repr(m)
        try:
            m.missing
        except AttributeError as e:
            assert str(e) == "module 'm' has no attribute 'missing'"

    in_threads_for(0.3, write, delete, grow, read)


def check_streams():
    keep = sys.stdout
    try:
        def replace():
            sys.stdout = io.StringIO()

        def show():
            print("text")

        in_threads_for(0.2, replace, replace, show, show)
    finally:
        sys.stdout = keep


def check_builtins():
    names = ["iter", "getattr", "reversed"]
    originals = {name: getattr(builtins, name) for name in names}

    def wrapped(name):
        f = originals[name]
        return lambda *args: f(*args)

    def replace():
        for name in names:
            setattr(builtins, name, wrapped(name))

    def use():
        [1].__iter__().__reduce__(), [].append.__reduce__(), [1].__reversed__().__reduce__(), "a".__iter__().__reduce__()
        copy.copy(use)

    try:
        in_threads_for(0.15, replace, use, use)
    finally:
        for name in names:
            setattr(builtins, name, originals[name])


def check_imports():
    names = ["json", "decimal", "fractions", "csv", "zoneinfo", "array", "_pickle", "pickle", "statistics", "colorsys"]
    barrier = threading.Barrier(4)
    failed = []

    def run():
        for name in names:
            barrier.wait()
            try:
                importlib.import_module(name).__spec__.name
            except BaseException as e:
                failed.append((name, e))
                raise

    threads = [threading.Thread(target=run) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not failed, failed


def check_codecs():
    import codecs
    barrier = threading.Barrier(4)
    results = []

    def run():
        for name in ("cp1252", "koi8_r", "mac_roman", "utf_7", "punycode"):
            barrier.wait()
            results.append(codecs.lookup(name).name)
            codecs.register_error(f"own_{name}", lambda e: ("?", e.end))
            "abc".encode(name, f"own_{name}")

    threads = [threading.Thread(target=run) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(results) == 20, results


check_attributes()
check_streams()
check_builtins()
check_imports()
check_codecs()
