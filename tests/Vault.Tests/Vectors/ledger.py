#!/usr/bin/env python3
"""Writes ledger.json from docs/format.md, sections 1 to 5 and 9, alone: an implementation that shares nothing with the one under test.

Needs the package "cryptography". Run it in this folder; what it writes does not change from run to run.
"""
import json

from cryptography.hazmat.primitives.asymmetric import ec

from wire import ZERO, Person, hkdf, lp, point_of, seal, sha, u64, varint, vbytes, vlist

NONE, READ, WRITE, ADMIN = range(4)


alice, bob, carol, dave = (Person(name) for name in ("alice", "bob", "carol", "dave"))
BY_ID = {person.id: person for person in (alice, bob, carol, dave)}


def wrap(context, epoch, key, recipient, label):
    fresh = ec.derive_private_key(int.from_bytes(sha(f"fresh {label} {recipient.name}".encode()), "big"), ec.SECP256K1())
    point = point_of(fresh)
    x = fresh.exchange(ec.ECDH(), recipient.curve.public_key())
    return point + seal(hkdf(x, b"", lp("coffer/wrap/v1", context, epoch, point, recipient.id)), key)


def check(context, epoch, key):
    return hkdf(key, b"", lp("coffer/epoch-check/v1", context, epoch))


def link(context, epoch, key, earlier, earlier_key):
    return seal(hkdf(key, b"", lp("coffer/epoch-link/v1", context, epoch, earlier)), earlier_key)


# Changes, as (kind, content).
def genesis(nonce, realm="users", interval=86400, mode=1):
    return 1, nonce + vbytes(realm.encode()) + varint(interval) + bytes([mode])


def configure(*settings):
    return 2, vlist([varint(number) + varint(value) for number, value in settings])


def level(member, before, after, set_at, wrapped=None, cut_off=None):
    content = member.id + bytes([before, after]) + varint(set_at)
    content += b"\0" if wrapped is None else b"\1" + wrapped
    if cut_off is None:
        return 3, content + b"\0"
    return 3, content + b"\1" + vlist([u64(writer) + u64(number) + commit for writer, number, commit in cut_off])


def epoch(number, checked, links, wraps):
    return 4, (varint(number) + checked + vlist([varint(earlier) + sealed for earlier, sealed in links])
               + vlist([member.id + wrapped for member, wrapped in wraps]))


def settle(author, writer, number, commit, lost=()):
    return 5, author.id + u64(writer) + varint(number) + commit + vlist([varint(first) + varint(last) for first, last in lost])


def tail(changes, time=1767225600000, newest=None):
    out = varint(time)
    out += b"\0" if newest is None else b"\1" + u64(newest[0]) + u64(newest[1]) + newest[2]
    return out + vlist([varint(kind) + vbytes(content) for kind, content in changes])


def block(author, vault, slot, height, previous, rest, version=1, signer=None):
    head = b"cofferbl" + version.to_bytes(2, "big") + author.id
    body = vault + u64(slot) + u64(height) + previous + rest
    signature = (signer or author).signer.sign(lp(f"coffer/block/v{version}", head, body))
    return head + signature + body


def by_id(people):
    return sorted(people, key=lambda person: person.id)


VERDICTS = {"junk": "Junk", "copy": "Copy", "proof": "Proof", "claim": "Claim", "newer": "NewerSoftware"}
keys = {number: sha(f"epoch key {number}".encode()) for number in (1, 2, 3)}


class Chain:
    """A good chain: slot, height, vault id and previous hash of the next block, and the blocks so far, good and bad."""
    slot, height, vault, previous, epoch = 1, 1, ZERO, ZERO, 0
    good, bad = [], []


def begin_chain():
    Chain.slot, Chain.height, Chain.vault, Chain.previous, Chain.epoch = 1, 1, ZERO, ZERO, 0
    Chain.good, Chain.bad = [], []


