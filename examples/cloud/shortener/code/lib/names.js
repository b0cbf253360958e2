const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

export function isAddress(text) {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
}

export const newName = (length = 6) => [...crypto.getRandomValues(new Uint8Array(length))].map((byte) => alphabet[byte % alphabet.length]).join('');

// A record's id from a name: the same name is always the same record.
export async function idOf(name) {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(name));
  return [...new Uint8Array(hash).slice(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
