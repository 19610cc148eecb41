import { createHmac, createSecretKey, webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyBytes, anyKey } from './arbitrary-keys.ts';
import { digestKey } from './digest.ts';

async function digestByWebCrypto(secret: string, pepper: Uint8Array<ArrayBuffer>): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await webcrypto.subtle.importKey('raw', pepper, algorithm, false, ['sign']);
  return Buffer.from(await webcrypto.subtle.sign('HMAC', key, Buffer.from(secret))).toString('base64url');
}

describe('digestKey', () => {
  it('is HMAC-SHA256 as node:crypto with a Buffer and WebCrypto compute it', async () => {
    await fc.assert(
      fc.asyncProperty(anyKey, anyBytes, async ({ secret }, bytes) => {
        const digest = digestKey(secret, createSecretKey(bytes));
        const byBuffer = createHmac('sha256', Buffer.from(bytes)).update(secret).digest('base64url');
        expect(digest).toBe(byBuffer);
        expect(digest).toBe(await digestByWebCrypto(secret, Uint8Array.from(bytes)));
      }),
    );
  });

  it('depends on the pepper and on every part of the secret', () => {
    const pepper = createSecretKey(Buffer.alloc(32, 1));
    const digest = digestKey('ck_dev_0000_fake0000', pepper);
    expect(digest).toMatch(/^[\w-]{43}$/);
    expect(digestKey('ck_dev_0000_fake0000', createSecretKey(Buffer.alloc(32, 2)))).not.toBe(digest);
    expect(digestKey('ck_live_0000_fake0000', pepper)).not.toBe(digest);
  });
});
