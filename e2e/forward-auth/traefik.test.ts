import { readFileSync } from 'node:fs';
import { forwardAuthPath, forwardAuthQuery } from '@latchkey/protocol';
import { projectPath } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createIdentityCheck } from '../../examples/forward-auth/check-identity.ts';
import { audience, type Gate, openGate } from './gate.ts';
import type { KeyName } from './key-ring.ts';

/** What of the file is looked at; Traefik itself is no part of Debian, so it is not started here. */
interface TraefikFile {
  readonly http: {
    readonly routers: { readonly application: { readonly middlewares: readonly string[] } };
    readonly middlewares: Readonly<Record<string, Middleware>>;
  };
}

interface Middleware {
  readonly headers?: { readonly customRequestHeaders: Readonly<Record<string, string>> };
  readonly forwardAuth?: {
    readonly address: string;
    readonly trustForwardHeader: boolean;
    readonly authRequestHeaders: readonly string[];
    readonly authResponseHeaders: readonly string[];
  };
}

type Headers = Readonly<Record<string, string>>;

/** As the file provider does it: the template is filled in first, then read as YAML. */
function readTraefikFile(values: Headers): TraefikFile {
  const text = readFileSync(projectPath('examples/forward-auth/traefik.yml'), 'utf8');
  const filled = text.replace(/^[^#]*\{\{.*$/gm, (line) =>
    line.replace(/\{\{ env "(\w+)" \}\}/g, (_braces, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`${name} is not one of the names that the README says`);
      return value;
    }),
  );
  return parse(filled) as TraefikFile;
}

/** As the middleware `headers` does it: exact names, whatever their case; empty takes away. */
function changed(sent: Headers, { headers }: Middleware): Headers {
  const names = Object.keys(headers?.customRequestHeaders ?? {}).map((name) => name.toLowerCase());
  const kept = Object.entries(sent).filter(([name]) => !names.includes(name.toLowerCase()));
  const set = Object.entries(headers?.customRequestHeaders ?? {}).filter(([, value]) => value !== '');
  return Object.fromEntries([...kept, ...set]);
}

let gate: Gate;
let file: TraefikFile;
beforeAll(async () => {
  gate = await openGate();
  file = readTraefikFile({ ...gate.places, APPLICATION_HOST: 'reports.example' });
});
afterAll(() => gate.close());

function middlewares(): Required<Record<'before' | 'ask' | 'after', Middleware>> {
  const [before = {}, ask = {}, after = {}] = file.http.routers.application.middlewares.map(
    (name) => file.http.middlewares[name] ?? {},
  );
  return { before, ask, after };
}

/** The request that the middleware `forwardAuth` makes of a visitor's. */
async function ask(visitor: Headers, target = '/reports/1', method = 'POST'): Promise<Response> {
  const {
    before,
    ask: { forwardAuth },
  } = middlewares();
  const names = forwardAuth?.authRequestHeaders.map((name) => name.toLowerCase());
  const copied = Object.entries(changed(visitor, before)).filter(([name]) =>
    names?.includes(name.toLowerCase()),
  );
  return await fetch(forwardAuth?.address ?? '', {
    headers: {
      ...Object.fromEntries(copied),
      'x-forwarded-method': method,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'reports.example',
      'x-forwarded-uri': target,
      'x-forwarded-for': '203.0.113.9',
    },
  });
}

const bearer = (key: KeyName) => ({ authorization: `Bearer ${gate.keys[key].secret}` });

describe('the file for Traefik', () => {
  it('asks what the server understands, with headers that the visitor cannot have set', () => {
    const { forwardAuth } = middlewares().ask;
    const { pathname, searchParams } = new URL(forwardAuth?.address ?? '');
    expect(pathname).toBe(forwardAuthPath);
    expect(
      forwardAuthQuery.safeParse({ ...Object.fromEntries(searchParams), scope: searchParams.getAll('scope') })
        .success,
    ).toBe(true);
    expect(forwardAuth?.trustForwardHeader).toBe(false);
    expect(forwardAuth?.authResponseHeaders).toEqual(['X-Latchkey-Identity']);
  });

  it('takes away every spelling of the identity that some server folds to it, and the keys', () => {
    const { before, after } = middlewares();
    const separators = ['-', '_', '.'];
    const spellings = separators.flatMap((one) =>
      separators.map((other) => `X${one}Latchkey${other}Identity`),
    );
    const sent = Object.fromEntries(spellings.map((name) => [name, 'forged']));
    const keys = { Authorization: 'Bearer x', 'X-API-Key': 'x', 'X-Process-Manager-Key': 'x' };
    expect(changed(changed({ ...sent, ...keys }, before), after)).toEqual({});
  });
});

describe('what Traefik asks, as its documentation says that it does,', () => {
  it('is answered with an identity that holds', async () => {
    const answer = await ask(bearer('good'));
    expect(answer.status).toBe(200);
    const check = createIdentityCheck(gate.world.server.baseUrl, audience);
    const identity = await check(['X-Latchkey-Identity', answer.headers.get('x-latchkey-identity') ?? '']);
    expect(identity.key_id).toBe(gate.keys.good.keyId);
  });

  it.each([
    ['malformed', 401],
    ['foreign', 401],
    ['revoked', 401],
    ['withoutScope', 403],
    ['dev', 403],
    ['fromHere', 403],
  ] as const)('is answered for the key %s with %i', async (key, status) => {
    expect((await ask(bearer(key))).status).toBe(status);
    expect((await ask(bearer(key))).headers.get('x-latchkey-identity')).toBeNull();
  });

  it('is about the path that the visitor asks for', async () => {
    expect((await ask(bearer('forReports'))).status).toBe(200);
    expect((await ask(bearer('forReports'), '/admin')).status).toBe(403);
    expect((await ask(bearer('forReports'), '/reports/%2e%2e/admin')).status).toBe(400);
  });

  it('cannot be asked by the visitor in place of the proxy', async () => {
    const { foreign } = gate.keys;
    expect((await ask({ ...bearer('foreign'), 'x-latchkey-verifier-key': foreign.secret })).status).toBe(401);
  });
});
