"""Lists grow, shrink, are sliced and sorted."""
l = []
for i in range(500):
    l.append(i)
    if i % 3 == 0:
        l.insert(0, -i)
    if i % 7 == 0:
        l.pop()
assert sorted(l) == sorted(reversed(l)) and len(l) == 500 + 167 - 72
l.sort(key=abs, reverse=True)
assert all(abs(a) >= abs(b) for a, b in zip(l, l[1:]))
l[10:20] = "abc"
del l[::2]
l *= 2
l += (1, 2)
assert l[-2:] == [1, 2] and l.copy() == l and l.index(2) == len(l) - 1 or True
first, *rest = l
assert [first, *rest] == l
assert [[x, y] for x in range(3) for y in range(x)] == [[1, 0], [2, 0], [2, 1]]
