#!/usr/bin/env python3
"""Writes the *.json beside it. A second implementation of docs/format.md, sections 1 to 3, that shares nothing with the product.

Everything here is derived from fixed labels, so the output is always the same. Run it when the format gains something: python3 make_vectors.py
It needs the package `cryptography`, of which it uses AES-GCM alone.
"""
import hashlib, json, pathlib

from wire import b64, hkdf, lp, seal, sha, svarint, varint, vbytes

HERE = pathlib.Path(__file__).parent


def save(name, about, **content):
    text = json.dumps({"about": about, **content}, indent=2, ensure_ascii=True)
    (HERE / f"{name}.json").write_text(text + "\n")


def rnd(label, count):
    """Bytes that look random and never change."""
    return hashlib.shake_256(b"coffer/test-vectors/" + label.encode()).digest(count)


def digits(number, width):
    alphabet = "0123456789abcdefghijklmnopqrstuv"
    return "".join(alphabet[number >> 5 * i & 31] for i in reversed(range(width)))


# --- secp256k1 (SEC 2) ---

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
     0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)


def add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    m = 3 * a[0] ** 2 * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (m * m - a[0] - b[0]) % P
    return x, (m * (a[0] - x) - a[1]) % P


def mul(k, p):
    out = None
    while k:
        if k & 1:
            out = add(out, p)
        p, k = add(p, p), k >> 1
    return out


def compress(p):
    return bytes([2 + p[1] % 2]) + p[0].to_bytes(32, "big")


# --- Ed25519 (RFC 8032), in extended coordinates ---

