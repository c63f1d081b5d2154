#!/usr/bin/env python3
"""Writes commits.json from docs/format.md, sections 1 to 3, 6 to 8 and 10, alone: an implementation that shares nothing with the one under test.

Needs the package "cryptography". Run it in this folder; what it writes does not change from run to run.
"""
import json

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wire import ZERO, Person, b64, hkdf, lp, point_of, seal, sha, svarint, text, u64, varint, vbytes, vlist

MAX = (1 << 63) - 1


alice, bob, carol = (Person(name) for name in ("alice", "bob", "carol"))
vault, epoch_key = sha(b"vault"), sha(b"epoch key")


# ---------------------------------------------------------------- bodies in the tail: one chunk, one piece
def small(data, name):
    key = sha(f"body key {name}".encode())
    sealed = AESGCM(key).encrypt(bytes(11) + b"\x01", data, None)
    return key, len(data), sealed, sha(lp("coffer/piece/v1", 0, len(data), 1 << 16, sha(sealed)))


def in_tail(body, offset):
    key, length, _, root = body
    return varint(length) + key + bytes([16]) + varint(0) + varint(offset) + root


def in_object(length, *places, log2=16):
    return varint(length) + sha(b"key of an object") + bytes([log2]) + b"".join(varint(index) + varint(offset) + sha(b"root") for index, offset in places)


EMPTY = varint(0)


# ---------------------------------------------------------------- records
def put(path, number, body=EMPTY, space=0, modified=1767225600000, attributes=b"", content_end=0, record_end=0):
    return 1, varint(space) + text(path) + u64(0) + u64(number) + svarint(modified) + vbytes(attributes) + varint(content_end) + varint(record_end) + body


def delete(path, number, space=0, record_end=0):
    return 2, varint(space) + text(path) + u64(0) + u64(number) + varint(record_end)


# A record sealed to one recipient. "bound" is what its secret half is sealed for, which is the record itself unless a vector moves it elsewhere.
def sealed_wrap(bound, key, holder, fresh):
    scalar = ec.derive_private_key(int.from_bytes(sha(f"fresh {fresh} {holder.name}".encode()), "big"), ec.SECP256K1())
    point = point_of(scalar)
    shared = scalar.exchange(ec.ECDH(), holder.curve.public_key())
    return point + seal(hkdf(shared, b"", lp("coffer/sealed-wrap/v1", *bound, point, holder.id)), key)


def record_id(number):
    return u64(0) + u64(number)


def secret(number, said, recipient=carol, author=bob, sealed_vault=vault):
    bound, key = (sealed_vault, author.id, record_id(number), recipient.id), sha(f"record key {number}".encode())
    wraps = [sealed_wrap(bound, key, holder, f"{number} {place}") for place, holder in (("recipient", recipient), ("author", author))]
    return wraps + [vbytes(seal(key, said, lp("coffer/sealed/v1", *bound)))]


def says_put(path, body_key=b"", length=0, space=0, modified=1767225600000, attributes=b""):
    return b"\x01" + varint(space) + text(path) + svarint(modified) + vbytes(attributes) + varint(length) + body_key


def says_delete(path, space=0):
    return b"\x02" + varint(space) + text(path)


def sealed(number, parts, *pieces, log2=16, recipient=carol.id, content_end=0, record_end=0):
    places = bytes([log2]) + b"".join(varint(index) + varint(offset) + varint(size) + root for index, offset, size, root in pieces) if pieces else b""
    return 3, record_id(number) + recipient + varint(content_end) + varint(record_end) + varint(len(pieces)) + places + b"".join(parts)


def link(person, writer, number, commit):
    return person.id + u64(writer) + u64(number) + commit


def use(segment, number, size):
    return varint(segment) + number.to_bytes(16, "big") + varint(size)


def head(records, author=bob, height=3, ledger=sha(b"block 3"), seen=(), objects=()):
    return author.id + varint(height) + ledger + vlist(list(seen)) + vlist(list(objects)) + vlist([varint(kind) + vbytes(content) for kind, content in records])


