#!/usr/bin/env python3
"""make-restless.py: write zones/Test/Restless, a zone that nobody lives in: its clocks are set five times in a day."""
import datetime
import struct

CHANGES = [("06:00", 2), ("10:30", 0), ("11:15", 1), ("12:00", -1), ("20:00", 0)]


def block(size, times, types):
    counts = struct.pack(">6l", 0, 0, 0, len(times), len(types) if types else 0, 4 * len(types))
    data = b"".join(struct.pack(">" + size, time) for time, _ in times)
    data += bytes(index for _, index in times)
    names = b"".join(b"Z%02d\0" % number for number in range(len(types)))
    data += b"".join(struct.pack(">lbB", 3600 * hours, 0, 4 * number) for number, hours in enumerate(types))
    return b"TZif2" + bytes(15) + counts + data + names


def main():
    hours = [0, 2, 1, -1]
    times = [(int(datetime.datetime.fromisoformat(f"2027-03-01T{time}+00:00").timestamp()), hours.index(offset))
             for time, offset in CHANGES]
    with open("zones/Test/Restless", "wb") as file:
        file.write(block("l", [], []) + block("q", times, hours) + b"\n<Z00>0\n")


if __name__ == "__main__":
    main()