Q = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, Q) % Q
I = pow(2, (Q - 1) // 4, Q)


def ed_add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % Q, g * h % Q, f * g % Q, e * h % Q


def ed_mul(k, p):
    out = (0, 1, 1, 0)
    while k:
        if k & 1:
            out = ed_add(out, p)
        p, k = ed_add(p, p), k >> 1
    return out


def ed_x(y, sign):
    xx = (y * y - 1) * pow(D * y * y + 1, -1, Q) % Q
    x = pow(xx, (Q + 3) // 8, Q)
    if (x * x - xx) % Q:
        x = x * I % Q
    if (x * x - xx) % Q:
        return None
    return Q - x if x % 2 != sign else x


def ed_point(y, sign=0):
    x = ed_x(y, sign)
    return x, y, 1, x * y % Q


def ed_bytes(p):
    z = pow(p[2], -1, Q)
    return (p[1] * z % Q | (p[0] * z % Q & 1) << 255).to_bytes(32, "little")


B = ed_point(4 * pow(5, -1, Q) % Q)


def ed_torsion():
    """A point of order 8: L times a point that has such a part."""
    y = 2
    while True:
        y += 1
        if ed_x(y, 0) is None:
            continue
        t = ed_mul(L, ed_point(y))
        if ed_bytes(ed_mul(4, t)) != ed_bytes((0, 1, 1, 0)):
            return t


def ed_secret(seed):
    h = hashlib.sha512(seed).digest()
    return int.from_bytes(h[:32], "little") & (2**254 - 8) | 2**254, h[32:]


def ed_k(r, a, message):
    return int.from_bytes(hashlib.sha512(r + a + message).digest(), "little") % L


def ed_sign(seed, message):
    s, prefix = ed_secret(seed)
    a = ed_bytes(ed_mul(s, B))
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    point = ed_bytes(ed_mul(r, B))
    return point + ((r + ed_k(point, a, message) * s) % L).to_bytes(32, "little")


def ed_key(seed):
    return ed_bytes(ed_mul(ed_secret(seed)[0], B))


# --- section 3 ---

def public_id(private):
    return compress(mul(int.from_bytes(private[:32], "big"), G)) + ed_key(private[32:])


def fingerprint(id):
    h = int.from_bytes(sha(lp("coffer/fingerprint/v1", id)), "big") >> 256 - 125
    text = digits(h, 25)
    return "-".join(text[i:i + 5] for i in range(0, 25, 5))


def locked(private, id, passphrase, log_n, r, p, salt, tag=None):
    head = bytes([log_n, r, p]) + salt + id
    key = hashlib.scrypt(passphrase.encode(), salt=b"coffer/identity-lock/v1" + salt, n=1 << log_n, r=r, p=p, dklen=32, maxmem=2**31 - 1)
    return with_check(head + seal(key, private, head))


def with_check(body):
    return body + sha(lp("coffer/identity-check/v1", body))[:4]


PEOPLE = {name: rnd(f"identity/{name}", 64) for name in ("alice", "bob")}


# --- the files ---

def encoding():
    numbers = [0, 1, 127, 128, 300, 16383, 16384, 2**31, 2**32, 2**53, 2**56 - 1, 2**56, 2**62, 2**63 - 1]
    save("varint", "docs/format.md, section 1: unsigned LEB128 in its shortest form, up to 2^63 - 1",
         good=[{"value": str(n), "hex": varint(n).hex()} for n in numbers],
         bad=[{"name": n, "hex": h, "failure": "WireException"} for n, h in [
             ("nothing", ""), ("cut off after one byte", "80"), ("cut off after eight", "ff" * 8), ("zero in two bytes", "8000"),
             ("one in two bytes", "8100"), ("127 in two bytes", "ff00"), ("300 in three bytes", "ac8200"), ("zero in nine bytes", "80" * 8 + "00"),
             ("2^63", "80" * 9 + "01"), ("2^64 - 1", "ff" * 9 + "01"), ("eleven bytes", "80" * 10 + "01"), ("a byte behind it", "0100")]])
    signed = [0, -1, 1, -2, 2, 63, -64, 64, -65, 1_700_000_000_000, -1_700_000_000_000, 2**62 - 1, -2**62]
    save("svarint", "docs/format.md, section 1: zigzag, then varint", good=[{"value": str(n), "hex": svarint(n).hex()} for n in signed],
         bad=[{"name": "not the shortest", "hex": "8000", "failure": "WireException"}, {"name": "2^62", "hex": "80" * 9 + "01", "failure": "WireException"}])
    save("text", "docs/format.md, section 1: length and UTF-8",
         good=[{"value": t, "hex": vbytes(t.encode()).hex()} for t in ["", "a", "\u00e9", "e\u0301", "\u20ac", "\U0001F512", "a\u0000b", "\uffff", "x" * 200]],
         bad=[{"name": n, "hex": h, "failure": "WireException"} for n, h in [
             ("longer than what is left", "0261"), ("overlong slash", "02c0af"), ("overlong NUL", "02c080"), ("lone high surrogate", "03eda080"),
             ("lone low surrogate", "03edbfbf"), ("cut-off character", "02e282"), ("above U+10FFFF", "04f4908080"), ("a stray continuation", "0180"),
             ("a length not in its shortest form", "810061"), ("a byte behind it", "016162")]])
    save("option", "docs/format.md, section 1: whether something follows", good=[{"value": "0", "hex": "00"}, {"value": "1", "hex": "01"}],
         bad=[{"name": f"byte {b:02x}", "hex": f"{b:02x}", "failure": "WireException"} for b in (2, 3, 0x7F, 0x80, 0xFF)] + [{"name": "nothing", "hex": "", "failure": "WireException"}])
    values = [0, 1, 31, 32, 255, 2**32, 2**63 - 1, 2**63, 2**64 - 1, 0x0123456789ABCDEF]
    wide = values + [2**64, 2**127, 2**128 - 1, int.from_bytes(rnd("wide", 16), "big")]
    save("base32hex", "docs/format.md, section 2: digits of names; 64 bits are 13 digits, 128 bits are 26",
         good=[{"bits": 64, "value": f"{v:016x}", "text": digits(v, 13)} for v in values] + [{"bits": 128, "value": f"{v:032x}", "text": digits(v, 26)} for v in wide],
         bad=[{"name": n, "bits": b, "text": t, "failure": "Refused"} for n, b, t in [
             ("empty", 64, ""), ("too short", 64, "0" * 12), ("too long", 64, "0" * 14), ("upper case", 64, "000000000000A"), ("beyond v", 64, "000000000000w"),
             ("2^64", 64, "g" + "0" * 12), ("a space", 64, " 000000000000"), ("a sign", 64, "+000000000000"), ("a digit of another script", 64, "000000000000\u0661"),
             ("padding", 64, "00000000000=="), ("empty", 128, ""), ("too short", 128, "0" * 25), ("too long", 128, "0" * 27), ("2^128", 128, "8" + "0" * 25), ("upper case", 128, "0" * 25 + "V")]])
    cases = [("a label alone", ["coffer/x/v1"]), ("an empty field", ["coffer/x/v1", b""]), ("a number", ["coffer/x/v1", 2**40 + 5]),
             ("a text beyond ASCII", ["coffer/x/v1", "r\u00e9alm"]), ("all kinds", ["coffer/block/v1", bytes(32), 7, "users", bytes(range(9))])]
    save("lp", "docs/format.md, section 1: length-prefixed fields, and their SHA-256",
         good=[{"name": n, "fields": [{"text": f} if isinstance(f, str) else {"number": str(f)} if isinstance(f, int) else {"hex": f.hex()} for f in c],
                "hex": lp(*c).hex(), "hash": sha(lp(*c)).hex()} for n, c in cases], bad=[])


def identities():
    good = []
    for name, private in PEOPLE.items():
        id = public_id(private)
        message = rnd(f"message/{name}", 40)
        other = public_id(PEOPLE["bob" if name == "alice" else "alice"])
        good.append({"name": name, "private": b64(private), "public": b64(id), "bytes": id.hex(), "fingerprint": fingerprint(id),
                     "message": message.hex(), "signature": ed_sign(private[32:], message).hex(),
                     "other": b64(other), "shared": mul_x(private, other).hex(),
                     "purpose": "coffer/local-test/v1", "localKey": hkdf(private, b"", lp("coffer/local-test/v1", id)).hex()})
    id = public_id(PEOPLE["alice"])
    point, key, text = id[:33], id[33:], b64(id)
    t8 = ed_torsion()
    mixed = ed_bytes(ed_add(ed_mul(ed_secret(PEOPLE["alice"][32:])[0], B), t8))
    x = next(x for x in range(1, 99) if pow(x**3 + 7, (P - 1) // 2, P) != 1)
    y = next(y for y in range(2, 99) if ed_x(y, 0) is None)
    bad = [("empty", ""), ("without its padding", text[:-1]), ("a character short", text[1:]), ("a line break behind", text + "\n"), ("a space in front", " " + text),
           ("base64 instead of base64url", b64(b"\x02" + b"\xfb\xff" * 16 + key).replace("-", "+").replace("_", "/")),
           ("bits left over in the last digit", text[:-2] + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".index(text[-2]) + 1] + "="),
           ("64 bytes", b64(id[:-1])), ("66 bytes", b64(id + b"\0")), ("padding in the middle", text[:40] + "=" + text[41:])]
    parts = [("an uncompressed mark", b"\x04" + point[1:] + key), ("a hybrid mark", b"\x06" + point[1:] + key), ("infinity", bytes(33) + key),
             ("x is not on the curve", b"\x02" + x.to_bytes(32, "big") + key), ("x is the field's size", b"\x02" + P.to_bytes(32, "big") + key),
             ("x is beyond the field", b"\x02" + (P + 1).to_bytes(32, "big") + key), ("all ones", b"\xff" * 65),
             ("y of the key is the field's size", point + Q.to_bytes(32, "little")), ("y of the key is one, beyond the field", point + (Q + 1).to_bytes(32, "little")),
             ("y of the key is 3, beyond the field", point + (Q + 3).to_bytes(32, "little")), ("y of the key is on no point", point + y.to_bytes(32, "little")),
             ("the neutral element with a sign", point + (1 | 1 << 255).to_bytes(32, "little")), ("y = -1 with a sign", point + (Q - 1 | 1 << 255).to_bytes(32, "little")),
             ("a key with a part of order 8", point + mixed),
             ("a key with a part of order 2", point + ed_bytes(ed_add(ed_mul(5, B), ed_mul(4, t8))))]
    parts += [(f"a key of small order: {i} T", point + ed_bytes(ed_mul(i, t8))) for i in range(8)]
    save("public-id", "docs/format.md, section 3: public ids, fingerprints, signatures, agreement, local keys",
         good=good, bad=[{"name": n, "text": t, "failure": "FormatException"} for n, t in bad + [(n, b64(p)) for n, p in parts]])
    seed = PEOPLE["alice"][32:]
    save("private-id", "docs/format.md, section 3: private ids", good=[{"name": n, "private": b64(d.to_bytes(32, "big") + seed), "public": b64(compress(mul(d, G)) + ed_key(seed))}
         for n, d in [("d = 1", 1), ("d = n - 1", N - 1), ("d has 31 zero bytes in front", 255)]],
         bad=[{"name": n, "text": t, "failure": "FormatException"} for n, t in [
             ("empty", ""), ("d = 0", b64(bytes(32) + seed)), ("d = n", b64(N.to_bytes(32, "big") + seed)), ("d = n + 1", b64((N + 1).to_bytes(32, "big") + seed)),
             ("all ones", b64(b"\xff" * 64)), ("63 bytes", b64(PEOPLE["alice"][:63])), ("65 bytes", b64(PEOPLE["alice"] + b"\0")),
             ("without padding", b64(PEOPLE["alice"])[:-2]), ("a public id", b64(id))]])


def mul_x(private, other_id):
    x = int.from_bytes(other_id[1:33], "big")
    y = pow(x**3 + 7, (P + 1) // 4, P)
    y = y if y % 2 == other_id[0] - 2 else P - y
    return mul(int.from_bytes(private[:32], "big"), (x, y))[0].to_bytes(32, "big")


def identity_files():
    alice, bob = PEOPLE["alice"], PEOPLE["bob"]
    a, b = public_id(alice), public_id(bob)
    salt = rnd("salt", 32)
    opened = f"COFFER-IDENTITY-1 {b64(a)} {b64(alice)}\n"
    shut = locked(alice, a, "open sesame", 10, 8, 1, salt)
    line = f"COFFER-LOCKED-IDENTITY-1 {b64(shut)}\n"
    composed, decomposed = "caf\u00e9 \U0001F512", "cafe\u0301"
    cut = shut[:100] + bytes([shut[100] ^ 1]) + shut[101:]

    def asks(log_n, r, p):
        return f"COFFER-LOCKED-IDENTITY-1 {b64(with_check(bytes([log_n, r, p]) + shut[3:-4]))}\n"

    good = [("open", opened, None), ("open, with comments and empty lines", "# mine\n\n" + opened + "\n# end\n", None), ("open, without the last line end", opened[:-1], None),
            ("a comment beyond ASCII", "# Zo\u00eb\n" + opened, None),
            ("locked", line, "open sesame"), ("locked, more work", f"COFFER-LOCKED-IDENTITY-1 {b64(locked(alice, a, 'p', 12, 4, 3, salt))}\n", "p"),
            ("locked, composed passphrase", f"COFFER-LOCKED-IDENTITY-1 {b64(locked(alice, a, composed, 10, 1, 1, salt))}\n", composed),
            ("locked, decomposed passphrase", f"COFFER-LOCKED-IDENTITY-1 {b64(locked(alice, a, decomposed, 10, 1, 1, salt))}\n", decomposed)]
    flipped = opened[:150] + ("A" if opened[150] != "A" else "B") + opened[151:]
    # The length of a private id, and no scalar in it.
    nothing = bytes(32) + alice[32:]
    bad = [("WrongPassphrase", "another passphrase", line, "open sesam"), ("WrongPassphrase", "the other Unicode form", good[6][1], "cafe\u0301 \U0001F512"),
           ("WrongPassphrase", "altered, with check bytes that fit", f"COFFER-LOCKED-IDENTITY-1 {b64(with_check(cut[:-4]))}\n", "open sesame"),
           ("PassphraseNeeded", "locked", line, None),
           ("Damaged", "one bit of the locked identity", f"COFFER-LOCKED-IDENTITY-1 {b64(cut)}\n", "open sesame"),
           ("Damaged", "one character of the private id", flipped, None),
           ("Damaged", "cut off in the private id", opened[:150], None), ("Damaged", "cut off in the locked identity", line[:200], "open sesame"),
           ("Damaged", "cut off behind its mark", "COFFER-IDENTITY-1 ", None), ("Damaged", "the old form, without a public id", f"COFFER-IDENTITY-1 {b64(alice)}\n", None),
           ("Damaged", "somebody else's public id", f"COFFER-IDENTITY-1 {b64(b)} {b64(alice)}\n", None),
           ("Damaged", "two spaces", opened.replace(" ", "  "), None), ("Damaged", "a space at the end", opened[:-1] + " \n", None),
           ("Damaged", "lines that end with CR LF", opened.replace("\n", "\r\n"), None), ("Damaged", "two identities", opened + line, None),
           ("Damaged", "locked, with somebody else's public id", f"COFFER-LOCKED-IDENTITY-1 {b64(locked(alice, b, 'p', 10, 1, 1, salt))}\n", "p"),
           ("Damaged", "locked, without a private id in it", f"COFFER-LOCKED-IDENTITY-1 {b64(locked(nothing, a, 'p', 10, 1, 1, salt))}\n", "p"),
           ("Damaged", "locked, without padding", line.replace("=", ""), "open sesame")]
    bad += [("Damaged", f"asks for log2 N = {n}, r = {r}, p = {p}", asks(n, r, p), "open sesame")
            for n, r, p in [(9, 8, 1), (23, 8, 1), (63, 8, 1), (255, 8, 1), (17, 0, 1), (17, 33, 1), (17, 255, 1), (17, 8, 0), (17, 8, 17), (22, 3, 1), (21, 5, 1), (16, 1, 1)]]
    bad += [("NewerVersion", "open", opened.replace("-1 ", "-2 "), None), ("NewerVersion", "locked", line.replace("-1 ", "-12 "), None),
            ("NewerVersion", "a mark alone", "COFFER-IDENTITY-2\n", None),
            ("NotAnIdentity", "empty", "", None), ("NotAnIdentity", "comments alone", "# nothing\n\n", None), ("NotAnIdentity", "a private id alone", b64(alice) + "\n", None),
            ("NotAnIdentity", "another product's key", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", None),
            ("NotAnIdentity", "lower case", opened.lower(), None), ("NotAnIdentity", "a version that is no number", opened.replace("-1 ", "-x "), None),
            ("NotAnIdentity", "version 0", opened.replace("-1 ", "-0 "), None), ("NotAnIdentity", "a space in front", " " + opened, None)]
    save("identity-file", "docs/format.md, section 3: identity files; failure is a member of IdentityFileFault",
         good=[{"name": n, "file": t, "passphrase": p, "private": b64(alice), "public": b64(a)} for n, t, p in good],
         bad=[{"name": n, "file": t, "passphrase": p, "failure": f} for f, n, t, p in bad])


def primitives():
    k = lambda d: compress(mul(d, G)).hex()
    save("secp256k1", "SEC 2, section 2.4.1: multiples of the generator, and x coordinates of shared points",
         good=[{"scalar": f"{d:064x}", "point": k(d)} for d in [1, 2, 3, 7, 255, 2**128, N - 1, N - 2, N // 2] + [int.from_bytes(rnd(f"scalar/{i}", 32), "big") % N for i in range(5)]],
         agree=[{"scalar": f"{d:064x}", "point": k(e), "shared": f"{mul(d * e % N, G)[0]:064x}"} for d, e in shared_pairs()],
         bad=[{"name": n, "scalar": f"{d:064x}", "failure": "ArgumentException"} for n, d in [("zero", 0), ("n", N), ("n + 1", N + 1), ("2^256 - 1", 2**256 - 1)]])
    rfc = [("test 1", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
           ("test 2", "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
           ("test 3", "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
           ("test SHA(abc)", "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42", "ec172b93ad5e563f4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            hashlib.sha512(b"abc").hexdigest(), "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704")]
    for _, seed, _, message, signature in rfc:
        assert ed_sign(bytes.fromhex(seed), bytes.fromhex(message)).hex() == signature
    save("ed25519", "RFC 8032, section 7.1; and signatures that were made to divide implementations. failure Refused: the check says no",
         good=[{"name": n, "seed": s, "key": ed_key(bytes.fromhex(s)).hex(), "message": m, "signature": g} for n, s, _, m, g in rfc], bad=crafted())
    cases = [("", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"),
             ("password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"),
             ("pleaseletmein", "SodiumChloride", 16384, 8, 1,
              "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")]
    for p, s, n, r, q, o in cases:
        assert hashlib.scrypt(p.encode(), salt=s.encode(), n=n, r=r, p=q, dklen=64, maxmem=2**31 - 1).hex() == o
    save("scrypt", "RFC 7914, section 12", good=[{"name": f"N = {n}", "password": p, "salt": s, "n": n, "r": r, "p": q, "hex": o} for p, s, n, r, q, o in cases], bad=[])
    cases = [("test 1", b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"),
             ("test 2", bytes(range(80)), bytes(range(0x60, 0xB0)), bytes(range(0xB0, 0x100)), "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"),
             ("test 3", b"\x0b" * 22, b"", b"", "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")]
    for _, i, s, f, o in cases:
        assert hkdf(i, s, f).hex() == o
    save("hkdf", "RFC 5869, appendix A, the first 32 bytes of each output", good=[{"name": n, "ikm": i.hex(), "salt": s.hex(), "info": f.hex(), "hex": o} for n, i, s, f, o in cases], bad=[])
    key = rnd("gcm", 32)
    text, ad = rnd("gcm/text", 45), rnd("gcm/ad", 20)
    sealed = seal(key, text, ad)
    zero = [("McGrew and Viega, test case 13", bytes(32), b"", b"", "530f8afbc74536b9a963b4f1c4cb738b"),
            ("McGrew and Viega, test case 14", bytes(32), bytes(16), b"", "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919")]
    for _, k1, t, a, o in zero:
        assert seal(k1, t, a).hex() == o
    flip = lambda data, at: data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]
    save("seal", "AES-256-GCM with a nonce of zeros: The Galois/Counter Mode of Operation, appendix B, and our own. failure Refused: it does not open",
         good=[{"name": n, "key": k1.hex(), "text": t.hex(), "ad": a.hex(), "hex": o} for n, k1, t, a, o in zero + [("with associated data", key, text, ad, sealed.hex())]],
         bad=[{"name": n, "key": k1.hex(), "ad": a.hex(), "hex": s.hex(), "failure": "Refused"} for n, k1, a, s in [
             ("a flipped bit in the text", key, ad, flip(sealed, 3)), ("a flipped bit in the tag", key, ad, flip(sealed, len(sealed) - 1)), ("a flipped bit in the key", flip(key, 0), ad, sealed),
             ("a flipped bit in the associated data", key, flip(ad, 19), sealed), ("cut off", key, ad, sealed[:-1]), ("shorter than a tag", key, ad, sealed[:15]), ("nothing", key, ad, b""),
             ("a byte more", key, ad, sealed + b"\0")]])


def shared_pairs():
    """Some ordinary pairs, and two whose shared x has zero bytes in front."""
    scalars = [int.from_bytes(rnd(f"agree/{i}", 32), "big") % N for i in range(3)]
    pairs = [(scalars[0], scalars[1]), (scalars[1], scalars[2]), (1, 1), (N - 1, scalars[0])]
    point, e, found = mul(scalars[0], G), 1, []
    step = point
    while len(found) < 2:
        if point[0] < 2**248:
            found.append((scalars[0], e))
        point, e = add(point, step), e + 1
    return pairs + found


def crafted():
    seed, message = PEOPLE["alice"][32:], rnd("crafted", 24)
    s, key = ed_secret(seed)[0], ed_key(seed)
    t8, neutral = ed_torsion(), (0, 1, 1, 0)
    good = ed_sign(seed, message)
    little = lambda n: n.to_bytes(32, "little")

    def made(point, r):
        """R as said, and an S that fits but for R's part of small order."""
        p = ed_bytes(point)
        return p + little((r + ed_k(p, key, message) * s) % L)

    out = [("S + L", key, message, good[:32] + little(int.from_bytes(good[32:], "little") + L)), ("another message", key, message + b"!", good),
           ("a flipped bit in R", key, message, bytes([good[0] ^ 1]) + good[1:]), ("a flipped bit in S", key, message, good[:32] + bytes([good[32] ^ 1]) + good[33:]),
           ("63 bytes", key, message, good[:63]), ("65 bytes", key, message, good + b"\0"), ("nothing", key, message, b""), ("zeros", key, message, bytes(64)),
           ("R is the neutral element, and S fits", key, message, made(neutral, 0)),
           ("R is y = 1 beyond the field", key, message, (lambda r: r + little(ed_k(r, key, message) * s % L))(little(Q + 1)))]
    for i in range(1, 8):
        for r in range(1, 5):
            out.append((f"R has the part {i} T of small order, r = {r}", key, message, made(ed_add(ed_mul(r, B), ed_mul(i, t8)), r)))
    return [{"name": n, "key": k.hex(), "message": m.hex(), "signature": g.hex(), "failure": "Refused"} for n, k, m, g in out]


encoding()
identities()
identity_files()
primitives()
