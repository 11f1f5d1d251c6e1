"""Bytes and bytearrays: indexing, struct, memoryview, hex, checksums, a small virtual machine."""
import struct
import zlib


def run(code):
    """Runs a program for a machine with one accumulator and a counter."""
    acc = i = steps = 0
    count = 9000
    while True:
        op = code[i]
        steps += 1
        if op == 1:
            acc = (acc + code[i + 1]) & 0xFFFF
            i += 2
        elif op == 2:
            acc ^= code[i + 1]
            i += 2
        elif op == 3:
            count -= 1
            i = code[i + 1] if count else i + 2
        elif op == 0:
            return acc, steps


def main():
    data = bytearray()
    for i in range(150_000):
        data.append(i * 7 & 255)
    total = 0
    for byte in data:
        total += byte
    for i in range(0, len(data) - 4, 4):
        data[i] ^= data[i + 1]
    view = memoryview(data)
    for i in range(0, 20_000):
        total += len(view[i:i + 16])
    record = struct.Struct("<IhBd")
    packed = b"".join(record.pack(i, i % 100, i & 255, i / 4) for i in range(20_000))
    for number, short, byte, real in record.iter_unpack(packed):
        total += number + short + byte + int(real)
    total += zlib.crc32(packed) + len(packed.hex()) + packed.count(b"\0")
    text = bytes(data).decode("latin-1")
    total += len(text.encode("utf-8"))
    program = bytes((1, 7, 2, 85, 1, 3, 1, 11, 2, 9, 1, 1, 3, 0, 0))
    return total, run(program), int.from_bytes(data[:64], "big") % 1009


for _ in range(9):
    result = main()
print(result)
