"""A signature in front of a class's doc is its text signature, as for builtin types."""
import inspect
import io

assert str(inspect.signature(io.BufferedReader)) == "(raw, buffer_size=8192)"
SIZE = 5


class Base:
    """Base(raw, size=SIZE)
--

Text."""


class Sub(Base):
    """Text only."""


assert Base.__text_signature__ == "(raw, size=SIZE)" and Sub.__text_signature__ is None
assert str(inspect.signature(Sub)) == "(raw, size=5)"
assert Base.__doc__.startswith("Base(raw")
assert str(inspect.signature(list.index)) == "(self, value, start=0, stop=9223372036854775807, /)"
assert type("X", (), {"__doc__": None}).__text_signature__ is None
print("ok")
