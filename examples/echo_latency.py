"""How long does a thread that answers messages wait while other threads compute?

usage: echo_latency.py [COMPUTING [SECONDS [PAUSE]]]
  COMPUTING  threads that count beside the one that answers (1)
  SECONDS    how long to measure (2)
  PAUSE      seconds between two messages; 0: none (0.002)

Another process sends one byte at a time and waits until it comes back. A thread that comes back from
recv() needs the interpreter's lock to answer; with CPython it waits out the switch interval of 5 ms
each time. Prints the median and the 99th percentile of the answers, how many there were, and how far
the computing threads counted in a second.
"""
import os
import socket
import sys
import threading
import time


def send_and_wait(connection, seconds, pause):
    """The other process: measures every answer."""
    took = []
    stop = time.perf_counter() + seconds
    while time.perf_counter() < stop:
        began = time.perf_counter()
        connection.sendall(b".")
        connection.recv(1)
        took.append(time.perf_counter() - began)
        if pause:
            time.sleep(pause)
    connection.close()
    return sorted(took)


def percentile(ordered, percent):
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1e6


def measure(computing=1, seconds=2.0, pause=0.002):
    """Returns (median, 99th percentile, answers, counted in a second); times in microseconds."""
    server, client = socket.socketpair()
    result, writing = os.pipe()
    child = os.fork()
    if child == 0:
        server.close()
        took = send_and_wait(client, seconds, pause)
        os.write(writing, f"{percentile(took, 50)} {percentile(took, 99)} {len(took)}".encode())
        os._exit(0)
    client.close()
    os.close(writing)
    finished = False
    counted = [0] * computing

    def count(place):
        n = 0
        while not finished:
            n += 1
        counted[place] = n

    threads = [threading.Thread(target=count, args=(place,)) for place in range(computing)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    while message := server.recv(1):
        server.sendall(message)
    finished = True
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    median, worst, answers = os.read(result, 200).split()
    os.waitpid(child, 0)
    return float(median), float(worst), int(answers), sum(counted) / seconds


def main():
    computing = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 2.0
    pause = float(sys.argv[3]) if len(sys.argv) > 3 else 0.002
    median, worst, answers, speed = measure(computing, seconds, pause)
    print(f"cpu_threads={computing} p50_us={median:.1f} p99_us={worst:.1f} echoes={answers} counted_per_s={speed:.0f}")


if __name__ == "__main__":
    main()
