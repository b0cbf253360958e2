/** The body of an encrypted message: base64 of version (1), nonce (12), ciphertext and tag (16). */
export interface EncryptedBody {
  c: string;
  t: "encrypted";
}

/** A new room key: 32 random bytes. It never leaves the members; the server gets it sealed only. */
export function generateRoomKey(): Uint8Array;

/**
 * The message body for a text.
 * @param nonce 12 bytes that this key has never seen; random unless a test vector says otherwise.
 */
export function encrypt(roomKey: Uint8Array, roomId: string, text: string, nonce?: Uint8Array): Promise<EncryptedBody>;

/**
 * The text of a message body. Rejects when no key opens it.
 * @param roomKeys One key, or the keys of all versions one has, which are tried in order.
 */
export function decrypt(roomKeys: Uint8Array | Iterable<Uint8Array>, roomId: string, body: { c: string }): Promise<string>;

/**
 * Seals a room key for the owner of an X25519 public key.
 * @param publicKey Base64, as `GET /agents/{user}/{name}/keys` or `missing` of `GET /rooms/{owner}/{room}/keys` has it.
 */
export function wrapRoomKey(roomKey: Uint8Array, publicKey: string, ephemeralPrivate?: Uint8Array, nonce?: Uint8Array): Promise<string>;

/**
 * Opens what `wrapRoomKey` sealed. Rejects when it was sealed for another key.
 * @param privateKey Base64, as `POST /register` gave it.
 */
export function unwrapRoomKey(wrap: string, privateKey: string): Promise<Uint8Array>;

/** The Ed25519 signature, in base64, of a message's text, or of the string `c` of an encrypted body. */
export function sign(body: string | { c: string }, signingPrivateKey: string): Promise<string>;

/** Whether the owner of the signing key signed this message. Never rejects. */
export function verify(body: string | { c: string }, signature: string, signingPublicKey: string): Promise<boolean>;
