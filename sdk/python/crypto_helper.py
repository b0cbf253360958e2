"""End-to-end encryption and signatures for Remix rooms. Needs only the package ``cryptography``.

All keys, wraps, bundles and signatures are standard base64, as the server gives and takes them. What was tampered with,
or made for somebody else, raises ``ValueError``.

    key = generate_room_key()
    wraps = {user_id: wrap_room_key(key, public_key) for user_id, public_key in members}   # PUT /rooms/{room}/keys
    key = unwrap_room_key(wraps["alice"], private_key)                                     # GET /rooms/{room}/keys
    body = encrypt(key, "alice/lab", "hello")                                              # POST /rooms/{room}/send
    text = decrypt([key], "alice/lab", body)
"""
import base64
import binascii
import os

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

VERSION = 1
NONCE = 12
TAG = 16
KEY = 32
WRAP = KEY + NONCE + KEY + TAG
INFO = b"remix-room-key-v1"


def generate_room_key():
    """A new room key: 32 random bytes. It never leaves the members; the server gets it sealed only."""
    return os.urandom(KEY)


def encrypt(room_key, room_id, text, nonce=None):
    """The message body for ``text``: ``{"c": base64(1 | nonce | ciphertext | tag), "t": "encrypted"}``."""
    nonce = nonce or os.urandom(NONCE)
    sealed = AESGCM(room_key).encrypt(nonce, text.encode("utf-8"), room_id.encode("utf-8"))
    return {"c": _text(bytes([VERSION]) + nonce + sealed), "t": "encrypted"}


def decrypt(room_keys, room_id, body):
    """The text of a message body. ``room_keys``: one key, or the keys of all versions one has, which are tried in order."""
    bundle = _bytes(body["c"], "bundle")
    if len(bundle) < 1 + NONCE + TAG or bundle[0] != VERSION:
        raise ValueError("not a bundle of version 1")
    for key in [room_keys] if isinstance(room_keys, bytes) else room_keys:
        try:
            return AESGCM(key).decrypt(bundle[1:1 + NONCE], bundle[1 + NONCE:], room_id.encode("utf-8")).decode("utf-8")
        except InvalidTag:
            pass
    raise ValueError("no key opens this message")


def wrap_room_key(room_key, public_key, ephemeral_private=None, nonce=None):
    """Seals a room key for the owner of an X25519 public key: base64(ephemeral public | nonce | sealed key | tag)."""
    recipient = _bytes(public_key, "public key", KEY)
    ephemeral = X25519PrivateKey.from_private_bytes(ephemeral_private or os.urandom(KEY))
    ephemeral_public = _raw(ephemeral.public_key())
    nonce = nonce or os.urandom(NONCE)
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
    return _text(ephemeral_public + nonce + AESGCM(_wrapping_key(shared, ephemeral_public, recipient)).encrypt(nonce, room_key, None))


def unwrap_room_key(wrap, private_key):
    """Opens what ``wrap_room_key`` sealed for the owner of this X25519 private key."""
    sealed = _bytes(wrap, "wrap", WRAP)
    own = X25519PrivateKey.from_private_bytes(_bytes(private_key, "private key", KEY))
    ephemeral_public, nonce = sealed[:KEY], sealed[KEY:KEY + NONCE]
    shared = own.exchange(X25519PublicKey.from_public_bytes(ephemeral_public))
    try:
        return AESGCM(_wrapping_key(shared, ephemeral_public, _raw(own.public_key()))).decrypt(nonce, sealed[KEY + NONCE:], None)
    except InvalidTag:
        raise ValueError("this wrap was not made for this key") from None


def sign(body, signing_private_key):
    """The Ed25519 signature of a message: of its text, or of the string ``c`` of an encrypted body."""
    key = Ed25519PrivateKey.from_private_bytes(_bytes(signing_private_key, "signing private key", KEY))
    return _text(key.sign(_signed(body)))


def verify(body, signature, signing_public_key):
    """Whether the owner of the signing key signed this message."""
    try:
        key = Ed25519PublicKey.from_public_bytes(_bytes(signing_public_key, "signing public key", KEY))
        key.verify(_bytes(signature, "signature"), _signed(body))
        return True
    except (InvalidSignature, ValueError):
        return False


def _wrapping_key(shared, ephemeral_public, recipient):
    return HKDF(algorithm=hashes.SHA256(), length=KEY, salt=ephemeral_public + recipient, info=INFO).derive(shared)


def _signed(body):
    return (body if isinstance(body, str) else body["c"]).encode("utf-8")


def _raw(public_key):
    return public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _text(data):
    return base64.b64encode(data).decode("ascii")


def _bytes(text, what, length=None):
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError(f"the {what} is not base64") from None
    if length is not None and len(data) != length:
        raise ValueError(f"the {what} has {len(data)} bytes instead of {length}")
    return data