def header(sealed_length, tail_length, version=1, writer=0xfedcba9876543210, number=2, clock=(1767225600000 << 16) | 5, epoch=1, previous=sha(b"commit 1"), ends=0, salt=sha(b"salt"), magic=b"coffercm"):
    return magic + version.to_bytes(2, "big") + u64(writer) + u64(number) + u64(clock) + u64(epoch) + previous + u64(ends) + sealed_length.to_bytes(4, "big") + tail_length.to_bytes(4, "big") + salt


def commit(said, tail=b"", signer=bob, behind=b"", domain="coffer/commit/v1", signed_vault=vault, sealed_vault=vault, key=epoch_key, **fields):
    top = header(len(said) + 64 + len(behind) + 16, len(tail), **fields)
    signature = signer.signer.sign(lp(domain, signed_vault, top, said))
    sealed = seal(hkdf(key, top[90:122], lp("coffer/commit/v1", sealed_vault, top)), said + signature + behind, top)
    return top + sealed + tail, sha(top + sha(sealed))


good, bad = [], []


def accept(name, said, records, **more):
    data, digest = commit(said, **more)
    good.append({"name": name, "bytes": data.hex(), "hash": digest.hex(), "signer": more.get("signer", bob).name, "records": records, "ends": str(more.get("ends", 0))})


def refuse(name, failure, data):
    bad.append({"name": name, "failure": failure, "bytes": (data if isinstance(data, bytes) else data[0]).hex()})


def wrong(name, *records, tail=b"", ends=0, **more):
    refuse(name, "Format", commit(head(list(records), **more), tail, ends=ends))


one, two = small(b"one", "one"), small(b"two" * 100, "two")
tail = one[2] + two[2]
seen = sorted([link(alice, 7, 9, sha(b"a")), link(alice, 7, 9, sha(b"b")), link(carol, (1 << 64) - 1, MAX, ZERO)])

accept("a first commit without anything", head([]), [], number=1, previous=ZERO)
accept("a file in the tail", head([put("docs/a file", 1, in_tail(one, 0))]), ["put 0 docs/a file 3"], tail=one[2])
accept("two files in the tail, a delete, an empty file", head([put("a", 1, in_tail(one, 0)), delete("b", 2), put("c", 3, in_tail(two, len(one[2]))), put("d", 4)]),
       ["put 0 a 3", "delete 0 b", "put 0 c 300", "put 0 d 0"], tail=tail)
accept("objects", head([put("bundled", 1, in_object(4, (2, 0))), put("long", 2, in_object((1 << 24) + 1, (1, 0), (2, 20)))],
                       objects=[use(86400, 5, (1 << 24) + 256 * 48), use(86400, 1 << 127, 37)]), ["put 0 bundled 4", "put 0 long 16777217"])
accept("a body of unknown length", head([put("piped", 1, in_object(5, (1, 3), log2=20))], objects=[use(0, 0, 24)]), ["put 0 piped 5"])
accept("a seen-list", head([], seen=seen), [])
accept("an attribute of one's own, and its removal", head([put(b64(bob.id) + "/name", 1, space=1, attributes="B\u00f6b".encode()), delete(b64(bob.id) + "/a/b", 2, space=1)]),
       [f"put 1 {b64(bob.id)}/name 0", f"delete 1 {b64(bob.id)}/a/b"])
accept("ends", head([put("x", 1, content_end=5, record_end=5), put("y", 2, content_end=5, record_end=300), delete("z", 3, record_end=200)]), ["put 0 x 0", "put 0 y 0", "delete 0 z"], ends=300)
accept("one that never ends", head([put("x", 1, content_end=5, record_end=5), put("y", 2, content_end=5)]), ["put 0 x 0", "put 0 y 0"])
accept("kinds and spaces that are not known", head([(4, b"\x01\x02"), (MAX, b""), put("x", 1, space=MAX, modified=-1), delete("\U0001f600", 2, space=2)]),
       ["unknown 4 0102", f"unknown {MAX} ", f"put {MAX} x 0", "delete 2 \U0001f600"])
