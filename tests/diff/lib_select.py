"""select, poll, epoll and the selectors."""
import os
import select
import selectors
from _show import err

# select and selectors
r, w = os.pipe()
print(select.select([r], [w], [], 0)[0], len(select.select([], [w], [], 0)[1]), select.select([r], [], [], 0.01))
os.write(w, b"x")
print(select.select([r], [], [])[0] == [r])
p = select.poll()
p.register(r, select.POLLIN)
print(p.poll(0) == [(r, select.POLLIN)], p.modify(r, select.POLLPRI), p.poll(0), p.unregister(r), p.poll(0))
e = select.epoll()
e.register(r, select.EPOLLIN)
print(e.poll(0) == [(r, select.EPOLLIN)], e.closed, e.unregister(r), e.close(), e.closed)
err(select.select, [-1], [], [])
err(select.select, 5, [], [])
err(select.select, [], [], [], "a")
err(e.poll)
for cls in (selectors.SelectSelector, selectors.PollSelector, selectors.EpollSelector, selectors.DefaultSelector):
    with cls() as s:
        key = s.register(r, selectors.EVENT_READ, data="d")
        print(key.data, [(k.fd == r, ev) for k, ev in s.select(0)], s.get_key(r).events, len(s.get_map()), s.unregister(r).data, s.select(0))
        try:
            s.get_key(r)
        except KeyError as x:
            print("not registered")
os.close(r), os.close(w)
