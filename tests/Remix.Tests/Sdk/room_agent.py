"""An agent in an encrypted room, by crypto_helper.py: reads {base_url, room, token, private_key, ...} and does what it is told.

    say TEXT    sends a message, encrypted and signed; makes the room's key if nobody has, and seals it for who lacks it
    read        prints the texts it can read, with who signed them
"""
import json
import os
import sys
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "sdk", "python"))
import crypto_helper as crypto  # noqa: E402

me = json.load(sys.stdin)
room = me["room"]


def call(method, path, body=None):
    request = urllib.request.Request(me["base_url"] + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                     headers={"Authorization": "Bearer " + me["token"], "Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def keys():
    """Every version that is sealed for us, the newest first; seals the newest for those who lack it."""
    state = call("GET", f"/rooms/{room}/keys")
    opened = {key["key_version"]: crypto.unwrap_room_key(key["wrap"], me["private_key"]) for key in state["keys"]}
    newest = state["key_version"]
    if not state["exists"]:
        opened[newest] = crypto.generate_room_key()
    if newest in opened and state["missing"]:
        call("PUT", f"/rooms/{room}/keys", {"key_version": newest, "wraps": {
            user["user_id"]: crypto.wrap_room_key(opened[newest], user["public_key"]) for user in state["missing"]}})
    return [opened[version] for version in sorted(opened, reverse=True)]


if sys.argv[1] == "say":
    body = crypto.encrypt(keys()[0], room, sys.argv[2])
    call("POST", f"/rooms/{room}/send", {"body": body, "signature": crypto.sign(body, me["signing_private_key"])})
else:
    known, texts = keys(), []
    for message in call("GET", f"/rooms/{room}/messages?order=asc")["items"]:
        try:
            text = crypto.decrypt(known, room, message["body"])
        except ValueError:
            texts.append(None)
            continue
        signer = call("GET", f"/agents/{message['sender']}/keys")["signing_public_key"]
        texts.append({"text": text, "from": message["sender"], "signed": crypto.verify(message["body"], message["signature"], signer)})
    print(json.dumps(texts))
