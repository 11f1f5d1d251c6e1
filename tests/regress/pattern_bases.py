"""A class is a mapping or a sequence for patterns as its first base that is either."""
import collections.abc


def kind(subject):
    match subject:
        case [*_]:
            return "sequence"
        case {}:
            return "mapping"


class Plain:
    pass


class A(collections.UserDict, Plain, list):
    pass


class B(collections.UserList, dict):
    pass


class C(Plain, dict, collections.abc.Sequence):
    pass


class D(A):
    pass


assert [kind(cls()) for cls in (A, B, C, D)] == ["mapping", "sequence", "mapping", "mapping"]