accept("the largest numbers", head([put("x", 1, modified=(1 << 62) - 1, content_end=MAX, record_end=MAX, attributes=bytes(65536))], height=MAX), ["put 0 x 0"],
       writer=(1 << 64) - 1, number=MAX, clock=MAX, ends=MAX)

# ---------------------------------------------------------------- sealed to one recipient: what bob, the author, and carol, the recipient, make of each
ROOT, FULL = sha(b"root"), (1 << 24) + 256 * 48


def both_say(says):
    return f"bob: {says}, carol: {says}"


plain_text = says_put("to/carol", one[0], 3, attributes=b"\x07")
accept("a sealed file in the tail", head([sealed(1, secret(1, plain_text), (0, 0, 19, one[3]))]), ["sealed to carol 3, " + both_say("put 0 to/carol 3")], tail=one[2])
accept("sealed and plain files in the tail, a sealed delete, an empty sealed file",
       head([put("a", 1, in_tail(one, 0)), sealed(2, secret(2, says_put("a", two[0], 300)), (0, 19, 316, two[3])), sealed(3, secret(3, says_delete("a"))), sealed(4, secret(4, says_put("\u00fc")))]),
       ["put 0 a 3", "sealed to carol 300, " + both_say("put 0 a 300"), "sealed to carol 0, " + both_say("delete 0 a"), "sealed to carol 0, " + both_say("put 0 \u00fc 0")], tail=tail)
accept("a sealed file of two pieces, and one of a bundle",
       head([sealed(1, secret(1, says_put("long", sha(b"k"), (1 << 24) + 1)), (1, 0, FULL, ROOT), (2, 20, 17, ROOT)), sealed(2, secret(2, says_put("short", sha(b"k"), 4)), (2, 0, 20, ROOT))],
            objects=[use(86400, 5, FULL), use(86400, 1 << 127, 37)]),
       ["sealed to carol 16777217, " + both_say("put 0 long 16777217"), "sealed to carol 4, " + both_say("put 0 short 4")])
for length, size, log2 in ((1 << 16, (1 << 16) + 16, 16), ((1 << 16) + 1, (1 << 16) + 1 + 96, 16), (1 << 24, FULL, 16), (1 << 20, (1 << 20) + 16, 20), ((1 << 20) + 1, (1 << 20) + 1 + 96, 20),
                           (1 << 24, (1 << 24) + 16 * 48, 20)):
    accept(f"a sealed file of {length} bytes in chunks of 2^{log2}", head([sealed(1, secret(1, says_put("x", sha(b"k"), length)), (1, 0, size, ROOT), log2=log2)], objects=[use(0, 0, size)]),
           [f"sealed to carol {length}, " + both_say(f"put 0 x {length}")])
accept("a sealed file of 64 MiB and a byte", head([sealed(1, secret(1, says_put("x", sha(b"k"), (64 << 20) + 1)), *[(1, 0, (1 << 24) + 16 * 48, ROOT)] * 4, (1, 0, 17, ROOT), log2=20)],
                                                  objects=[use(0, 0, 1 << 30)]), [f"sealed to carol {(64 << 20) + 1}, " + both_say(f"put 0 x {(64 << 20) + 1}")])
accept("sealed to oneself", head([sealed(1, secret(1, says_put("mine"), recipient=bob), recipient=bob.id)]), ["sealed to bob 0, bob: put 0 mine 0"])
accept("sealed in another space, with the largest attributes", head([sealed(1, secret(1, says_put("x", space=2, attributes=bytes(65536))))]), ["sealed to carol 0, " + both_say("put 2 x 0")])
accept("ends of sealed records", head([sealed(1, secret(1, says_put("x")), content_end=5, record_end=300), sealed(2, secret(2, says_delete("x")), record_end=200)]),
       ["sealed to carol 0, " + both_say("put 0 x 0"), "sealed to carol 0, " + both_say("delete 0 x")], ends=300)
