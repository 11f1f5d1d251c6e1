"""heapq and bisect."""
import bisect
import heapq
from _show import err, show

h = [5, 2, 8, 1, 9]
heapq.heapify(h)
heapq.heappush(h, 0)
show(h, heapq.heappop(h), heapq.heappushpop(h, 7), heapq.heapreplace(h, 3), h, heapq.nlargest(2, h), heapq.nsmallest(2, h, key=lambda v: -v), list(heapq.merge([1, 4], [2, 3])), [heapq.heappop(h) for _ in range(len(h))], list(heapq.merge([4, 1], [3, 2], reverse=True)))
err(heapq.heappop, [])
err(heapq.heapify, (1, 2))
err(heapq.heappush, [1], "a")
b = [1, 3, 3, 5]
show(bisect.bisect(b, 3), bisect.bisect_left(b, 3), bisect.bisect_right(b, 0), bisect.bisect(b, 3, 0, 2), bisect.bisect([(1, "a"), (3, "b")], 2, key=lambda t: t[0]))
bisect.insort(b, 4)
bisect.insort_left(b, 3)
print(b)
err(bisect.bisect, b, "a")
err(bisect.bisect, b, 1, -1)
