type OneShotHash = (algorithm: string, data: string, outputEncoding: 'base64url') => string;

interface NodeCrypto {
  readonly hash?: OneShotHash;
}

/** Node's one-shot hash, without an import that other runtimes and bundlers would stumble over. */
function findOneShotHash(): OneShotHash | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return (process?.getBuiltinModule?.('node:crypto') as NodeCrypto | undefined)?.hash;
}

const oneShotHash = findOneShotHash();

async function digestByWebCrypto(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return String.fromCharCode(...new Uint8Array(bytes));
}

/**
 * SHA-256 of a key, as a name for it in memory: the key itself is kept nowhere. At once where the runtime can, else as
 * a promise; each process keeps to one of the two, whose texts differ.
 */
export const digestOf: (key: string) => string | Promise<string> =
  oneShotHash === undefined ? digestByWebCrypto : (key) => oneShotHash('sha256', key, 'base64url');
