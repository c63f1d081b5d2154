"""Makes packs.json from docs/format.md, sections 2, 6 and 11, without the product."""
import json

from wire import sha, u64, varint, vlist

ZERO = bytes(32)
DIGITS = "0123456789abcdefghijklmnopqrstuv"


def base32hex(number, width):
    return "".join(DIGITS[number >> 5 * (width - 1 - i) & 31] for i in range(width))


def header(writer, number, clock, head, tail, ends=0):
    previous = ZERO if number == 1 else sha(b"previous of %d" % number)
    return (b"coffercm" + (1).to_bytes(2, "big") + u64(writer) + u64(number) + u64(clock) + u64(1) + previous + u64(ends)
            + head.to_bytes(4, "big") + tail.to_bytes(4, "big") + sha(b"salt %d %d" % (writer, number)))


class Commit:
    def __init__(self, writer, number, clock, head=40, tail=0, form=None, ends=0):
        self.writer, self.number, self.clock = writer, number, clock
        self.head = (sha(b"head %d %d" % (writer, number)) * 9)[:head]
        self.tail = (sha(b"tail %d %d" % (writer, number)) * 9)[:tail]
        self.header = header(writer, number, clock, head, tail, ends)
        self.form = form if form is not None else 1 if tail else 0

    def entry(self):
        return bytes([self.form]) + self.header + (sha(self.head) if self.form == 2 else self.head)

    def hash(self):
        return sha(self.header + sha(self.head)).hex()


def runs(commits):
    out = []
    for commit in commits:
        if out and out[-1][0] == commit.writer and out[-1][2] + 1 == commit.number:
            out[-1][2] = commit.number
        else:
            out.append([commit.writer, commit.number, commit.number])
    return out


def pack(commits, table=None, magic=b"cofferpk", version=1, heads=None, tails=None, behind=b"", entries=None):
    table = vlist([u64(w) + varint(a) + varint(b) for w, a, b in (runs(commits) if table is None else table)])
    body = table + b"".join(entries or [commit.entry() for commit in commits])
    tail = b"".join(commit.tail for commit in commits if commit.form == 1)
    return (magic + version.to_bytes(2, "big") + (len(body) if heads is None else heads).to_bytes(4, "big")
            + (len(tail) if tails is None else tails).to_bytes(4, "big") + body + tail + behind)


def name(commits, data):
    clocks = [commit.clock for commit in commits]
    return f"{base32hex(min(clocks), 13)}-{base32hex(max(clocks), 13)}-{base32hex(int.from_bytes(sha(data), 'big'), 52)}"


def good(title, commits):
    data = pack(commits)
    return {"name": title, "pack": name(commits, data), "bytes": data.hex(),
            "commits": [{"writer": str(c.writer), "number": c.number, "hash": c.hash(), "form": c.form, "tail": c.tail.hex() if c.form == 1 else ""} for c in commits]}


def bad(title, commits, pack_name=None, **changes):
    data = pack(commits, **changes)
    return {"name": title, "pack": pack_name or name(commits, data), "bytes": data.hex(), "failure": "Format"}


one = [Commit(7, 1, 100)]
several = [Commit(1, 1, 500, tail=30), Commit(1, 2, 400 << 16), Commit(1, 4, 7, tail=9, form=0), Commit(2**64 - 1, 2**63 - 1, 2**63 - 1, head=17, tail=1)]
stubbed = [Commit(3, 1, 10), Commit(3, 2, 20, tail=5, form=2, ends=1000), Commit(3, 3, 30, tail=5)]
two = [Commit(5, 1, 1), Commit(5, 2, 2)]

vectors = {
    "about": "Packs, made by packs.py: the heads in them are not real ones, since a pack says nothing of what is in a head.",
    "good": [good("one commit", one), good("several writers, a gap, tails that are there and not", several), good("a stub", stubbed)],
    "bad": [
        bad("no commit", one, table=[], entries=[b""]),
        bad("another magic", one, magic=b"coffercm"),
        bad("another version", one, version=2),
        bad("heads longer than stated", one, heads=len(pack(one)) - 19),
        bad("heads shorter than stated", one, heads=len(pack(one)) - 17),
        bad("bytes behind the tails", several, behind=b"\0"),
        bad("fewer tails than stated", several, tails=99),
        bad("a tail that the heads do not state", one, tails=1, behind=b"\0"),
        bad("runs that touch", two, table=[[5, 1, 1], [5, 2, 2]]),
        bad("runs that descend", two, table=[[5, 2, 2], [5, 1, 1]], entries=[c.entry() for c in reversed(two)]),
        bad("writers that descend", [two[0], one[0]], table=[[7, 1, 1], [5, 1, 1]], entries=[one[0].entry(), two[0].entry()]),
        bad("a run of nothing", one, table=[[7, 2, 1]]),
        bad("a run from number 0", one, table=[[7, 0, 1]]),
        bad("a run that is longer than the pack", one, table=[[7, 1, 2**62]]),
        bad("a commit in the place of another", one, table=[[7, 2, 2]]),
        bad("a commit of another writer", one, table=[[8, 1, 1]]),
        bad("form 3", [Commit(7, 1, 100, form=3)]),
        bad("form 1 without a tail", [Commit(7, 1, 100, form=1)]),
        bad("a header that is none", one, entries=[b"\0" + b"cofferbl" + one[0].entry()[9:]]),
        bad("a range of clocks that begins too early", one, pack_name=name([Commit(7, 1, 99), one[0]], pack(one))),
        bad("a range of clocks that ends too late", one, pack_name=name([one[0], Commit(7, 1, 101)], pack(one))),
    ],
}

with open("packs.json", "w", encoding="utf-8") as file:
    json.dump(vectors, file, indent=2)
    file.write("\n")
