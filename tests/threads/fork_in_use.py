# time: 60
"""A fork while another thread is inside of an object: the child may be told so, but does not wait for ever."""
import bz2
import hashlib
import io
import lzma
import os
import pickle
import signal
import threading
import time
import zlib

data = os.urandom(1 << 20) * 8
stop = threading.Event()


def in_child(use, told):
    """Forks; the child uses the object, and ends with 7, or with 8 when RuntimeError says that it is half changed."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(10)
        status = 3
        try:
            use()
            status = 7
        except RuntimeError as error:
            status = 8 if "gone" in str(error) else 4
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status == 8 or status == 7 and not told, (use, status)


def busy(use):
    """Forks several times while a thread does nothing but use the object."""
    stop.clear()

    def work():
        while not stop.is_set():
            use(data)

    thread = threading.Thread(target=work)
    thread.start()
    for _ in range(3):
        time.sleep(0.05)
        in_child(lambda: use(b"x"), False)
    stop.set()
    thread.join()
    use(b"x")


for make in (lambda: zlib.compressobj(9).compress, lambda: bz2.BZ2Compressor().compress,
             lambda: lzma.LZMACompressor(preset=0).compress, lambda: hashlib.sha256().update,
             lambda: hashlib.new("md5").update, lambda: hashlib.blake2b().update):
    busy(make())


class Slow(io.BytesIO):
    """Who writes into it, or reads from it, waits until it is let go."""

    def __init__(self, *args):
        super().__init__(*args)
        self.entered, self.go = threading.Event(), threading.Event()

    def wait(self):
        self.entered.set()
        self.go.wait()

    def write(self, data):
        self.wait()
        return super().write(data)

    def read(self, n=-1):
        self.wait()
        return super().read(n)

    def readline(self, n=-1):
        self.wait()
        return super().readline(n)


for file, make, use in ((Slow(), pickle.Pickler, lambda p: p.dump(1)),
                        (Slow(pickle.dumps([1, 2])), pickle.Unpickler, lambda p: p.load())):
    user = make(file)
    thread = threading.Thread(target=use, args=(user,))
    thread.start()
    file.entered.wait()
    in_child(lambda: use(user), True)
    in_child(lambda: user.memo.copy(), True)
    file.go.set()
    thread.join()


# A stream goes on in the child, also when it was just handed to a thread that waited for it.
class SlowRaw(io.RawIOBase):
    def writable(self):
        return True

    def write(self, data):
        time.sleep(0.003)
        return len(data)


stream = io.BufferedWriter(SlowRaw())
stop.clear()


def write():
    while not stop.is_set():
        stream.write(b"x")
        stream.flush()


threads = [threading.Thread(target=write) for _ in range(2)]
for thread in threads:
    thread.start()
for _ in range(20):
    stream.write(b"y")
    stream.flush()
    in_child(lambda: stream.write(b"z"), False)
stop.set()
for thread in threads:
    thread.join()


# A thread that forks inside of its own use goes on in the child.
class Forks:
    def __reduce__(self):
        self.pid = os.fork()
        return int, ()


out, forks = io.BytesIO(), Forks()
pickle.Pickler(out).dump([forks])
if forks.pid == 0:
    os._exit(9 if pickle.loads(out.getvalue()) == [0] else 3)
assert os.waitstatus_to_exitcode(os.waitpid(forks.pid, 0)[1]) == 9
assert pickle.loads(out.getvalue()) == [0]
