"""Checks crypto_helper.py against the vectors; prints how many held."""
import base64
import json
import os
import sys

sdk = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "sdk")
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(sdk, "python"))
import crypto_helper as crypto  # noqa: E402

raw = base64.b64decode
with open(os.path.join(sdk, "vectors", "encryption.json"), encoding="utf-8") as file:
    vectors = json.load(file)
held = 0


def check(true, what):
    global held
    if not true:
        sys.exit(f"{what} does not hold")
    held += 1


def refuses(act):
    try:
        act()
        return False
    except ValueError:
        return True


for m in vectors["messages"]:
    key = raw(m["room_key"])
    check(crypto.encrypt(key, m["room_id"], m["text"], raw(m["nonce"])) == {"c": m["c"], "t": "encrypted"}, m["room_id"])
    check(crypto.decrypt([crypto.generate_room_key(), key], m["room_id"], {"c": m["c"]}) == m["text"], m["room_id"])
    check(crypto.decrypt(key, m["room_id"], crypto.encrypt(key, m["room_id"], m["text"])) == m["text"], m["room_id"])
for m in vectors["messages_refused"]:
    check(refuses(lambda: crypto.decrypt(raw(m["room_key"]), m["room_id"], {"c": m["c"]})), m["why"])
for w in vectors["wraps"]:
    check(crypto.wrap_room_key(raw(w["room_key"]), w["public_key"], raw(w["ephemeral_private"]), raw(w["nonce"])) == w["wrap"], "a wrap")
    check(crypto.unwrap_room_key(w["wrap"], w["private_key"]) == raw(w["room_key"]), "a wrap opened")
    check(crypto.unwrap_room_key(crypto.wrap_room_key(raw(w["room_key"]), w["public_key"]), w["private_key"]) == raw(w["room_key"]), "there and back")
for w in vectors["wraps_refused"]:
    check(refuses(lambda: crypto.unwrap_room_key(w["wrap"], w["private_key"])), w["why"])
for s in vectors["signatures"]:
    check(crypto.sign(s["body"], s["signing_private_key"]) == s["signature"], "a signature")
    check(crypto.verify(s["body"], s["signature"], s["signing_public_key"]), "a signature verified")
    check(not crypto.verify(s["body"], s["forged"], s["signing_public_key"]), "a forged signature")
    check(not crypto.verify("other", s["signature"], s["signing_public_key"]), "a signature of something else")
print(held)