accept("a sealed record that never ends", head([sealed(1, secret(1, says_put("x")), content_end=5)]), ["sealed to carol 0, " + both_say("put 0 x 0")])

# What is wrong in the secret half is between author and recipient: the commit counts all the same.
NONE = both_say("nothing")
good_parts = secret(1, says_put("x"))
for name, parts, says in (
        ("for another record", secret(2, says_put("x")), NONE), ("for another vault", secret(1, says_put("x"), sealed_vault=ZERO), NONE), ("by another author", secret(1, says_put("x"), author=alice), NONE),
        ("for another recipient", secret(1, says_put("x"), recipient=alice), NONE), ("with its wraps exchanged", [good_parts[1], good_parts[0], good_parts[2]], NONE),
        ("with a wrap that is no point", [b"\x05" + good_parts[0][1:]] + good_parts[1:], "bob: put 0 x 0, carol: nothing"),
        ("with a damaged wrap for its author", [good_parts[0], good_parts[1][:-1] + bytes([good_parts[1][-1] ^ 1]), good_parts[2]], "bob: nothing, carol: put 0 x 0"),
        ("with a damaged text", good_parts[:2] + [good_parts[2][:-1] + bytes([good_parts[2][-1] ^ 1])], NONE), ("without a text", good_parts[:2] + [b"\x00"], NONE),
        ("of type 3", secret(1, b"\x03" + says_put("x")[1:]), NONE), ("of type 0", secret(1, b"\x00" + says_put("x")[1:]), NONE),
        ("with an attribute of a member", secret(1, says_put(b64(bob.id) + "/name", space=1)), NONE), ("with a path that is none", secret(1, says_put("a//b")), NONE),
        ("with a length and no body", secret(1, says_put("x", sha(b"k"), 1)), NONE), ("with a byte behind it", secret(1, says_put("x") + b"\x00"), NONE),
        ("that ends too early", secret(1, says_put("x")[:-1]), NONE)):
    accept(f"a sealed text {name}", head([sealed(1, parts)]), ["sealed to carol 0, " + says])
accept("a sealed text with another length", head([sealed(1, secret(1, says_put("x", one[0], 4)), (0, 0, 19, one[3]))]), ["sealed to carol 3, " + NONE], tail=one[2])
accept("a sealed text without the length of its body", head([sealed(1, secret(1, says_put("x")), (0, 0, 19, one[3]))]), ["sealed to carol 3, " + NONE], tail=one[2])
accept("a sealed delete with a body", head([sealed(1, secret(1, says_delete("x")), (0, 0, 19, one[3]))]), ["sealed to carol 3, " + NONE], tail=one[2])
accept("a sealed delete with a content end", head([sealed(1, secret(1, says_delete("x")), content_end=5)]), ["sealed to carol 0, " + NONE])
accept("a sealed put that ends, and its content never", head([sealed(1, secret(1, says_put("x")), record_end=5)]), ["sealed to carol 0, " + NONE], ends=5)

# ---------------------------------------------------------------- what breaks the header
plain = head([])
base, _ = commit(plain)
refuse("nothing", "Format", b"")
refuse("a header cut short", "Format", base[:121])
refuse("another magic", "Format", commit(plain, magic=b"cofferbl"))
refuse("version 2", "Format", commit(plain, version=2))
refuse("number 0", "Format", commit(plain, number=0))
refuse("a number of 2^63", "Format", commit(plain, number=1 << 63))
refuse("a clock of 2^63", "Format", commit(plain, clock=1 << 63))
refuse("epoch 0", "Format", commit(plain, epoch=0))
refuse("an epoch of 2^63", "Format", commit(plain, epoch=1 << 63))
refuse("an end of 2^63", "Format", commit(plain, ends=1 << 63))
refuse("a first commit with a predecessor", "Format", commit(plain, number=1))
refuse("a second commit without one", "Format", commit(plain, previous=ZERO))
refuse("a head of more than 64 MiB", "Format", header((64 << 20) + 1, 0))
refuse("a tail of more than 64 KiB", "Format", header(80, (64 << 10) + 1) + bytes(80 + (64 << 10) + 1))
refuse("a byte too few", "Format", base[:-1])
refuse("a byte too many", "Format", base + b"\x00")

