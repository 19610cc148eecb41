import { randomBytes } from 'node:crypto';
import { buildOpenApi } from '@latchkey/protocol';
import scalar from '@scalar/fastify-api-reference';
import type { FastifyInstance, FastifyReply } from 'fastify';

export interface DocsDeps {
  readonly publicUrl: () => string;
  readonly version: string;
}

/** What stands in the page, as it is made once, in the place of the nonce. */
const placeOfNonce = 'nonce-of-this-answer';

/** A page without an origin has no storage, and throws where Scalar looks for it. */
const storageInMemory = `{
  const kept = new Map();
  const storage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, String(value)),
    removeItem: (name) => void kept.delete(name),
  };
  Object.defineProperty(window, 'localStorage', { value: storage });
}`;

/**
 * The page is somebody else's work of 4 MB, so the browser is to take it for another site: without `allow-same-origin`
 * it has no cookie and no storage of ours, and a request of it is one of a stranger (docs/decisions/0012-dashboard.md).
 * Some of its style elements carry no nonce; they can load nothing.
 */
function policyWith(nonce: string): string {
  return [
    'sandbox allow-scripts allow-downloads',
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Has the answers of a part of the application run what carries their nonce, and nothing of our origin. */
function isolate(docs: FastifyInstance): void {
  function withNonce(reply: FastifyReply, payload: unknown, nonce: string): unknown {
    const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
    if (!isPage || typeof payload !== 'string') return payload;
    const first = `<head><script nonce="${nonce}">${storageInMemory}</script>`;
    return payload.replace('<head>', first).replaceAll(placeOfNonce, nonce);
  }
  docs.addHook('onSend', async (_request, reply, payload) => {
    const nonce = randomBytes(16).toString('base64url');
    reply.header('content-security-policy', policyWith(nonce));
    return withNonce(reply, payload, nonce);
  });
}

/** The machine-readable description of the API, and a page to read it on. */
export async function registerDocs(app: FastifyInstance, { publicUrl, version }: DocsDeps): Promise<void> {
  // Made on first request: the public URL may be known only once the server listens, and then stays.
  let document: object | undefined;
  app.get('/openapi.json', { config: { operation: 'openapi' } }, async (_request, reply) => {
    document ??= buildOpenApi({ publicUrl: publicUrl(), version });
    // For the page, which has no origin. It is the same for everybody.
    reply.header('access-control-allow-origin', '*');
    return document;
  });
  await app.register(async (docs) => {
    isolate(docs);
    await docs.register(scalar, {
      routePrefix: '/docs',
      configuration: {
        pageTitle: 'Latchkey API',
        url: '/openapi.json',
        nonce: placeOfNonce,
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        // No request of the page is let in, and no key should be pasted there.
        hideTestRequestButton: true,
        // What of the page would send people to services elsewhere.
        showDeveloperTools: 'never',
        agent: { disabled: true },
        mcp: { disabled: true },
        customCss: 'a[href="https://www.scalar.com"] { display: none; }',
      },
    });
  });
}
