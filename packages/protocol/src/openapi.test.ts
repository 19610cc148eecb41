import { containsKey } from '@latchkey/keys';
import { describe, expect, it } from 'vitest';
import { errors } from './errors.ts';
import { buildOpenApi } from './openapi.ts';
import { errorsOf, type Operation } from './operation.ts';
import { operations } from './operations/index.ts';
import { type OperationId, operationIds, pathParameters, type Route, routes } from './routes.ts';

interface OperationObject {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly description?: string;
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly example?: unknown }[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: { readonly 'application/json': { readonly schema: object; readonly example: object } };
  };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: object }>>;
  readonly 'x-required-scope'?: string;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string; readonly license: object };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
    readonly examples: Readonly<
      Record<
        string,
        { readonly value: { readonly error: { readonly code: string; readonly message: string } } }
      >
    >;
  };
}

const document = buildOpenApi({ publicUrl: 'https://keys.example.com/', version: '1.2.3' }) as Document;
const methods = ['get', 'put', 'post', 'delete', 'patch'];

interface Placed {
  readonly path: string;
  readonly method: string;
  readonly item: Readonly<Record<string, OperationObject>>;
  readonly operation: OperationObject;
}

const placed: readonly Placed[] = Object.entries(document.paths).flatMap(([path, item]) =>
  methods.flatMap((method) => {
    const operation = item[method];
    return operation === undefined ? [] : [{ path, method, item, operation }];
  }),
);

function find(method: string, path: string): OperationObject {
  const found = document.paths[path]?.[method.toLowerCase()];
  if (found === undefined) throw new Error(`no ${method} ${path} in the document`);
  return found;
}

/** The endpoints of an operation: under /v1 and, where there is one, published. */
function endpoints(id: OperationId): OperationObject[] {
  const { method, path, published }: Route = routes[id];
  const own = find(method, path);
  return published === undefined ? [own] : [own, find(published.method, published.path)];
}

function collect(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => [
    ...(name === key ? [child] : []),
    ...collect(child, key),
  ]);
}

function resolvePointer(reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], document);
}

/** `<status> <code>` of every error that the document lists for one operation. */
function documentedErrors({ responses }: OperationObject): string[] {
  const refusals = Object.entries(responses).filter(([status]) => status !== '200');
  return refusals.flatMap(([status, { content }]) =>
    collect(content, 'enum').flatMap((codes) => (codes as string[]).map((code) => `${status} ${code}`)),
  );
}

/** The input that the examples of parameters and body add up to. */
function exampleInput({ parameters = [], requestBody }: OperationObject): object {
  const fromParameters = parameters.filter(({ example }) => example !== undefined);
  return {
    ...Object.fromEntries(fromParameters.map(({ name, example }) => [name, example])),
    ...requestBody?.content['application/json'].example,
  };
}

describe('the document as a whole', () => {
  it('is OpenAPI 3.1 under Apache-2.0, for this server and version', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ version: '1.2.3', license: { identifier: 'Apache-2.0' } });
    expect(document.servers).toEqual([{ url: 'https://keys.example.com' }]);
  });

  it('says the same after a round through JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it('holds no reference that leads nowhere', () => {
    const references = collect(document, '$ref') as string[];
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((reference) => resolvePointer(reference) === undefined)).toEqual([]);
  });

  it('gives every operation its own id, a known tag and a description for each answer', () => {
    const ids = placed.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const known = document.tags.map(({ name }) => name);
    expect(placed.flatMap(({ operation }) => operation.tags).filter((tag) => !known.includes(tag))).toEqual(
      [],
    );
    const answers = placed.flatMap(({ operation }) => Object.values(operation.responses));
    expect(answers.filter(({ description }) => !description)).toEqual([]);
  });

  it('declares exactly the path parameters that stand in each path', () => {
    for (const { path, item, operation } of placed) {
      const shared = (item.parameters ?? []) as NonNullable<OperationObject['parameters']>;
      const declared = [...shared, ...(operation.parameters ?? [])].filter((each) => each.in === 'path');
      expect(
        declared.map(({ name }) => name),
        path,
      ).toEqual(pathParameters(path));
    }
  });

  it('names only security schemes that it defines', () => {
    const named = placed.flatMap(({ operation }) => operation.security.flatMap(Object.keys));
    expect(new Set(named)).toEqual(new Set(Object.keys(document.components.securitySchemes)));
  });

  it('documents what the server answers beside the operations, and nothing else', () => {
    const fromTable = operationIds.flatMap((id) => endpoints(id).map(({ operationId }) => operationId));
    const others = placed.filter(({ operation }) => !fromTable.includes(operation.operationId));
    expect(others.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'get /healthz',
      'get /readyz',
      'get /metrics',
      'get /openapi.json',
      'get /.well-known/jwks.json',
      'get /v1/organizations/{organizationId}/logo',
      'post /v1/introspect',
      'get /v1/forward-auth',
    ]);
  });

  it('holds no key', () => {
    expect(containsKey(JSON.stringify(document))).toBe(false);
  });
});