# ---------------------------------------------------------------- what does not open, or is not its author's
refuse("a head shorter than its tag", "Seal", header(15, 0) + bytes(15))
refuse("no head", "Seal", header(0, 0))
for at, what in ((10, "writer"), (25, "number"), (33, "clock"), (41, "epoch"), (42, "predecessor"), (81, "end"), (90, "salt"), (122, "head"), (len(base) - 1, "tag")):
    refuse(f"a bit of the {what}", "Seal", base[:at] + bytes([base[at] ^ 4]) + base[at + 1:])
refuse("sealed for another vault", "Seal", commit(plain, sealed_vault=ZERO))
refuse("sealed under another key", "Seal", commit(plain, key=ZERO))
refuse("signed for another vault", "Format", commit(plain, signed_vault=ZERO))
refuse("signed as a block", "Format", commit(plain, domain="coffer/block/v1"))
refuse("signed by somebody else", "Format", commit(plain, signer=carol))
refuse("a byte behind the signature", "Format", commit(plain, behind=b"\x00"))
refuse("a head that ends too early", "Format", commit(plain[:-1]))

# ---------------------------------------------------------------- what breaks the head
refuse("an author who is no id", "Format", commit(b"\x05" + plain[1:]))
wrong("a seen-list that falls", seen=seen[::-1])
wrong("a seen-list with one twice", seen=[seen[0], seen[0]])
wrong("a seen-list of 65", seen=[link(alice, 1, n, ZERO) for n in range(1, 66)])
wrong("a seen-list with number 0", seen=[link(alice, 1, 0, ZERO)])
wrong("a seen-list with number 2^63", seen=[link(alice, 1, 1 << 63, ZERO)])
uses = [use(86400, 1, 20), use(86400, 2, 20)]
both = [put("a", 1, in_object(4, (1, 0))), put("b", 2, in_object(4, (2, 0)))]
wrong("objects that fall", *both, objects=uses[::-1])
wrong("an object twice", *both, objects=[uses[0], uses[0]])
wrong("an object that nothing uses", both[0], objects=uses)
wrong("an object that is not listed", *both, objects=uses[:1])
wrong("a segment after the year 9999", both[0], objects=[use(253402300800, 1, 20)])
wrong("a piece beyond the end of its object", put("a", 1, in_object(4, (1, 1))), objects=uses[:1])
wrong("a tail with a byte before its first piece", put("a", 1, in_tail(one, 1)), tail=b"\x00" + one[2])
wrong("a tail with a byte behind its last piece", put("a", 1, in_tail(one, 0)), tail=one[2] + b"\x00")
wrong("a tail that nothing uses", tail=one[2])
wrong("a tail that is used twice", put("a", 1, in_tail(one, 0)), put("b", 2, in_tail(one, 0)), tail=one[2])
wrong("a tail out of the order of its records", put("a", 1, in_tail(one, len(two[2]))), put("b", 2, in_tail(two, 0)), tail=two[2] + one[2])
wrong("a tail that is too short for its piece", put("a", 1, in_tail(one, 0)), tail=one[2][:-1])
refuse("a count that is not minimal", "Format", commit(plain[:-1] + b"\x80\x00"))
refuse("a count that the bytes cannot hold", "Format", commit(plain[:-1] + varint(1 << 40)))

# ---------------------------------------------------------------- what breaks a record
wrong("kind 0", (0, b""))
wrong("a record with a byte behind it", (2, delete("a", 1)[1] + b"\x00"))
wrong("a record that ends too early", (2, delete("a", 1)[1][:-1]))
for path in ("", "/a", "a/", "a//b", "a/./b", "..", "a\0b", "a" * 1025):
    wrong(f"the path {path[:8]!r} of {len(path)} bytes", delete(path, 1))
