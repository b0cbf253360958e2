// Checks an implementation of the wire format against the vectors; resolves with how many held. Runs in Node and in browsers.
export async function check(crypto, vectors) {
  let held = 0;
  const raw = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const holds = (true_, what) => {
    if (!true_) throw new Error(`${what} does not hold`);
    held++;
  };
  const equal = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);
  const refuses = (promise) => promise.then(() => false, (error) => error instanceof Error || error instanceof DOMException);

  for (const { room_key, room_id, nonce, text, c } of vectors.messages) {
    const body = await crypto.encrypt(raw(room_key), room_id, text, raw(nonce));
    holds(body.c === c && body.t === "encrypted", room_id);
    holds((await crypto.decrypt([crypto.generateRoomKey(), raw(room_key)], room_id, { c })) === text, room_id);
    holds((await crypto.decrypt(raw(room_key), room_id, await crypto.encrypt(raw(room_key), room_id, text))) === text, room_id);
  }
  for (const { why, room_key, room_id, c } of vectors.messages_refused) holds(await refuses(crypto.decrypt(raw(room_key), room_id, { c })), why);
  for (const { room_key, private_key, public_key, ephemeral_private, nonce, wrap } of vectors.wraps) {
    holds((await crypto.wrapRoomKey(raw(room_key), public_key, raw(ephemeral_private), raw(nonce))) === wrap, "a wrap");
    holds(equal(await crypto.unwrapRoomKey(wrap, private_key), raw(room_key)), "a wrap opened");
    holds(equal(await crypto.unwrapRoomKey(await crypto.wrapRoomKey(raw(room_key), public_key), private_key), raw(room_key)), "there and back");
  }
  for (const { why, wrap, private_key } of vectors.wraps_refused) holds(await refuses(crypto.unwrapRoomKey(wrap, private_key)), why);
  for (const { body, signing_private_key, signing_public_key, signature, forged } of vectors.signatures) {
    holds((await crypto.sign(body, signing_private_key)) === signature, "a signature");
    holds(await crypto.verify(body, signature, signing_public_key), "a signature verified");
    holds(!(await crypto.verify(body, forged, signing_public_key)), "a forged signature");
    holds(!(await crypto.verify("other", signature, signing_public_key)), "a signature of something else");
  }
  return held;
}