describe('error examples', () => {
  it('have every brace filled', () => {
    const values = Object.values(document.components.examples).map(({ value }) =>
      JSON.stringify(value.error),
    );
    expect(values.filter((text) => /\{[A-Za-z]+\}/.test(text))).toEqual([]);
  });

  it('stand under the code that they show', () => {
    for (const [code, { value }] of Object.entries(document.components.examples)) {
      expect(value.error.code).toBe(code);
    }
  });
});

describe.each(operationIds)('%s in the document', (id) => {
  const operation: Operation = operations[id];
  const { published }: Route = routes[id];

  it('stands at its path and, when it has one, at its published path', () => {
    const ids = endpoints(id).map(({ operationId }) => operationId);
    expect(ids).toEqual(published === undefined ? [id] : [id, `${id}.published`]);
    if (published !== undefined)
      expect(find(published.method, published.path).tags).toEqual(['Published paths']);
  });

  it('lists every error that the operation can answer under its status, and no other', () => {
    const declared = errorsOf(operation).map((code) => `${errors[code].status} ${code}`);
    for (const endpoint of endpoints(id)) {
      expect(documentedErrors(endpoint).sort()).toEqual(declared.sort());
    }
  });

  it('says which scope it needs, in its text too', () => {
    const scope = operation.access.kind === 'key' ? operation.access.scope : undefined;
    for (const endpoint of endpoints(id)) {
      expect(endpoint['x-required-scope']).toBe(scope);
      if (scope !== undefined) expect(endpoint.description).toContain(`\`${scope}\``);
    }
  });

  it('asks for a key exactly when the operation does', () => {
    for (const endpoint of endpoints(id)) {
      expect(endpoint.security.length > 0).toBe(['key', 'door'].includes(operation.access.kind));
    }
  });

  it('lets a request name itself exactly when the operation changes something for a credential', () => {
    for (const { parameters = [] } of endpoints(id)) {
      const isNamed = parameters.some(({ name }) => name === 'Idempotency-Key');
      expect(isNamed).toBe(operation.access.kind === 'key' && operation.audit !== undefined);
    }
  });

  it('shows an input and an answer that its own schemas accept', () => {
    for (const endpoint of endpoints(id)) {
      expect(exampleInput(endpoint)).toEqual(operation.example.input);
      expect(operation.input.parse(exampleInput(endpoint))).toMatchObject(operation.example.input as object);
    }
    expect(operation.output.parse(operation.example.output)).toEqual(operation.example.output);
  });

  it('has a place for every field of its input', () => {
    for (const endpoint of endpoints(id)) {
      const body = endpoint.requestBody?.content['application/json'].schema as
        | { properties?: object }
        | undefined;
      const inBody = Object.keys(body?.properties ?? {});
      const parameters = (endpoint.parameters ?? []).filter((each) => each.in !== 'header');
      const inParameters = parameters.map(({ name }) => name);
      expect([...inParameters, ...inBody].sort()).toEqual(Object.keys(operation.input.shape).sort());
    }
  });
});