wrong("a path with a lone surrogate", (2, varint(0) + vbytes(b"\xed\xa0\x80") + bytes(16) + varint(0)))
wrong("attributes of more than 64 KiB", put("a", 1, attributes=bytes(65537)))
wrong("a record that ends before its content", put("a", 1, content_end=5, record_end=4), ends=4)
wrong("a record that ends, and its content never", put("a", 1, record_end=4), ends=4)
wrong("an end later than that of the records", put("a", 1, content_end=5, record_end=5), ends=6)
wrong("an end where one never ends", put("a", 1, content_end=5, record_end=5), delete("b", 2), ends=5)
wrong("no end where all end", put("a", 1, content_end=5, record_end=5))
wrong("an end without records", ends=5)
wrong("an attribute of somebody else", put(b64(carol.id) + "/name", 1, space=1))
wrong("the removal of an attribute of somebody else", delete(b64(carol.id) + "/name", 1, space=1))
wrong("an attribute without a name", put(b64(bob.id), 1, space=1))
wrong("an attribute with a body", put(b64(bob.id) + "/name", 1, in_tail(one, 0), space=1), tail=one[2])
wrong("an attribute with an end", put(b64(bob.id) + "/name", 1, space=1, content_end=5, record_end=5), ends=5)
wrong("the removal of an attribute with an end", delete(b64(bob.id) + "/name", 1, space=1, record_end=5), ends=5)
wrong("chunks of 2^17 bytes", put("a", 1, in_object(4, (1, 0), log2=17)), objects=uses[:1])
wrong("short chunks in a long body", put("a", 1, in_object((64 << 20) + 1, *[(1, 0)] * 5)), objects=[use(0, 1, 1 << 30)])
wrong("a piece too many", put("a", 1, in_object(4, (1, 0), (1, 0))), objects=uses[:1])
wrong("more pieces than bytes", put("a", 1, in_object(1 << 50, (1, 0), log2=20)), objects=[use(0, 1, 1 << 30)])

# ---------------------------------------------------------------- what breaks the open half of a sealed record
parts = secret(1, says_put("x", sha(b"k"), 4))
room = [use(0, 0, 1 << 30)]


def cut(name, *pieces, log2=16):
    wrong(name, sealed(1, parts, *pieces, log2=log2), objects=room)


wrong("sealed to nobody", sealed(1, parts, recipient=b"\x05" + carol.id[1:]))
wrong("a sealed record with a byte behind it", (3, sealed(1, parts)[1] + b"\x00"))
wrong("a sealed record that ends too early", (3, sealed(1, parts)[1][:-1]))
wrong("a sealed record without wraps", sealed(1, parts[2:]))
wrong("a sealed text of more than 66 KiB", sealed(1, parts[:2] + [vbytes(bytes((66 << 10) + 1))]))
wrong("a sealed record that ends before its content", sealed(1, parts, content_end=5, record_end=4), ends=4)
wrong("a sealed body that ends, and its content never", sealed(1, parts, (1, 0, 20, ROOT), record_end=4), ends=4, objects=room)
wrong("a sealed record without its end in the header", sealed(1, parts, content_end=5, record_end=5))
wrong("a sealed body in an object that is not listed", sealed(1, parts, (1, 0, 20, ROOT)))
wrong("a sealed body beyond the end of its object", sealed(1, parts, (1, (1 << 30) - 19, 20, ROOT)), objects=room)
wrong("a sealed body that leaves a byte of the tail", sealed(1, parts, (0, 0, 19, ROOT)), tail=one[2] + b"\x00")
wrong("a sealed body before its place in the tail", put("a", 1, in_tail(one, 0)), sealed(1, parts, (0, 0, 19, ROOT)), tail=one[2])
cut("a sealed piece of no bytes", (1, 0, 0, ROOT))
cut("a sealed piece of a tag alone", (1, 0, 16, ROOT))
cut("a sealed piece of one chunk with a leaf", (1, 0, (1 << 16) + 17, ROOT))
cut("a sealed piece whose second chunk is empty", (1, 0, (1 << 16) + 96, ROOT))
cut("a sealed piece of one chunk of 2^20 with a leaf", (1, 0, (1 << 20) + 48, ROOT), log2=20)
cut("a sealed piece of more than 16 MiB", (1, 0, FULL + 49, ROOT))
cut("a sealed piece of 2^29 bytes", (1, 0, 1 << 29, ROOT))
cut("a sealed piece of 2^63 - 1 bytes", (1, 0, MAX, ROOT))
cut("a first sealed piece that is not full", (1, 0, FULL - 1, ROOT), (1, 0, 20, ROOT))
cut("a first sealed piece with chunks of another size", (1, 0, (1 << 24) + 16 * 48, ROOT), (1, 0, 20, ROOT))
cut("sealed chunks of 2^17 bytes", (1, 0, 20, ROOT), log2=17)
cut("short sealed chunks in a long body", *[(1, 0, FULL, ROOT)] * 4, (1, 0, 17, ROOT))
wrong("more sealed pieces than bytes", (3, record_id(1) + carol.id + b"\x00\x00" + varint(1 << 40)), objects=room)

