# A StopIteration that the throw() of a delegate raised (an object that is no generator) stayed raised, and its
# value was lost: the generator went on with None.


class It:
    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def throw(self, *args):
        raise StopIteration(5)


def outer():
    x = yield from It()
    yield "got", x


it = outer()
next(it)
assert it.throw(ValueError) == ("got", 5)


class Odd(StopIteration):
    @property
    def value(self):
        raise KeyError("not asked")


class It2(It):
    def throw(self, *args):
        raise Odd(6)


def again():
    x = yield from It2()
    yield "got", x


it = again()
next(it)
assert it.throw(ValueError) == ("got", 6)