def told(realm, known):
    """The chain as the tests read it. known: the epochs whose keys each person has at the end."""
    return {"realm": realm, "creator": "alice", "vault": Chain.vault.hex(), "keys": known, "good": Chain.good, "bad": Chain.bad}


def next_block(author, changes, **more):
    at = dict(vault=Chain.vault, slot=Chain.slot, height=Chain.height, previous=Chain.previous, version=1, signer=None)
    rest = more.pop("rest", None) or tail(changes, **{name: more.pop(name) for name in ("time", "newest") if name in more})
    return block(author, rest=rest, **{**at, **more})


def accept(name, author, changes, levels, **more):
    data = next_block(author, changes, **more)
    Chain.epoch += sum(kind == 4 for kind, _ in changes)
    Chain.good.append({
        "name": name, "slot": Chain.slot, "bytes": data.hex(), "height": Chain.height, "hash": sha(data).hex(),
        "levels": {person.name: [at, since] for person, (at, since) in levels.items()}, "epoch": Chain.epoch,
    })
    if Chain.height == 1:
        Chain.vault = sha(data)
    Chain.slot, Chain.height, Chain.previous = Chain.slot + 1, Chain.height + 1, sha(data)


def refuse(name, verdict, data, slot=None):
    Chain.bad.append({"name": name, "after": Chain.height - 1, "slot": slot or Chain.slot, "bytes": data.hex(), "failure": VERDICTS[verdict]})


def claim(name, changes, author=None, **more):
    refuse(name, "claim", next_block(author or alice, changes, **more))


# ---------------------------------------------------------------- block 1
nonce = sha(b"nonce")
context1 = sha(lp("coffer/genesis/v1", nonce, alice.id, "users"))
epoch1 = epoch(1, check(context1, 1, keys[1]), [], [(alice, wrap(context1, 1, keys[1], alice, 1))])
begin = genesis(nonce)
claim("a first block without an epoch", [begin])
claim("a first block without a beginning", [epoch1])
claim("a first block with a level", [begin, level(bob, NONE, READ, 0), epoch1])
claim("a first block that names a vault", [begin, epoch1], vault=sha(b"x"))
claim("a segment interval of 59 seconds", [genesis(nonce, interval=59), epoch1])
claim("a segment interval of more than 366 days", [genesis(nonce, interval=31622401), epoch1])
claim("a realm in capitals", [genesis(nonce, realm="Users"), epoch1])
claim("a realm of 65 characters", [genesis(nonce, realm="a" * 65), epoch1])
claim("mode 3", [genesis(nonce, mode=3), epoch1])
refuse("the first block of another realm", "copy", next_block(alice, [genesis(nonce, realm="admins"), epoch1]))
refuse("a first block of somebody else", "junk", next_block(bob, [begin, epoch1]))
claim("mode 2, and another realm than public", [genesis(nonce, mode=2), epoch1])
accept("creation", alice, [begin, configure((1, 2592000), (2, 10 << 30)), epoch1], {alice: (ADMIN, 1)})
V = Chain.vault

# ---------------------------------------------------------------- block 2: bob writes, with a wrap of epoch 1
grant_bob = level(bob, NONE, WRITE, 0, wrap(context1, 1, keys[1], bob, 2))
claim("a grant without the key", [level(bob, NONE, WRITE, 0)])
claim("a grant with a height that set nothing", [level(bob, NONE, WRITE, 1, wrap(context1, 1, keys[1], bob, 2))])
claim("a grant from a level that is not", [level(bob, READ, WRITE, 0)])
claim("a level 4", [level(bob, NONE, 4, 0, wrap(context1, 1, keys[1], bob, 2))])
claim("the last admin steps down", [level(alice, ADMIN, WRITE, 1)])
claim("a second beginning", [begin])
refuse("the first block again", "copy", bytes.fromhex(Chain.good[0]["bytes"]))
refuse("signed by somebody else in the admin's name", "junk", next_block(alice, [grant_bob], signer=bob))
refuse("a grant by who is no member", "junk", next_block(bob, [level(bob, NONE, ADMIN, 0, bytes(81))]))
refuse("a block for height 1", "proof", next_block(alice, [grant_bob], height=1, previous=ZERO))
accept("a grant", alice, [grant_bob], {alice: (ADMIN, 1), bob: (WRITE, 2)}, newest=(0x0123456789abcdef, 7, sha(b"commit")))

