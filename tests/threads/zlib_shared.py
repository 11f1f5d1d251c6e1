"""One compressor and one decompressor used by several threads at a time: nobody waits for ever."""
import threading
import zlib

compressor = zlib.compressobj(1)
decompressor = zlib.decompressobj()
data = bytes(range(256)) * 4000
whole = zlib.compress(data * 8)
pieces, taken = [], []


def squeeze():
    for _ in range(10):
        pieces.append(len(compressor.compress(data)))
        compressor.copy()


def stretch(part):
    taken.append(len(decompressor.decompress(b"")))


def spin():
    n = 0
    while any(thread.is_alive() for thread in threads):
        n += 1


threads = [threading.Thread(target=squeeze) for _ in range(4)]
threads += [threading.Thread(target=stretch, args=(i,)) for i in range(4)]
for thread in threads:
    thread.start()
spin()
for thread in threads:
    thread.join()
assert len(pieces) == 40 and taken == [0] * 4
assert len(decompressor.decompress(whole)) == 8 * len(data) and decompressor.eof
