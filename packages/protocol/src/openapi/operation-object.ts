import { environmentPrefixes, plainPrefixes } from '@latchkey/keys';
import {
  type Access,
  type CredentialKind,
  type DoorAccess,
  type Operation,
  takesIdempotencyKey,
} from '../operation.ts';
import { pathParameters } from '../routes.ts';
import { operationResponses } from './responses.ts';
import { inputSchema, type JsonSchema, pickProperties } from './schemas.ts';

/** Where one operation is answered, and how the document names it there. */
export interface Endpoint {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly flat?: boolean;
  /** A paragraph after the operation's own description. */
  readonly note?: string;
}

type Values = Readonly<Record<string, unknown>>;

function credentialText(family: CredentialKind): string {
  if (family === 'session') return 'the session of a signed-in person';
  const prefixes = family === 'environment' ? Object.values(environmentPrefixes) : [plainPrefixes[family]];
  return `${family} (${prefixes.map((prefix) => `\`${prefix}\``).join(', ')})`;
}

function doorText({ scope, signed }: DoorAccess): string {
  const signature = signed ? ', or a signed message in place of a key' : '';
  return `Accepted: the instance key (\`ck_\`) as \`X-API-Key\` or, where the instance allows it, as \`?api_key=\`; an organization, personal or admin key with the scope \`${scope}\`${signature}.`;
}

function accessText(access: Access): string {
  if (access.kind === 'public') return 'Needs no credential.';
  if (access.kind === 'input-secret') return 'A secret in the body is the proof; no key is needed.';
  if (access.kind === 'door') return doorText(access);
  const scope = access.scope === undefined ? 'No scope is needed.' : `Needs the scope \`${access.scope}\`.`;
  return `${scope} Accepted: ${access.families.map(credentialText).join(', ')}.`;
}

function accessFields(access: Access): object {
  if (access.kind === 'door') {
    return {
      security: [{ instanceKeyHeader: [] }, { keyHeader: [] }, { bearer: [] }, { instanceKeyQuery: [] }],
    };
  }
  if (access.kind !== 'key') return { security: [] };
  const inKeyHeader = access.families.some((family) => !['session', 'environment'].includes(family));
  return {
    security: [
      ...(inKeyHeader ? [{ keyHeader: [] }] : []),
      ...(access.families.includes('environment') ? [{ environmentKeyHeader: [] }] : []),
      { bearer: [] },
    ],
    ...(access.scope === undefined ? {} : { 'x-required-scope': access.scope }),
    'x-key-families': access.families,
  };
}

function parameter(place: 'path' | 'query', name: string, input: JsonSchema, values: Values): object {
  const { description, ...schema } = input.properties?.[name] ?? {};
  return {
    name,
    in: place,
    required: input.required?.includes(name) ?? false,
    ...(description === undefined ? {} : { description }),
    schema,
    ...(values[name] === undefined ? {} : { example: values[name] }),
  };
}

const idempotencyKeyHeader = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Names this request for 24 hours: repeated under the same name by the same credential, it is not done again, and answers what it answered before unless that was a secret.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

function requestBody(input: JsonSchema, names: readonly string[], values: Values): object {
  const schema = pickProperties(input, names);
  const example = Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
  return { required: schema.required !== undefined, content: { 'application/json': { schema, example } } };
}

/** Path parameters are taken out of the input; the rest is the query of a GET and the body of anything else. */
function inputFields(operation: Operation, { method, path }: Endpoint): object {
  const input = inputSchema(operation.input);
  const values = operation.example.input as Values;
  const inPath = pathParameters(path);
  const rest = Object.keys(input.properties ?? {}).filter((name) => !inPath.includes(name));
  const inQuery = method === 'GET' ? rest : [];
  const parameters = [
    ...inPath.map((name) => parameter('path', name, input, values)),
    ...inQuery.map((name) => parameter('query', name, input, values)),
    ...(takesIdempotencyKey(operation) ? [idempotencyKeyHeader] : []),
  ];
  const hasBody = method !== 'GET' && rest.length > 0;
  return {
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(hasBody ? { requestBody: requestBody(input, rest, values) } : {}),
  };
}

/** The OpenAPI Operation Object of an operation at one of its endpoints. */
export function operationObject(operation: Operation, endpoint: Endpoint): object {
  const paragraphs = [operation.description, accessText(operation.access), endpoint.note];
  return {
    operationId: endpoint.operationId,
    tags: [endpoint.tag],
    summary: operation.summary,
    description: paragraphs.filter((paragraph) => paragraph !== undefined).join('\n\n'),
    ...accessFields(operation.access),
    ...inputFields(operation, endpoint),
    responses: operationResponses(operation, endpoint.flat ?? false),
  };
}
