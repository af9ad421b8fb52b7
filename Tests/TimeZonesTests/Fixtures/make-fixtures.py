#!/usr/bin/env python3
"""make-fixtures.py: compile the zones below with zic, and write down their changes as Python's zoneinfo reads them.

Run in this folder, on a machine with zic and /usr/share/zoneinfo/tzdata.zi."""
import datetime
import pathlib
import shutil
import subprocess
import tempfile
import zoneinfo

ZONES = """Africa/Casablanca Africa/Monrovia America/New_York America/Nuuk America/Sao_Paulo Antarctica/Troll
Asia/Gaza Asia/Kathmandu Asia/Tehran Australia/Lord_Howe Etc/GMT+12 Europe/Dublin Europe/Stockholm Pacific/Apia
Pacific/Kwajalein Pacific/Kiritimati""".split()
FAT = ["Europe/Dublin", "Europe/Stockholm"]
SOURCE = "/usr/share/zoneinfo/tzdata.zi"
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
FIRST = int((datetime.datetime(1850, 1, 1, tzinfo=datetime.timezone.utc) - EPOCH).total_seconds())
# Rules repeat by then; a few years further on show that they go on.
LAST = int((datetime.datetime(2045, 1, 1, tzinfo=datetime.timezone.utc) - EPOCH).total_seconds())
FAR = [int((datetime.datetime(year, month, 1, tzinfo=datetime.timezone.utc) - EPOCH).total_seconds())
       for year in (2099, 2100, 2261) for month in (1, 3, 5, 7, 9, 11)]


def shown(zone, second):
    moment = (EPOCH + datetime.timedelta(seconds=second)).astimezone(zone)
    return int(moment.utcoffset().total_seconds()), moment.tzname()


def change(zone, low, high):
    """The first second in low…high that shows what high does; low shows something else."""
    while high - low > 1:
        middle = (low + high) // 2
        if shown(zone, middle) == shown(zone, high):
            high = middle
        else:
            low = middle
    return high


def main():
    for folder in ("slim", "fat"):
        shutil.rmtree(folder, ignore_errors=True)
        with tempfile.TemporaryDirectory() as place:
            subprocess.run(["zic", "-b", folder, "-d", place, SOURCE], check=True)
            for name in FAT if folder == "fat" else ZONES:
                target = pathlib.Path(folder, name)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(pathlib.Path(place, name), target)
    lines = []
    for name in ZONES:
        with open(pathlib.Path("slim", name), "rb") as file:
            zone = zoneinfo.ZoneInfo.from_file(file, key=name)
        before = FIRST
        lines.append((name, "start", *shown(zone, FIRST)))
        # No two changes of these zones are within six hours.
        for second in range(FIRST, LAST, 6 * 3600):
            if shown(zone, second) != shown(zone, before):
                lines.append((name, change(zone, before, second), *shown(zone, second)))
            before = second
        lines += [(name, f"at {second}", *shown(zone, second)) for second in FAR]
    with open("changes.tsv", "w") as file:
        for line in lines:
            print(*line, sep="\t", file=file)


if __name__ == "__main__":
    main()
