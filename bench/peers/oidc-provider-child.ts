import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { announce } from '../announce.ts';

/** oidc-provider as an introspection endpoint (RFC 7662), on the adapter in memory that it comes with. */
const [, , clientId, clientSecret] = process.argv;

const daySeconds = 24 * 60 * 60;

const provider = new Provider('http://127.0.0.1', {
  clients: [
    {
      client_id: String(clientId),
      client_secret: String(clientSecret),
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    introspection: { enabled: true },
  },
  scopes: ['projects:read', 'executions:read'],
  // The tokens outlive the bench.
  ttl: { ClientCredentials: daySeconds },
});

const answer = provider.callback();
const server = createServer((request, response) => void answer(request, response));
server.listen(0, '127.0.0.1', () => announce(server));