# ---------------------------------------------------------------- invitations
inv_good, inv_bad = [], []


def invitation(url="s3://bucket/pr\u00e4fix", realm="users", creator=alice.id, slot=7, height=5, newest=None, behind=b"", damage=0):
    said = text(url) + text(realm) + creator + vault + varint(slot) + varint(height) + sha(b"head")
    said += (b"\x00" if newest is None else b"\x01" + newest) + behind
    check = sha(lp("coffer/invite/v1", said))[:4]
    return "coffer-invite-1:" + b64(said + bytes([check[0] ^ damage]) + check[1:])


inv_good.append({"text": invitation(), "url": "s3://bucket/pr\u00e4fix", "realm": "users", "slot": "7", "height": "5", "newest": None})
inv_good.append({"text": invitation(url="", realm="a-1", slot=MAX, height=1, newest=link(bob, 1 << 63, MAX, sha(b"commit"))),
                 "url": "", "realm": "a-1", "slot": str(MAX), "height": "1", "newest": link(bob, 1 << 63, MAX, sha(b"commit")).hex()})
whole = invitation()
for name, value in (
        ("nothing", ""), ("another prefix", whole.replace("-1:", "-2:")), ("without its padding", whole.rstrip("=")[:-1]), ("a check that is wrong", invitation(damage=1)),
        ("a byte behind the last field", invitation(behind=b"\x00")), ("a realm in capitals", invitation(realm="Users")), ("a URL of 4,097 bytes", invitation(url="u" * 4097)),
        ("height 0", invitation(height=0)), ("a slot below the height", invitation(slot=4)), ("a creator who is no id", invitation(creator=b"\x05" + alice.id[1:])),
        ("a newest commit of number 0", invitation(newest=link(bob, 1, 0, ZERO))), ("a newest commit of number 2^63", invitation(newest=link(bob, 1, 1 << 63, ZERO)))):
    inv_bad.append({"name": name, "text": value, "failure": "FormatException"})

with open("commits.json", "w", encoding="utf-8") as file:
    json.dump({
        "about": "docs/format.md, sections 6 and 7. Failures: Format = it breaks a rule, Seal = it does not open.",
        "vault": vault.hex(), "epochKey": epoch_key.hex(),
        "people": {person.name: (person.scalar + person.seed).hex() for person in (alice, bob, carol)},
        "good": good, "bad": bad,
    }, file, indent=2)
    file.write("\n")
with open("commits-invitations.json", "w", encoding="utf-8") as file:
    json.dump({"about": "docs/format.md, section 10", "good": inv_good, "bad": inv_bad}, file, indent=2)
    file.write("\n")
