"""Writes encryption.json: what every implementation of the wire format must agree with. The same on every run."""
import base64
import hashlib
import json
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "python"))
import crypto_helper as crypto  # noqa: E402
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: E402
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey  # noqa: E402


def seed(name, length=32):
    return hashlib.sha256(("remix-vectors/" + name).encode()).digest()[:length]


def b64(data):
    return base64.b64encode(data).decode()


def x25519(name):
    private = X25519PrivateKey.from_private_bytes(seed(name))
    return b64(seed(name)), b64(crypto._raw(private.public_key()))


def flipped(text, at):
    data = bytearray(base64.b64decode(text))
    data[at] ^= 1
    return b64(bytes(data))


texts = ["", "hello", "Grüße, 世界 🌍", "line\nline\r\n\ttab", "\ufeffmark", "x" * 32768]
messages = []
for i, text in enumerate(texts):
    key, nonce, room = seed(f"room{i}"), seed(f"nonce{i}", 12), f"alice/room-{i}"
    messages.append({"room_key": b64(key), "room_id": room, "nonce": b64(nonce), "text": text, "c": crypto.encrypt(key, room, text, nonce)["c"]})

good = messages[1]
key = good["room_key"]
refused = [
    {"why": "another room", "room_key": key, "room_id": "alice/room-0", "c": good["c"]},
    {"why": "another key", "room_key": messages[2]["room_key"], "room_id": good["room_id"], "c": good["c"]},
    {"why": "a changed nonce", "room_key": key, "room_id": good["room_id"], "c": flipped(good["c"], 1)},
    {"why": "a changed ciphertext", "room_key": key, "room_id": good["room_id"], "c": flipped(good["c"], 13)},
    {"why": "a changed tag", "room_key": key, "room_id": good["room_id"], "c": flipped(good["c"], -1)},
    {"why": "another version", "room_key": key, "room_id": good["room_id"], "c": flipped(good["c"], 0), "form": True},
    {"why": "too short", "room_key": key, "room_id": good["room_id"], "c": b64(base64.b64decode(good["c"])[:28]), "form": True},
    {"why": "no base64", "room_key": key, "room_id": good["room_id"], "c": "***", "form": True},
    {"why": "nothing", "room_key": key, "room_id": good["room_id"], "c": "", "form": True},
]

wraps, unwrapped = [], []
for i in range(3):
    private, public = x25519(f"recipient{i}")
    ephemeral_private, ephemeral_public = x25519(f"ephemeral{i}")
    shared = X25519PrivateKey.from_private_bytes(seed(f"ephemeral{i}")).exchange(X25519PublicKey.from_public_bytes(base64.b64decode(public)))
    room_key, nonce = seed(f"wrapped{i}"), seed(f"wrap-nonce{i}", 12)
    wraps.append({
        "room_key": b64(room_key), "private_key": private, "public_key": public, "ephemeral_private": ephemeral_private,
        "ephemeral_public": ephemeral_public, "shared_secret": b64(shared), "nonce": b64(nonce),
        "wrap": crypto.wrap_room_key(room_key, public, seed(f"ephemeral{i}"), nonce),
    })
one, other = wraps[0], wraps[1]
for why, wrap, private in [
    ("another recipient", one["wrap"], other["private_key"]), ("a changed ephemeral key", flipped(one["wrap"], 0), one["private_key"]),
    ("a changed nonce", flipped(one["wrap"], 32), one["private_key"]), ("a changed sealed key", flipped(one["wrap"], 44), one["private_key"]),
    ("too short", one["wrap"][:-4], one["private_key"]), ("an ephemeral key of small order", b64(bytes(32) + bytes(60)), one["private_key"]),
]:
    unwrapped.append({"why": why, "wrap": wrap, "private_key": private})

signatures = []
for i, body in enumerate(["hello", "Grüße, 世界 🌍", {"c": good["c"], "t": "encrypted"}]):
    private = Ed25519PrivateKey.from_private_bytes(seed(f"signer{i}"))
    signature = crypto.sign(body, b64(seed(f"signer{i}")))
    signatures.append({"body": body, "signing_private_key": b64(seed(f"signer{i}")), "signing_public_key": b64(crypto._raw(private.public_key())),
                       "signature": signature, "forged": flipped(signature, 0)})

with open(os.path.join(here, "encryption.json"), "w", encoding="utf-8") as file:
    json.dump({"messages": messages, "messages_refused": refused, "wraps": wraps, "wraps_refused": unwrapped, "signatures": signatures},
              file, indent=2, ensure_ascii=True)
    file.write("\n")
