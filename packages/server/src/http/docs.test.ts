import { startTestApp, type TestApp, temporaryFolder } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('the page of the API reference', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ engine: 'sqlite', dataDir: temporaryFolder('docs'), databaseUrl: undefined });
  });
  afterAll(() => app.close());

  async function open(path: string) {
    const { headers, body } = await app.call(path);
    return { policy: String(headers['content-security-policy']), text: String(body), headers };
  }

  it.each([
    '/docs',
    '/docs/',
    '/docs/js/scalar.js',
  ])('is of no origin at %s, and runs nothing unnamed', async (path) => {
    const { policy } = await open(path);
    expect(policy).toContain('sandbox allow-scripts allow-downloads;');
    expect(policy).toMatch(/script-src 'nonce-[\w-]{22}';/);
    expect(policy).not.toContain('allow-same-origin');
    expect(policy).not.toContain('unsafe-eval');
  });

  it('carries a nonce of its own each time, on every script', async () => {
    const [first, second] = [await open('/docs/'), await open('/docs/')];
    const nonce = /'nonce-([\w-]+)'/.exec(first.policy)?.[1] ?? '';
    const scripts = first.text.match(/<script[^>]*>/g) ?? [];
    expect(scripts).toHaveLength(3);
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
    expect(second.text).not.toContain(nonce);
    expect(second.policy).not.toContain(nonce);
  });

  it('may be told what the API is, which nothing else of the server tells a page of no origin', async () => {
    const origin = { origin: 'null' };
    const { headers } = await app.call('/openapi.json', { headers: origin });
    expect(headers['access-control-allow-origin']).toBe('*');
    for (const path of ['/v1/auth/me', '/healthz', '/', '/docs/', '/session/begin', '/oauth/token']) {
      const answer = await app.call(path, { headers: origin });
      expect(answer.headers['access-control-allow-origin'], path).toBeUndefined();
    }
  });
});
