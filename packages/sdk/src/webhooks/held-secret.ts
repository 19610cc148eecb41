/** How the text of a MAC is written. */
export type MacEncoding = 'base64' | 'hex';

/** A secret in the form in which the runtime is quickest with it; its bytes are kept nowhere else. */
export interface HeldSecret {
  /** HMAC-SHA256 of the two parts one after the other, as text. */
  mac(before: string, body: Uint8Array, encoding: MacEncoding): string | Promise<string>;
}

interface Hmac {
  update(data: string | Uint8Array): Hmac;
  digest(encoding: MacEncoding): string;
}

interface NodeCrypto {
  createSecretKey(bytes: Uint8Array): object;
  createHmac(algorithm: string, key: object): Hmac;
}

const algorithm = { name: 'HMAC', hash: 'SHA-256' } as const;

/** Node's own, without an import that other runtimes and bundlers would stumble over. */
function findNodeCrypto(): NodeCrypto | null {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return (process?.getBuiltinModule?.('node:crypto') as NodeCrypto | undefined) ?? null;
}

const nodeCrypto = findNodeCrypto();

function textOf(bytes: Uint8Array, encoding: MacEncoding): string {
  if (encoding === 'base64') return btoa(String.fromCharCode(...bytes));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function holdByWebCrypto(secret: Uint8Array<ArrayBuffer>): HeldSecret {
  const imported = crypto.subtle.importKey('raw', secret, algorithm, false, ['sign']);
  return {
    async mac(before, body, encoding) {
      const head = new TextEncoder().encode(before);
      const all = new Uint8Array(head.length + body.length);
      all.set(head);
      all.set(body, head.length);
      return textOf(new Uint8Array(await crypto.subtle.sign('HMAC', await imported, all)), encoding);
    },
  };
}

/** Holds a secret: as a `KeyObject` in Node, elsewhere (`node` is null) as a `CryptoKey`. */
export function holdSecret(secret: Uint8Array<ArrayBuffer>, node = nodeCrypto): HeldSecret {
  if (node === null) return holdByWebCrypto(secret);
  const key = node.createSecretKey(secret);
  return {
    mac: (before, body, encoding) =>
      node.createHmac('sha256', key).update(before).update(body).digest(encoding),
  };
}

/** Whether two texts are the same, in a time that tells nothing of where they differ. */
export function isSame(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let index = 0; index < one.length; index++) {
    difference |= one.charCodeAt(index) ^ other.charCodeAt(index);
  }
  return difference === 0;
}
