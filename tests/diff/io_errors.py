"""What closed streams and wrong arguments of open() say."""
import io
import os
import pickle

PATH = "/tmp/gila-io-errors-%d" % os.getpid()
METHODS = ("read readline peek read1 readinto write seek tell truncate flush readable fileno isatty detach seekable "
           "writable __next__ __iter__ readlines writelines __enter__ readall name mode raw closed newlines encoding "
           "errors line_buffering write_through reconfigure closefd _blksize _CHUNK_SIZE getvalue getbuffer").split()
ARGUMENTS = {"readinto": lambda text: [bytearray(3)], "seek": lambda text: [0],
             "write": lambda text: ["3" if text else b"3"], "writelines": lambda text: [["a" if text else b"a"]]}


def show(call):
    try:
        result = call()
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)
    return repr(result) if not isinstance(result, io.BytesIO) else "BytesIO"


def poke(stream, text=False):
    for name in METHODS:
        def call():
            value = getattr(stream, name)
            return value(*ARGUMENTS.get(name, lambda text: [])(text)) if callable(value) else value
        print(name, show(call).replace(PATH, "PATH"))


with open(PATH, "wb") as f:
    f.write(b"hello\nworld\n")
for mode, buffering in ("rb", -1), ("wb", -1), ("r+b", -1), ("w", -1), ("r", -1), ("wb", 0), ("rb", 0):
    stream = open(PATH, mode, buffering)
    stream.close()
    print("#", mode, buffering, repr(stream).replace(PATH, "PATH"))
    poke(stream, "b" not in mode)
for stream in io.StringIO("x"), io.BytesIO(b"x"):
    stream.close()
    poke(stream, isinstance(stream, io.StringIO))
for args in (("q",), ("rw",), ("rbt",), ("",), ("r+r",), ("r", 0), ("r", -1, "nope"), ("rb", -1, "utf-8"),
             ("rb", -1, None, "strict"), ("rb", -1, None, None, "\n"), ("r", -1, None, None, "q"), ("U",), ("rU",), (1,),
             ("r", "a"), ("r", 1, 1), ("r", 1, None, 1), ("r", 1, None, None, 1), ("b",), ("+",), ("rr",), ("r++",),
             ("xw",), ("w", -1, None, None, None, False)):
    print(args, show(lambda: open(PATH, *args)))
for file in 1.5, -1, None, [], "a\0b", b"a\0b", "/nope/x", "/tmp", 999, "\udcff\ud800":
    print(repr(file), show(lambda: open(file)))
for mode, buffering in ("r", -1), ("rb", -1), ("r+b", -1), ("rb", 0):
    with open(PATH, mode, buffering) as stream:
        for protocol in 0, 2, 4:
            print(show(lambda: pickle.dumps(stream, protocol)))
os.unlink(PATH)
