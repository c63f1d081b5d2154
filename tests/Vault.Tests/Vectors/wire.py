"""What the generators beside it share: numbers, lists, lp and keys from docs/format.md, sections 1 and 2, and the people of their vectors. It shares nothing with the product."""
import base64
import hashlib
import hmac

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ZERO = bytes(32)


def sha(data):
    return hashlib.sha256(data).digest()


def u64(n):
    return n.to_bytes(8, "big")


def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    return bytes(out) + bytes([n])


def svarint(n):
    return varint(2 * n if n >= 0 else -2 * n - 1)


def vbytes(data):
    return varint(len(data)) + data


def text(value):
    return vbytes(value.encode())


def vlist(items):
    return varint(len(items)) + b"".join(items)


def lp(*fields):
    out = b""
    for field in fields:
        field = field.encode() if isinstance(field, str) else u64(field) if isinstance(field, int) else field
        out += len(field).to_bytes(4, "big") + field
    return out


def hkdf(ikm, salt, info):
    prk = hmac.new(salt or ZERO, ikm, hashlib.sha256).digest()
    return hmac.new(prk, info + b"\x01", hashlib.sha256).digest()


def seal(key, plain, ad=b""):
    return AESGCM(key).encrypt(bytes(12), plain, ad)


def b64(data):
    return base64.urlsafe_b64encode(data).decode()


class Person:
    def __init__(self, name):
        self.name = name
        self.scalar, self.seed = sha(f"scalar of {name}".encode()), sha(f"seed of {name}".encode())
        self.curve = ec.derive_private_key(int.from_bytes(self.scalar, "big"), ec.SECP256K1())
        self.signer = Ed25519PrivateKey.from_private_bytes(self.seed)
        key = self.signer.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.id = point_of(self.curve) + key


def point_of(curve):
    return curve.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
