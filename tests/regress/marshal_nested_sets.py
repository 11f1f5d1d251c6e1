"""Frozensets within frozensets are written once on each level, not twice (2 ** depth)."""
import marshal

value = 1
for _ in range(900):
    value = frozenset([value])
data = marshal.dumps(value)
value = marshal.loads(data)
depth = 0
while value != 1:
    [value] = value
    depth += 1
assert (len(data), depth) == (900 * 5 + 5, 900), (len(data), depth)
