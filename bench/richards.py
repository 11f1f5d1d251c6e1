"""An operating system in small: tasks of four kinds, packets and a scheduler (after M. Richards)."""

IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(6)
KIND_DEVICE, KIND_WORK = range(2)
SIZE = 4


class Packet:
    def __init__(self, link, owner, kind):
        self.link, self.owner, self.kind = link, owner, kind
        self.datum = 0
        self.data = [0] * SIZE

    def append_to(self, queue):
        self.link = None
        if queue is None:
            return self
        last = queue
        while last.link is not None:
            last = last.link
        last.link = self
        return queue


class Task:
    def __init__(self, system, number, priority, queue, waiting):
        self.system, self.number, self.priority, self.queue = system, number, priority, queue
        self.packet_pending = queue is not None
        self.waiting = waiting
        self.holding = False
        system.add(self)

    def run(self):
        packet = None
        if self.packet_pending and self.waiting:
            packet = self.queue
            self.queue = packet.link
            self.waiting = False
            self.packet_pending = self.queue is not None
        return self.step(packet)

    def is_stopped(self):
        return self.holding or (self.waiting and not self.packet_pending)

    def wait(self):
        self.waiting = True
        return self

    def hold(self):
        self.system.holds += 1
        self.holding = True
        return self.link

    def release(self, number):
        other = self.system.table[number]
        other.holding = False
        return other if other.priority > self.priority else self

    def send(self, packet):
        other = self.system.table[packet.owner]
        self.system.packets += 1
        packet.owner = self.number
        if other.queue is None:
            other.queue = packet.append_to(None)
            other.packet_pending = True
            if other.priority > self.priority:
                return other
        else:
            packet.append_to(other.queue)
        return self


class Idle(Task):
    control, count = 1, 10_000

    def step(self, packet):
        self.count -= 1
        if self.count == 0:
            return self.hold()
        if self.control & 1 == 0:
            self.control //= 2
            return self.release(DEVICE_A)
        self.control = self.control // 2 ^ 0xD008
        return self.release(DEVICE_B)


class Worker(Task):
    target, letter = HANDLER_A, 0

    def step(self, packet):
        if packet is None:
            return self.wait()
        self.target = HANDLER_B if self.target == HANDLER_A else HANDLER_A
        packet.owner = self.target
        packet.datum = 0
        for i in range(SIZE):
            self.letter = self.letter % 26 + 1
            packet.data[i] = 64 + self.letter
        return self.send(packet)


class Handler(Task):
    work = device = None

    def step(self, packet):
        if packet is not None:
            if packet.kind == KIND_WORK:
                self.work = packet.append_to(self.work)
            else:
                self.device = packet.append_to(self.device)
        work = self.work
        if work is None:
            return self.wait()
        if work.datum >= SIZE:
            self.work = work.link
            return self.send(work)
        device = self.device
        if device is None:
            return self.wait()
        self.device = device.link
        device.datum = work.data[work.datum]
        work.datum += 1
        return self.send(device)


class Device(Task):
    pending = None

    def step(self, packet):
        if packet is None:
            packet = self.pending
            if packet is None:
                return self.wait()
            self.pending = None
            return self.send(packet)
        self.pending = packet
        return self.hold()


class System:
    def __init__(self):
        self.table = [None] * 6
        self.tasks = None
        self.holds = self.packets = 0

    def add(self, task):
        task.link = self.tasks
        self.tasks = task
        self.table[task.number] = task

    def schedule(self):
        task = self.tasks
        while task is not None:
            task = task.link if task.is_stopped() else task.run()


def main():
    system = System()
    idle = Idle(system, IDLE, 0, None, False)
    queue = Packet(Packet(None, None, KIND_WORK), None, KIND_WORK)
    Worker(system, WORKER, 1000, queue, True)
    for number, device, priority in ((HANDLER_A, DEVICE_A, 2000), (HANDLER_B, DEVICE_B, 3000)):
        queue = None
        for _ in range(3):
            queue = Packet(queue, device, KIND_DEVICE)
        Handler(system, number, priority, queue, True)
    for number, priority in ((DEVICE_A, 4000), (DEVICE_B, 5000)):
        Device(system, number, priority, None, True)
    system.schedule()
    return system.packets, system.holds, idle.count


for _ in range(9):
    result = main()
print(result)
