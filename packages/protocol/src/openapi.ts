import { type Endpoint, operationObject } from './openapi/operation-object.ts';
import { errorEnvelopeSchema, errorExamples, flatErrorSchema } from './openapi/responses.ts';
import { servicePaths } from './openapi/service-paths.ts';
import { operations } from './operations/index.ts';
import { type OperationId, operationIds, type Route, routes } from './routes.ts';

type Noun = OperationId extends `${infer N}.${string}` ? N : never;

const nounTags: Record<Noun, { readonly name: string; readonly description: string }> = {
  otp: {
    name: 'Emailed codes',
    description: 'Sign up and log in with a 6-digit code: an email address in, a key out. No key needed.',
  },
  organizations: { name: 'Organizations', description: 'What owns keys.' },
  keys: { name: 'Keys', description: 'Create, list, change and revoke keys, and ask whose a key is.' },
  verifiers: { name: 'Verifiers', description: 'Leases of those who verify keys from memory.' },
  tokens: { name: 'Tokens', description: 'Short-lived tokens that are made from keys.' },
  sessions: { name: 'Sessions', description: 'Who is signed in.' },
  members: { name: 'Members', description: 'Who belongs to an organization, and as what.' },
  workspaces: {
    name: 'Workspaces',
    description: 'Parts of an environment of an organization; members can have a level of their own in each.',
  },
  environmentKeys: {
    name: 'Environment keys',
    description: 'Keys of one environment, at one of four levels. Only a signed-in person mints them.',
  },
  projects: { name: 'Projects', description: 'What groups the instances of one automation.' },
  instances: {
    name: 'Process instances',
    description: 'Installations of an automation in one environment: workflows behind one key.',
  },
  signingSecrets: {
    name: 'Signing secrets',
    description: 'What others sign their webhooks with, each for one workflow.',
  },
  gateway: { name: 'The door', description: 'Trigger workflows and follow what comes of it, four ways in.' },
  executions: { name: 'Executions', description: 'What was triggered, and what workflows report of it.' },
  audit: {
    name: 'Audit',
    description: 'Who changed what, and who was refused: append-only, each event chained to the one before.',
  },
};

const tags = [
  ...Object.values(nounTags),
  {
    name: 'Published paths',
    description: 'The operations above once more, at the paths that existing clients already call.',
  },
  { name: 'Service', description: 'Health, metrics and this document.' },
];

const securitySchemes = {
  keyHeader: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Process-Manager-Key',
    description: 'An organization key (`cko_`), a personal key (`ckp_`) or an admin key (`cka_`).',
  },
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description:
      'The same keys, an environment key, or the token of a session, as `Authorization: Bearer <…>`. Send one credential only.',
  },
  instanceKeyHeader: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'The key of one process instance (`ck_`).',
  },
  instanceKeyQuery: {
    type: 'apiKey',
    in: 'query',
    name: 'api_key',
    description: 'The same key in the URL, where the instance allows it. It shows in logs on its way.',
  },
  environmentKeyHeader: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'An environment key (`ck_dev_`, `ck_sandbox_`, `ck_live_`).',
  },
};

/** The endpoint under /v1 and, where there is one, the published endpoint of an operation. */
function endpointsOf(id: OperationId): Endpoint[] {
  const { method, path, flat = false, published }: Route = routes[id];
  const [noun] = id.split('.') as [Noun];
  const own = { operationId: id, method, path, flat, tag: nounTags[noun].name };
  if (published === undefined) return [own];
  const place = published.method === 'GET' ? 'path and query' : 'body';
  const rest = published.path.includes('{') ? '' : ` Everything is sent in the ${place}.`;
  const note = `The same operation as \`${method} ${path}\`: same input, same answers.${rest}`;
  return [own, { ...published, operationId: `${id}.published`, tag: 'Published paths', note }];
}

function operationPaths(): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {};
  for (const id of operationIds) {
    for (const endpoint of endpointsOf(id)) {
      const item = operationObject(operations[id], endpoint);
      paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: item };
    }
  }
  return paths;
}

/**
 * The OpenAPI 3.1 document of the whole API, from the operation table.
 *
 * `publicUrl` is where callers reach this server. Pure and not cheap: build it once.
 */
export function buildOpenApi({ publicUrl, version }: { publicUrl: string; version: string }): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Latchkey',
      version,
      summary: 'Self-hosted API keys for agents, CI and webhooks',
      description:
        'Every answer is one JSON envelope. Decide by `success`, then by `error.code`; show `error.nextAction` unchanged.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl.replace(/\/+$/, '') }],
    tags,
    paths: { ...operationPaths(), ...servicePaths },
    components: {
      securitySchemes,
      schemas: { ErrorEnvelope: errorEnvelopeSchema, FlatError: flatErrorSchema },
      examples: errorExamples(),
    },
  };
}