# ---------------------------------------------------------------- block 3: rotation, carol comes within it
context2 = V


def epoch2(people, number=2, links=None, key=2, label=3):
    return epoch(number, check(V, number, keys[key]), [(1, link(V, number, keys[key], 1, keys[1]))] if links is None else links,
                 [(person, wrap(V, number, keys[key], person, label)) for person in by_id(people)])


carol_in = level(carol, NONE, READ, 0)
claim("a grant with a key in a block that starts an epoch", [level(carol, NONE, READ, 0, bytes(81)), epoch2([alice, bob, carol])])
claim("wraps for too few", [carol_in, epoch2([alice, bob])])
claim("wraps for too many", [epoch2([alice, bob, carol])])
claim("an epoch that skips one", [carol_in, epoch2([alice, bob, carol], number=3)])
claim("an epoch without a link to the last one", [carol_in, epoch2([alice, bob, carol], links=[])])
claim("two epochs", [epoch2([alice, bob]), epoch2([alice, bob])])
claim("changes not ascending by kind", [epoch2([alice, bob, carol]), carol_in])
accept("a rotation and a grant in one block", alice, [carol_in, epoch2([alice, bob, carol])],
       {alice: (ADMIN, 1), bob: (WRITE, 2), carol: (READ, 3)})

# ---------------------------------------------------------------- block 4: bob becomes admin, in slot 5 behind junk
claim("signed for another slot", [level(bob, WRITE, ADMIN, 2)], slot=9)
claim("a level stated as set elsewhere", [level(bob, WRITE, ADMIN, 3)])
claim("write access taken without a cut-off", [level(bob, WRITE, READ, 2)])
claim("a cut-off where nothing is taken", [level(bob, WRITE, ADMIN, 2, cut_off=[])])
claim("read access taken without an epoch", [level(carol, READ, NONE, 3, cut_off=[])])
claim("a member twice", [level(bob, WRITE, ADMIN, 2), level(bob, WRITE, ADMIN, 2)])
claim("members in the wrong order", [level(person, *at) for person, at in
                                     sorted([(bob, (WRITE, ADMIN, 2)), (carol, (READ, WRITE, 3))], key=lambda x: x[0].id, reverse=True)])
claim("a setting twice", [configure((2, 1), (2, 2))])
claim("no settings", [configure()])
claim("a packing margin of 599 seconds", [configure((3, 599))])
claim("no changes", [])
claim("change kind 0", [(0, b"")])
claim("a byte behind a change", [(2, configure((2, 1))[1] + b"\0")])
claim("a byte behind the block", None, rest=tail([configure((2, 1))]) + b"\0")
claim("a number that is not in its shortest form", None, rest=b"\x81\0" + tail([configure((2, 1))], time=0)[1:])
claim("an option of 2", None, rest=b"\1\2" + tail([configure((2, 1))], time=0)[2:])
claim("a newest commit with the number 0", [configure((2, 1))], newest=(1, 0, ZERO))
claim("a newest commit with a number of 2^63", [configure((2, 1))], newest=(1, 1 << 63, ZERO))
claim("a settle with ranges that touch", [settle(bob, 1, 9, sha(b"c"), [(1, 2), (3, 4)])])
claim("a settle with a range above its number", [settle(bob, 1, 9, sha(b"c"), [(1, 10)])])
claim("a settle of nothing with a hash", [settle(bob, 1, 0, sha(b"c"))])
claim("settles in the wrong order", [settle(bob, 2, 0, ZERO), settle(bob, 1, 0, ZERO)])
refuse("random bytes", "junk", sha(b"junk") * 20)
refuse("nothing", "junk", b"")
refuse("a header alone, cut off", "junk", next_block(alice, [configure((2, 1))])[:218])
refuse("a block of another vault", "copy", next_block(alice, [configure((2, 1))], vault=sha(b"other")))
refuse("an unknown change", "newer", next_block(alice, [(6, b"abc")]))
refuse("an unknown change beside a faulty one", "newer", next_block(alice, [configure(), (6, b"abc")]))
refuse("an unknown setting", "newer", next_block(alice, [configure((2, 1), (5, 0))]))
refuse("an unknown version", "newer", next_block(alice, [configure((2, 1))], version=2))
refuse("an unknown version that no admin signed", "junk", next_block(bob, [configure((2, 1))], version=2))
refuse("an unknown version that does not continue the chain", "claim", next_block(alice, [configure((2, 1))], version=2, previous=sha(b"x")))
refuse("a version 2 that is signed as a version 1", "junk",
       (lambda data: data[:9] + b"\2" + data[10:])(next_block(alice, [configure((2, 1))])))
