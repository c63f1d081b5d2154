#!/usr/bin/env python3
"""Writes bodies.json from docs/format.md, section 8, alone: an implementation that shares nothing with the one under test.

Needs the package "cryptography". Run it in this folder; what it writes does not change from run to run.
"""
import json

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wire import lp, sha, u64

PIECE = 1 << 24


def plaintext(length):
    return b"".join(sha(u64(i)) for i in range((length + 31) // 32))[:length]


def seal(key, data, log2, counter_from=0, last=True):
    """The pieces of a body as (bytes, root)."""
    aes, chunk_size, number, pieces = AESGCM(key), 1 << log2, counter_from, []
    for index, start in enumerate(range(0, len(data), PIECE)):
        part, chunks = data[start:start + PIECE], []
        for at in range(0, len(part), chunk_size):
            ends = start + at + chunk_size >= len(data)
            nonce = number.to_bytes(11, "big") + (b"\1" if ends and last else b"\0")
            chunks.append(aes.encrypt(nonce, part[at:at + chunk_size], None))
            number += 1
        leaves = b"".join(sha(chunk) for chunk in chunks)
        root = sha(lp("coffer/piece/v1", index, len(part), chunk_size, leaves))
        pieces.append(((leaves if len(chunks) > 1 else b"") + b"".join(chunks), root))
    return pieces


def key_of(name):
    return sha(("key of " + name).encode())


def good(name, length, log2):
    key = key_of(name)
    pieces = seal(key, plaintext(length), log2)
    return {"name": name, "key": key.hex(), "length": length, "chunkLog2": log2,
            "pieces": [{"length": len(b), "sha256": sha(b).hex(), "root": r.hex()} for b, r in pieces]}


def bad(name, expected, key, length, log2, sealed, root):
    return {"name": name, "expected": expected, "key": key.hex(), "length": length, "chunkLog2": log2, "sealed": sealed.hex(), "root": root.hex()}


bodies = [
    good("one byte", 1, 16),
    good("one byte of unknown length", 1, 20),
    good("a chunk less one", 65535, 16),
    good("a chunk", 65536, 16),
    good("a chunk and one", 65537, 16),
    good("some chunks", 300000, 16),
    good("a large chunk", 1 << 20, 20),
    good("a large chunk and one", (1 << 20) + 1, 20),
    good("a piece", PIECE, 16),
    good("a piece and one", PIECE + 1, 16),
    good("a piece and one of unknown length", PIECE + 1, 20),
]

key, text = key_of("bad"), plaintext(20)
[(whole, root)] = seal(key, text, 16)


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def leafed(sealed, length=20, log2=16, index=0, label="coffer/piece/v1"):
    return sha(lp(label, index, length, 1 << log2, sha(sealed)))


not_last = seal(key, text, 16, last=False)[0]
second = seal(key, text, 16, counter_from=1)[0]
other_key = seal(key_of("another"), text, 16)[0]
bad_bodies = [
    bad("a bit of the ciphertext", "Root", key, 20, 16, flip(whole, 0), root),
    bad("a bit of the tag", "Root", key, 20, 16, flip(whole, 35), root),
    bad("a bit of the root", "Root", key, 20, 16, whole, flip(root, 31)),
    bad("cut short", "Truncated", key, 20, 16, whole[:-1], root),
    bad("a shorter length", "Root", key, 19, 16, whole, root),
    bad("a longer length", "Truncated", key, 21, 16, whole, root),
    bad("another chunk size", "Root", key, 20, 20, whole, root),
    bad("a root for another place", "Root", key, 20, 16, whole, leafed(whole, index=1)),
    bad("a root of another version", "Root", key, 20, 16, whole, leafed(whole, label="coffer/piece/v2")),
    bad("another body's piece", "Root", key, 20, 16, other_key[0], root),
    bad("signed, but under another key", "Seal", key, 20, 16, *other_key),
    bad("signed, but without the mark of the last chunk", "Seal", key, 20, 16, *not_last),
    bad("signed, but with the number of the second chunk", "Seal", key, 20, 16, *second),
    bad("signed, but with a damaged chunk", "Seal", key, 20, 16, flip(whole, 3), leafed(flip(whole, 3))),
]

edited = [
    {"name": "a bit of a leaf", "body": "a chunk and one", "flip": 0, "expected": "Root"},
    {"name": "a bit of the last leaf", "body": "a chunk and one", "flip": 63, "expected": "Root"},
    {"name": "a bit of the first chunk", "body": "a chunk and one", "flip": 64, "expected": "Leaf"},
    {"name": "a bit of the first tag", "body": "a chunk and one", "flip": 64 + 65536, "expected": "Leaf"},
    {"name": "a bit of the last chunk", "body": "a chunk and one", "flip": 64 + 65552, "expected": "Leaf"},
    {"name": "a bit of the last tag", "body": "a chunk and one", "flip": 64 + 65552 + 16, "expected": "Leaf"},
]

with open("bodies.json", "w", encoding="utf-8") as file:
    json.dump({
        "plaintext": "byte i is byte i mod 32 of the SHA-256 of i div 32, a number of 8 bytes, big-endian",
        "bodies": bodies,
        "bad": bad_bodies,
        "edited": edited,
    }, file, indent=2)
    file.write("\n")
