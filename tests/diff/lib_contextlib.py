"""contextlib: generators as managers, stacks, redirection."""
import contextlib
import io
from _show import err

# contextlib
@contextlib.contextmanager
def cm(name):
    print("enter", name)
    try:
        yield name.upper()
    except ValueError as e:
        print("handled", e)
    finally:
        print("leave", name)


with cm("a") as v, cm("b"):
    print(v)
    raise ValueError("inside")


@cm("deco")
def decorated():
    return "result"


print(decorated())


@contextlib.contextmanager
def never():
    if False:
        yield


@contextlib.contextmanager
def twice():
    yield 1
    yield 2


err(never().__enter__)
t = twice()
t.__enter__()
err(t.__exit__, None, None, None)
with contextlib.ExitStack() as stack:
    for n in "xyz":
        stack.enter_context(cm(n))
    stack.callback(print, "callback", 1)
    stack.push(lambda *a: print("pushed", a[0]) or True)
    raise KeyError("swallowed")
with contextlib.suppress(KeyError, ValueError):
    raise KeyError
with contextlib.redirect_stdout(io.StringIO()) as out:
    print("captured")
print(repr(out.getvalue()))
with contextlib.closing(io.StringIO("x")) as f:
    pass
print(f.closed)
with contextlib.nullcontext(5) as n:
    print(n)


class Ctx(contextlib.ContextDecorator):
    def __enter__(self):
        print("ctx in")

    def __exit__(self, *a):
        print("ctx out")


@Ctx()
def ctxd():
    print("body")


ctxd()
