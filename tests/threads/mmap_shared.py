# time: 60
"""One map used by several threads: resized, measured and closed under those that read, write and flush."""
import _gil
import mmap
import tempfile
import threading

PAGE = mmap.PAGESIZE
ok = (ValueError, BufferError, IndexError, TypeError)


def together(*works):
    failed = []

    def run(work):
        try:
            work()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed


def often(count, *actions):
    def work():
        for _ in range(count):
            for action in actions:
                try:
                    action()
                except ok:
                    pass
    return work


with tempfile.TemporaryFile() as file:
    file.truncate(16 * PAGE)
    m = mmap.mmap(file.fileno(), 16 * PAGE)
    resized = []

    def resize(pages):
        m.resize(pages * PAGE)
        resized.append(pages)

    together(often(200, lambda: resize(16), lambda: resize(2), lambda: resize(7)),
             often(1000, lambda: m[-1], lambda: m[:], lambda: m.find(b"\1"), lambda: m.size()),
             often(1000, lambda: m.seek(0), lambda: m.write(b"x" * PAGE), lambda: m.flush(), lambda: m.__setitem__(-1, 5)))
    assert resized
    m.resize(3 * PAGE)
    assert len(m) == m.size() == 3 * PAGE

    # The file is cut and measured with the lock let go.
    def acquisitions():
        return next(record for record in _gil.stats() if record["name"] == "MainThread")["acquisitions"]

    for action in (lambda: m.resize(4 * PAGE), lambda: m.resize(3 * PAGE), m.size):
        before = acquisitions()
        for _ in range(20):
            action()
        assert acquisitions() >= before + 20, action

    # Whoever closes may be told that the map is in use; the file's number is never another file's.
    for _ in range(50):
        m = mmap.mmap(file.fileno(), 3 * PAGE)
        together(often(20, lambda: m.size(), lambda: m.resize(4 * PAGE), lambda: m.resize(3 * PAGE)), often(5, m.close))
        try:
            m.close()
        except ValueError:
            pass

# No line is read twice.
m = mmap.mmap(-1, 4 * PAGE)
m.write(b"".join(b"%7d\n" % i for i in range(2 * PAGE // 4)))
m.seek(0)
lines = [[], [], []]
together(*[lambda mine=mine: [mine.append(m.readline()) for _ in range(500)] for mine in lines])
taken = sorted(int(line) for mine in lines for line in mine)
assert taken == list(range(1500)), taken[:20]
