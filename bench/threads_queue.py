"""Two threads that hand work to each other through a queue, with a lock around a shared counter."""
import queue
import threading


def main():
    work, done = queue.Queue(64), queue.SimpleQueue()
    lock = threading.Lock()
    total = 0

    def serve():
        nonlocal total
        while True:
            item = work.get()
            if item is None:
                return
            with lock:
                total += item
            done.put(item)

    crew = [threading.Thread(target=serve) for _ in range(2)]
    for thread in crew:
        thread.start()
    for i in range(12_000):
        work.put(i)
    for _ in crew:
        work.put(None)
    for thread in crew:
        thread.join()
    for i in range(150_000):
        with lock:
            total += 1
    return total, sum(done.get() for _ in range(12_000))


for _ in range(4):
    result = main()
print(result)