Chain.good.append({"name": "junk in a slot", "slot": Chain.slot, "bytes": sha(b"junk").hex(), "height": 0, "hash": sha(sha(b"junk")).hex()})
Chain.slot += 1
accept("another admin, behind a slot that is skipped", alice, [level(bob, WRITE, ADMIN, 2)],
       {alice: (ADMIN, 1), bob: (ADMIN, 4), carol: (READ, 3)})

# ---------------------------------------------------------------- block 5: bob removes carol, and settles


def epoch3(people):
    return epoch(3, check(V, 3, keys[3]), [(1, link(V, 3, keys[3], 1, keys[1])), (2, link(V, 3, keys[3], 2, keys[2]))],
                 [(person, wrap(V, 3, keys[3], person, 5)) for person in by_id(people)])


cut = [(3, 1, sha(b"c3")), (0xffffffffffffffff, 0x7fffffffffffffff, sha(b"c4"))]
claim("wraps for who is removed", [level(carol, READ, NONE, 3, cut_off=cut), epoch3([alice, bob, carol])], author=bob)
claim("a cut-off with its writers in the wrong order", [level(carol, READ, NONE, 3, cut_off=cut[::-1]), epoch3([alice, bob])], author=bob)
claim("a cut-off with the number 0", [level(carol, READ, NONE, 3, cut_off=[(3, 0, ZERO)]), epoch3([alice, bob])], author=bob)
accept("a removal", bob,
       [configure((4, 3600)), level(carol, READ, NONE, 3, cut_off=cut), epoch3([alice, bob]),
        *sorted([settle(carol, 3, 0, ZERO), settle(bob, 0xfedc, 300, sha(b"c5"), [(1, 1), (3, 299)])], key=lambda change: change[1][:73])],
       {alice: (ADMIN, 1), bob: (ADMIN, 4), carol: (NONE, 5)})

# ---------------------------------------------------------------- after it
refuse("the grant that carol had, again", "copy", bytes.fromhex(Chain.good[2]["bytes"]))
claim("a stale grant for carol", [level(carol, NONE, READ, 0, bytes(81))])
claim("a stale grant for carol, with the height of the old one", [level(carol, NONE, READ, 3, bytes(81))])
refuse("a losing block for height 5", "proof", next_block(alice, [configure((2, 1))], height=5, previous=bytes.fromhex(Chain.good[4]["hash"])))

members = told("users", {"alice": {str(n): k.hex() for n, k in keys.items()}, "bob": {str(n): k.hex() for n, k in keys.items()},
                         "carol": {str(n): keys[n].hex() for n in (1, 2)}, "dave": {}})

