"""Exceptions: raised and caught near and far, matched by class, finally, with, chaining."""


class Refused(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Special(Refused):
    pass


class Guard:
    def __init__(self):
        self.left = 0

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.left += 1
        return kind is not None and issubclass(kind, Special)


def deep(n, i):
    if n == 0:
        if i % 3 == 0:
            raise Special(i)
        raise Refused(i)
    try:
        return deep(n - 1, i)
    finally:
        deep.count += 1


def main():
    total = 0
    deep.count = 0
    for i in range(200_000):
        try:
            if i & 1:
                raise ValueError(i)
            total += 1
        except ValueError as error:
            total += error.args[0] & 3
    for i in range(30_000):
        try:
            deep(4, i)
        except Special as error:
            total += error.code & 1
        except Refused:
            total += 2
    table = {}
    for i in range(120_000):
        try:
            table[i & 1023] += 1
        except KeyError:
            table[i & 1023] = 1
    guard = Guard()
    for i in range(60_000):
        with guard:
            if i % 5 == 0:
                raise Special(i)
    for i in range(40_000):
        try:
            try:
                {}[i]
            except KeyError as error:
                raise RuntimeError("no") from error
        except RuntimeError as error:
            total += error.__cause__.args[0] & 1
    for i in range(400_000):
        try:
            total += i
        except Exception:
            total = 0
    return total, deep.count, guard.left, len(table)


print(main())
