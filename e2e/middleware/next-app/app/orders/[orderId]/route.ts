import { createVerifier } from '@latchkey/sdk';
import { latchkey } from '@latchkey/sdk/next';

// Next runs this when it builds too, where there is no server to ask.
const verifier = createVerifier({
  baseUrl: process.env.LATCHKEY_BASE_URL ?? 'http://127.0.0.1:1',
  apiKey: process.env.LATCHKEY_API_KEY,
  maxRetries: 0,
});

interface Context {
  readonly params: Promise<{ readonly orderId: string }>;
}

export const dynamic = 'force-dynamic';

export const GET = latchkey<Context>(
  {
    verifier,
    scopes: ['workflows:trigger'],
    environment: 'dev',
    workspace: 'payments',
    audience: 'https://orders.example',
    resource: (request) => new URL(request.url).pathname.slice(1),
    realm: 'orders',
    problemJson: true,
    ip: (request) => request.headers.get('x-forwarded-for') ?? undefined,
    onError: (error) => console.error(`cannot verify: ${error.stack}`),
  },
  async (_request, { params, latchkey: { keyId, organization, principal, scopes } }) => {
    await params;
    return Response.json({ keyId, organization: organization.name, type: principal.type, scopes });
  },
);