# ---------------------------------------------------------------- the public realm: block 1
begin_chain()
public1 = sha(lp("coffer/genesis/v1", nonce, alice.id, "public"))
public_key = hkdf(public1, b"", lp("coffer/public-key/v1", public1))
begin = genesis(nonce, realm="public", mode=2)
open_epoch = epoch(1, check(public1, 1, public_key), [], [])
claim("mode 1 in the realm public", [genesis(nonce, realm="public"), epoch1])
claim("mode 1 in the realm public, with the key of everybody", [genesis(nonce, realm="public"), open_epoch])
claim("a public vault without an epoch", [begin])
claim("a public vault whose key is wrapped for its creator", [begin, epoch(1, check(public1, 1, public_key), [], [(alice, wrap(public1, 1, public_key, alice, 1))])])
claim("a public vault with a secret key", [begin, epoch(1, check(public1, 1, keys[1]), [], [])])
claim("a public vault with the key of another one", [begin, epoch(1, check(context1, 1, hkdf(context1, b"", lp("coffer/public-key/v1", context1))), [], [])])
claim("a public vault that begins with epoch 2", [begin, epoch(2, check(public1, 2, public_key), [], [])])
refuse("the first block of the realm users", "copy", bytes.fromhex(members["good"][0]["bytes"]))
accept("creation of a public vault", alice, [begin, configure((2, 10 << 30)), open_epoch], {alice: (ADMIN, 1)})
P = Chain.vault

# ---------------------------------------------------------------- block 2: a writer and a reader, without a key
grants = sorted([level(bob, NONE, WRITE, 0), level(carol, NONE, READ, 0)], key=lambda change: change[1][:65])
second = (check(P, 2, keys[2]), [(1, link(P, 2, keys[2], 1, public_key))])
claim("a grant with a key in a public vault", [level(bob, NONE, WRITE, 0, wrap(public1, 1, public_key, bob, 2))])
claim("an epoch without wraps in block 2", [epoch(2, *second, [])])
claim("an epoch with wraps in block 2", [epoch(2, *second, [(alice, wrap(P, 2, keys[2], alice, 2))])])
claim("a grant within an epoch in a public vault", [level(bob, NONE, WRITE, 0), epoch(2, *second, [])])
refuse("a grant by who is no member of the public vault", "junk", next_block(bob, [level(bob, NONE, ADMIN, 0)]))
refuse("a block of the realm users", "copy", bytes.fromhex(members["good"][1]["bytes"]))
accept("grants in a public vault", alice, grants, {alice: (ADMIN, 1), bob: (WRITE, 2), carol: (READ, 2)})

# ---------------------------------------------------------------- blocks 3 and 4: they go, and no epoch starts
claim("write access taken in a public vault without a cut-off", [level(bob, WRITE, NONE, 2)])
claim("read access taken in a public vault without a cut-off", [level(carol, READ, NONE, 2)])
claim("read access taken in a public vault with an epoch", [level(carol, READ, NONE, 2, cut_off=[]), epoch(2, *second, [])])
accept("a reader goes", alice, [level(carol, READ, NONE, 2, cut_off=[])], {alice: (ADMIN, 1), bob: (WRITE, 2), carol: (NONE, 3)})
claim("a key for who comes back to a public vault", [level(carol, NONE, WRITE, 3, bytes(81))])
accept("a writer goes, and who went comes back", alice,
       sorted([level(bob, WRITE, NONE, 2, cut_off=[(7, 2, sha(b"c2"))]), level(carol, NONE, WRITE, 3)], key=lambda change: change[1][:65]),
       {alice: (ADMIN, 1), bob: (NONE, 4), carol: (WRITE, 4)})
public = told("public", {person.name: {"1": public_key.hex()} for person in BY_ID.values()})

json.dump({
    "about": "Blocks of two ledgers (docs/format.md, sections 4, 5 and 9), slot by slot. A bad one is judged after the good ones of its chain up to the height 'after'; "
             "'failure' is what it is instead of the next block. 'keys' are the epoch keys that each person has at the end.",
    "people": {person.name: {"private": (person.scalar + person.seed).hex(), "public": person.id.hex()} for person in BY_ID.values()},
    "chains": [members, public],
}, open("ledger.json", "w"), indent=1)
for chain in (members, public):
    print(chain["realm"] + ":", len(chain["good"]), "good,", len(chain["bad"]), "bad")
