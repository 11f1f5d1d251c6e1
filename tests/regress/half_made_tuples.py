"""A tuple that native code is still filling is not seen by who walks the heap."""
import gc
import itertools

count = 0


def look():
    global count
    for o in gc.get_objects():
        if type(o) is tuple and len(o) < 6:
            count += 1
            for x in o:
                type(x)
    for o in gc.get_referrers(marker):
        if type(o) is tuple:
            count += 1
            list(o)


class Iterator:
    def __init__(self, n=1):
        self.n = n

    def __iter__(self):
        look()
        return self

    def __next__(self):
        look()
        self.n -= 1
        if self.n < 0:
            raise StopIteration
        return marker


marker = [1]
print(list(zip([marker], Iterator(), Iterator())))
print(list(map(max, [marker], Iterator(), [[2]])))
print(list(itertools.zip_longest([marker], Iterator(), Iterator(2))))
print(list(itertools.product([marker], Iterator(), Iterator())))
print(count > 100)
