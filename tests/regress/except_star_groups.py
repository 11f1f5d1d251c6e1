"""except* with groups whose methods do as they like, and with deeply nested ones."""


class Derives(ExceptionGroup):
    def derive(self, members):
        return 5


class Hides(ExceptionGroup):
    exceptions = 5


class Splits(ExceptionGroup):
    result = (42, 43)

    def split(self, condition):
        return self.result


def handle(group, kinds=(ValueError,)):
    try:
        try:
            raise group
        except* kinds:
            raise
        except* TypeError:
            raise KeyError
    except BaseException as e:
        return e


members = [ValueError(1), TypeError(2), KeyError(3)]
e = handle(Derives("x", members))
assert type(e) is TypeError and str(e) == "derive must return an instance of BaseExceptionGroup"
e = handle(Hides("x", members))
assert type(e) is ExceptionGroup and [type(m) for m in e.exceptions][0] is KeyError
for Splits.result in (42, 43), (None, 5), 5, (1,), ("a", None):
    e = handle(Splits("x", members))
    assert type(e) is TypeError, e

deep = ValueError(1)
for i in range(100_000):
    deep = ExceptionGroup("x", [deep])
assert type(handle(deep)) is RecursionError
try:
    try:
        raise deep
    except* Exception:
        raise KeyError
except BaseException as e:
    assert type(e) is RecursionError

notes = ExceptionGroup("with notes", [ValueError(1), TypeError(2)])
notes.add_note("a note")
try:
    try:
        raise notes
    except* ValueError:
        raise
    except* TypeError:
        pass
except ExceptionGroup as e:
    assert e.__notes__ == ["a note"] and len(e.exceptions) == 1
