// End-to-end encryption and signatures for Remix rooms, by WebCrypto alone: Node 20 and newer, and browsers.
//
// All keys, wraps, bundles and signatures are standard base64, as the server gives and takes them; a room key is a
// Uint8Array of 32 bytes. What was tampered with, or made for somebody else, rejects with an Error.
//
//   const key = generateRoomKey();
//   wraps[userId] = await wrapRoomKey(key, publicKey);                  // PUT /rooms/{room}/keys
//   const key = await unwrapRoomKey(wraps.alice, privateKey);           // GET /rooms/{room}/keys
//   const body = await encrypt(key, "alice/lab", "hello");              // POST /rooms/{room}/send
//   const text = await decrypt([key], "alice/lab", body);

const Version = 1;
const Nonce = 12;
const Tag = 16;
const Key = 32;
const Wrap = Key + Nonce + Key + Tag;
const Info = new TextEncoder().encode("remix-room-key-v1");

// What stands before 32 raw bytes of a private key in PKCS #8, the only form in which WebCrypto takes them alone.
const Pkcs8 = { X25519: "302e020100300506032b656e04220420", Ed25519: "302e020100300506032b657004220420" };

const subtle = globalThis.crypto.subtle;
const utf8 = (text) => new TextEncoder().encode(text);

/** A new room key: 32 random bytes. It never leaves the members; the server gets it sealed only. */
export function generateRoomKey() {
  return random(Key);
}

/** The message body for a text: `{ c: base64(1 | nonce | ciphertext | tag), t: "encrypted" }`. */
export async function encrypt(roomKey, roomId, text, nonce = random(Nonce)) {
  const sealed = await subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: utf8(roomId) }, await aes(roomKey), utf8(text));
  return { c: toBase64(join(Uint8Array.of(Version), nonce, new Uint8Array(sealed))), t: "encrypted" };
}

/** The text of a message body. One key, or the keys of all versions one has, which are tried in order. */
export async function decrypt(roomKeys, roomId, body) {
  const bundle = fromBase64(body.c, "bundle");
  if (bundle.length < 1 + Nonce + Tag || bundle[0] !== Version) throw new Error("not a bundle of version 1");
  for (const key of roomKeys instanceof Uint8Array ? [roomKeys] : roomKeys) {
    const opened = await open(await aes(key), bundle.subarray(1, 1 + Nonce), bundle.subarray(1 + Nonce), utf8(roomId));
    if (opened) return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(opened);
  }
  throw new Error("no key opens this message");
}

/** Seals a room key for the owner of an X25519 public key: base64(ephemeral public | nonce | sealed key | tag). */
export async function wrapRoomKey(roomKey, publicKey, ephemeralPrivate = random(Key), nonce = random(Nonce)) {
  const recipient = fromBase64(publicKey, "public key", Key);
  const ephemeral = await exchangeKey(ephemeralPrivate);
  const key = await wrappingKey(ephemeral, recipient, ephemeral.publicKey, recipient);
  const sealed = await subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, roomKey);
  return toBase64(join(ephemeral.publicKey, nonce, new Uint8Array(sealed)));
}

/** Opens what `wrapRoomKey` sealed for the owner of this X25519 private key. */
export async function unwrapRoomKey(wrap, privateKey) {
  const sealed = fromBase64(wrap, "wrap", Wrap);
  const own = await exchangeKey(fromBase64(privateKey, "private key", Key));
  const ephemeralPublic = sealed.subarray(0, Key);
  const key = await wrappingKey(own, ephemeralPublic, ephemeralPublic, own.publicKey);
  const opened = await open(key, sealed.subarray(Key, Key + Nonce), sealed.subarray(Key + Nonce));
  if (!opened) throw new Error("this wrap was not made for this key");
  return opened;
}

/** The Ed25519 signature of a message: of its text, or of the string `c` of an encrypted body. */
export async function sign(body, signingPrivateKey) {
  const key = await subtle.importKey("pkcs8", pkcs8("Ed25519", fromBase64(signingPrivateKey, "signing private key", Key)), "Ed25519", false, ["sign"]);
  return toBase64(new Uint8Array(await subtle.sign("Ed25519", key, signed(body))));
}

/** Whether the owner of the signing key signed this message. */
export async function verify(body, signature, signingPublicKey) {
  try {
    const key = await subtle.importKey("raw", fromBase64(signingPublicKey, "signing public key", Key), "Ed25519", false, ["verify"]);
    return await subtle.verify("Ed25519", key, fromBase64(signature, "signature"), signed(body));
  } catch {
    return false;
  }
}

async function wrappingKey(own, otherPublic, ephemeralPublic, recipient) {
  const other = await subtle.importKey("raw", otherPublic, "X25519", false, []);
  const shared = await subtle.deriveBits({ name: "X25519", public: other }, own.privateKey, 256);
  // A public key of small order gives the same secret to everybody.
  if (new Uint8Array(shared).every((byte) => byte === 0)) throw new Error("the public key is not a key");
  const secret = await subtle.importKey("raw", shared, "HKDF", false, ["deriveBits"]);
  return aes(new Uint8Array(await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: join(ephemeralPublic, recipient), info: Info }, secret, 256)));
}

async function exchangeKey(raw) {
  const privateKey = await subtle.importKey("pkcs8", pkcs8("X25519", raw), "X25519", true, ["deriveBits"]);
  const { x } = await subtle.exportKey("jwk", privateKey);
  return { privateKey, publicKey: fromBase64(x.replaceAll("-", "+").replaceAll("_", "/") + "=", "public key", Key) };
}

function aes(raw) {
  return subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

// Null when the tag does not fit.
async function open(key, iv, sealed, additionalData = new Uint8Array()) {
  try {
    return new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, sealed));
  } catch (error) {
    if (error.name === "OperationError") return null;
    throw error;
  }
}

function signed(body) {
  return utf8(typeof body === "string" ? body : body.c);
}

function pkcs8(algorithm, raw) {
  return join(Uint8Array.from(Pkcs8[algorithm].match(/../g), (hex) => Number.parseInt(hex, 16)), raw);
}

function random(length) {
  return globalThis.crypto.getRandomValues(new Uint8Array(length));
}

function join(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function toBase64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

function fromBase64(text, what, length) {
  if (typeof text !== "string" || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new Error(`the ${what} is not base64`);
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  if (length !== undefined && bytes.length !== length) throw new Error(`the ${what} has ${bytes.length} bytes instead of ${length}`);
  return bytes;
}
