import { generateEnvironmentKey, generateKey } from '@latchkey/keys';
import { describeEachEngine } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secondMs } from '../../platform/clock.ts';
import { countRows } from '../rows-for-tests.sql.ts';
import { type DoorAnswer, statusPaths, triggerPaths } from './door-for-tests.ts';
import {
  apiKey,
  bearer,
  body,
  type Cast,
  manager,
  nowhere,
  type Outcome,
  ok,
  type Proof,
  query,
  startCast,
  together,
  withTypo,
} from './four-ways-for-tests.ts';

/** The instance and the workflow that are meant; `own` and `main` unless told. */
interface At {
  readonly at?: string;
  readonly workflow?: string;
}

/** A request, and what becomes of it as a trigger and as a question for the status of an execution. */
interface Row extends At {
  readonly name: string;
  readonly proof: (cast: Cast) => Proof;
  readonly trigger: Outcome;
  readonly status: Outcome;
}

function row(
  name: string,
  proof: Row['proof'],
  trigger: Outcome,
  { status = trigger, ...at }: At & { status?: Outcome } = {},
): Row {
  return { name, proof, trigger, status, ...at };
}

const malformed: Outcome = [401, 'KEY_MALFORMED'];
const unknown: Outcome = [401, 'KEY_UNKNOWN'];
const revoked: Outcome = [401, 'KEY_REVOKED'];
const wrongPlace: Outcome = [401, 'KEY_WRONG_PLACE'];
const inUrl: Outcome = [401, 'KEY_IN_URL_REFUSED'];
const nothingSent: Outcome = [401, 'UNAUTHORIZED'];
const badSignature: Outcome = [401, 'INVALID_SIGNATURE'];
const noSecret: Outcome = [401, 'NO_SIGNING_SECRET'];
const notBySignature: Outcome = [401, 'SIGNATURE_NOT_ACCEPTED'];
const conflict: Outcome = [400, 'CREDENTIALS_CONFLICT'];
const otherInstance: Outcome = [403, 'INSTANCE_MISMATCH'];
const otherOrganization: Outcome = [403, 'ORGANIZATION_MISMATCH'];
const noScope: Outcome = [403, 'SCOPE_MISSING'];
const noInstance: Outcome = [404, 'INSTANCE_NOT_FOUND'];
const noWorkflow: Outcome = [404, 'WORKFLOW_NOT_FOUND'];
const noExecution: Outcome = [404, 'EXECUTION_NOT_FOUND'];
const inactive: Outcome = [412, 'INSTANCE_INACTIVE'];

function instanceKeyRows(way: string, carry: (key: string) => Proof): Row[] {
  const of = (name: string) => (cast: Cast) => carry(cast.key(name));
  return [
    row(`${way}: right`, of('own'), ok),
    row(`${way}: bad checksum`, (cast) => carry(withTypo(cast.key('own'))), malformed),
    row(`${way}: unknown`, () => carry(generateKey('instance')), unknown),
    row(`${way}: of another instance`, of('sibling'), otherInstance),
    row(`${way}: of another organization`, of('foreign'), otherInstance),
    row(`${way}: regenerated, the old one`, of('regenerated'), revoked, { at: 'regenerated' }),
    row(`${way}: regenerated, the new one`, of('fresh'), ok, { at: 'regenerated' }),
    row(`${way}: paused`, of('paused'), inactive, { at: 'paused', status: ok }),
    row(`${way}: of another, paused`, of('own'), otherInstance, { at: 'paused' }),
    row(`${way}: archived`, of('archived'), revoked, { at: 'archived' }),
    row(`${way}: no such instance`, of('own'), otherInstance, { at: 'nowhere' }),
    row(`${way}: no such workflow`, of('own'), noWorkflow, { workflow: 'none', status: ok }),
    row(`${way}: no such workflow, paused`, of('paused'), noWorkflow, {
      at: 'paused',
      workflow: 'none',
      status: ok,
    }),
  ];
}

function organizationKeyRows(way: string, carry: (key: string) => Proof): Row[] {
  const of = (name: string) => (cast: Cast) => carry(cast.key(name));
  return [
    row(`${way}: right`, of('organization'), ok),
    row(`${way}: right, at another instance`, of('organization'), ok, { at: 'sibling' }),
    row(`${way}: bad checksum`, (cast) => carry(withTypo(cast.key('organization'))), malformed),
    row(`${way}: unknown`, () => carry(generateKey('organization')), unknown),
    row(`${way}: of another organization`, of('rival'), otherOrganization),
    row(`${way}: of another organization, paused`, of('rival'), otherOrganization, { at: 'paused' }),
    row(`${way}: revoked`, of('revoked'), revoked),
    row(`${way}: revoked, no such instance`, of('revoked'), revoked, { at: 'nowhere' }),
    row(`${way}: without the scope`, of('scopeless'), noScope),
    row(`${way}: without the scope, no such instance`, of('scopeless'), noScope, { at: 'nowhere' }),
    row(`${way}: the instance key was regenerated`, of('organization'), ok, { at: 'regenerated' }),
    row(`${way}: paused`, of('organization'), inactive, { at: 'paused', status: ok }),
    row(`${way}: archived`, of('organization'), inactive, { at: 'archived', status: ok }),
    row(`${way}: no such instance`, of('organization'), noInstance, { at: 'nowhere' }),
    row(`${way}: no such workflow, paused`, of('organization'), noWorkflow, {
      at: 'paused',
      workflow: 'none',
      status: ok,
    }),
  ];
}

function signatureRow(name: string, by: string, trigger: Outcome, at: At = {}, text = body): Row {
  const status = notBySignature;
  return row(`signature: ${name}`, (cast) => cast.signed(by, text), trigger, { ...at, status });
}

const signatureRows = [
  signatureRow('right', 'own', ok),
  signatureRow('of a secret that is nowhere', 'nobody', badSignature),
  signatureRow('of another body', 'own', badSignature, {}, '{"payload":{"order":43}}'),
  signatureRow('of another instance', 'sibling', badSignature),
  signatureRow('of another organization', 'foreign', badSignature),
  signatureRow('of another workflow', 'own', noSecret, { workflow: 'other' }),
  signatureRow('retired', 'retired', badSignature, { at: 'retired' }),
  signatureRow('no secret stored', 'own', noSecret, { at: 'secretless' }),
  signatureRow('the instance key was regenerated', 'regenerated', ok, { at: 'regenerated' }),
  signatureRow('paused', 'paused', inactive, { at: 'paused' }),
  signatureRow('of another, paused', 'own', badSignature, { at: 'paused' }),
  signatureRow('archived', 'archived', badSignature, { at: 'archived' }),
  signatureRow('no such instance', 'own', noInstance, { at: 'nowhere' }),
  signatureRow('no such workflow', 'own', noWorkflow, { workflow: 'none' }),
  signatureRow('query keys switched off', 'queryless', ok, { at: 'queryless' }),
];

const switchedOffRows = [
  row('query: switched off', ({ key }) => query(key('queryless')), inUrl, { at: 'queryless' }),
  row('query: switched off, of another', ({ key }) => query(key('own')), otherInstance, { at: 'queryless' }),
  row('instance key: query switched off', ({ key }) => apiKey(key('queryless')), ok, { at: 'queryless' }),
];

/** Of a status only the key counts; a signature can never read one. */
const combinedRows = [
  row('signature and key', ({ signed, key }) => together(signed('own'), apiKey(key('own'))), ok),
  row('signature and key in the URL', ({ signed, key }) => together(signed('own'), query(key('own'))), ok),
  row(
    'signature and unknown key',
    ({ signed }) => together(signed('own'), apiKey(generateKey('instance'))),
    unknown,
  ),
  row(
    'signature and a key in the URL with a bad checksum',
    ({ signed, key }) => together(signed('own'), query(withTypo(key('own')))),
    malformed,
  ),
  row(
    'signature and the key of another organization',
    ({ signed, key }) => together(signed('own'), manager(key('rival'))),
    otherOrganization,
  ),
  row(
    'signature and a key without the scope',
    ({ signed, key }) => together(signed('own'), manager(key('scopeless'))),
    noScope,
  ),
  row(
    'wrong signature and key',
    ({ signed, key }) => together(signed('nobody'), apiKey(key('own'))),
    badSignature,
    { status: ok },
  ),
  row(
    'wrong signature and organization key',
    ({ signed, key }) => together(signed('nobody'), manager(key('organization'))),
    badSignature,
    { status: ok },
  ),
  row(
    'a part of a signature and key',
    ({ key }) => ({ headers: { 'webhook-id': 'msg_part', 'x-api-key': key('own') } }),
    badSignature,
    { status: ok },
  ),
  row('two keys', ({ key }) => together(apiKey(key('own')), manager(key('organization'))), conflict),
  row('two keys, one in the URL', ({ key }) => together(apiKey(key('own')), query(key('sibling'))), conflict),
  row('two keys in the URL', ({ key }) => together(query(key('own')), query(key('sibling'))), conflict),
  row(
    'two keys in one header',
    ({ key }) => ({ headers: { 'x-api-key': [key('own'), key('sibling')] } }),
    conflict,
  ),
  row(
    'signature and two keys',
    ({ signed, key }) => together(signed('own'), apiKey(key('own')), manager(key('organization'))),
    conflict,
  ),
  row('one key in header and URL', ({ key }) => together(apiKey(key('own')), query(key('own'))), ok),
  row('one key twice in the URL', ({ key }) => together(query(key('own')), query(key('own'))), ok),
  row(
    'one key twice in its header',
    ({ key }) => ({ headers: { 'x-api-key': [key('own'), key('own')] } }),
    ok,
  ),
  row('nothing', () => ({}), nothingSent),
  row('nothing, no such instance', () => ({}), nothingSent, { at: 'nowhere' }),
];

const environmentKey = () => generateEnvironmentKey('dev').secret;

const misplacedRows = [
  row('organization key in the URL', ({ key }) => query(key('organization')), inUrl),
  row('personal key in the URL', () => query(generateKey('personal')), inUrl),
  row('admin key in the URL', () => query(generateKey('admin')), inUrl),
  row('environment key in the URL', () => query(environmentKey()), inUrl),
  row('a text in the URL', () => query('password'), inUrl),
  row('nothing in the URL', () => query(''), nothingSent),
  row(
    'organization key in its header and in the URL',
    ({ key }) => together(manager(key('organization')), query(key('organization'))),
    inUrl,
  ),
  row('instance key as an organization key', ({ key }) => manager(key('own')), wrongPlace),
  row('instance key as a bearer', ({ key }) => bearer(key('own')), wrongPlace),
  row('organization key as an instance key', ({ key }) => apiKey(key('organization')), wrongPlace),
  row('environment key as an instance key', () => apiKey(environmentKey()), wrongPlace),
  row('environment key as an organization key', () => manager(environmentKey()), wrongPlace),
  row('a text as an instance key', () => apiKey('password'), malformed),
  row('a text as an organization key', () => manager('password'), malformed),
];

const rows: readonly Row[] = [
  ...instanceKeyRows('instance key', apiKey),
  ...instanceKeyRows('query', query),
  ...organizationKeyRows('organization key', manager),
  ...organizationKeyRows('bearer', bearer),
  ...signatureRows,
  ...switchedOffRows,
  ...combinedRows,
  ...misplacedRows,
];

const envelope = ['success', 'error', 'code', 'nextAction', 'details', 'requestId'];

/** What became of a request, once its answer is flat. */
function outcomeOf({ status, body: answered, headers }: DoorAnswer): Outcome {
  expect(headers['content-type']).toMatch(/^application\/json/);
  if (status === 200) {
    expect(answered).toMatchObject({ success: true, requestId: expect.any(String) });
    return ok;
  }
  expect(answered).toMatchObject({ success: false, error: expect.any(String), code: expect.any(String) });
  expect(envelope).toEqual(expect.arrayContaining(Object.keys(answered)));
  return [status, answered.code];
}

describeEachEngine('the four ways in', (open) => {
  let cast: Cast;
  beforeAll(async () => {
    cast = await startCast(await open());
  });
  afterAll(() => cast.door.close());

  function ask(prefix: string, last: string, { at = 'own' }: At, proof: Proof, sent?: string) {
    const search = proof.query === undefined || proof.query === '' ? '' : `?${proof.query}`;
    const { headers = {} } = proof;
    const path = `${prefix}/${cast.instanceId(at)}/${last}${search}`;
    return cast.door.send(path, { headers, ...(sent !== undefined && { body: sent }) });
  }

  function trigger({ workflow = 'main', ...at }: At, proof: Proof) {
    return ask(triggerPaths[0], workflow, at, proof, body);
  }

  describe.each(triggerPaths)('%s', (prefix) => {
    it.each(rows)('$name', async ({ proof, workflow = 'main', at = 'own', trigger: expected }) => {
      // In each second only some refused signatures are explained.
      cast.door.app.clock.advance(secondMs);
      const { store } = cast.door.app.deps;
      const before = await countRows(store, 'executions');
      const answer = await ask(prefix, workflow, { at }, proof(cast), body);
      expect(outcomeOf(answer)).toEqual(expected);
      expect(await countRows(store, 'executions')).toBe(before + (expected === ok ? 1 : 0));
    });
  });

  describe.each(statusPaths)('%s', (prefix) => {
    it.each(rows)('$name', async ({ proof, at = 'own', status }) => {
      const answer = await ask(prefix, cast.executionId(at), { at }, proof(cast));
      expect(outcomeOf(answer)).toEqual(status);
    });

    it.each(['sibling', 'foreign', 'nowhere'])('no execution of its own: %s', async (name) => {
      for (const proof of [apiKey(cast.key('own')), manager(cast.key('organization'))]) {
        const answer = await ask(prefix, cast.executionId(name), {}, proof);
        expect(outcomeOf(answer)).toEqual(noExecution);
      }
    });
  });

  it('reaches the workflow once for each that was let in, under the name of how it came', async () => {
    const ways: readonly (readonly [string, Proof])[] = [
      ['instance-key', apiKey(cast.key('own'))],
      ['query-key', query(cast.key('own'))],
      ['organization-key', manager(cast.key('organization'))],
      ['signature', cast.signed('own')],
      ['signature', together(cast.signed('own'), apiKey(cast.key('own')))],
    ];
    await cast.door.settled();
    for (const [method, proof] of ways) {
      const before = cast.door.delivered.length;
      const { executionId } = (await trigger({}, proof)).body;
      await cast.door.settled();
      expect(cast.door.delivered.length).toBe(before + 1);
      const got = cast.door.delivered.at(-1);
      expect(got?.body).toMatchObject({ order: 42, executionMetadata: { executionId } });
      const [, claims = ''] = String(got?.headers['x-latchkey-principal']).split('.');
      expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ method });
    }
  });

  it('names the scope that a key lacks, and the state that an instance is in', async () => {
    const scopeless = await trigger({}, manager(cast.key('scopeless')));
    expect(scopeless.body.error).toContain('workflows:trigger');
    const paused = await trigger({ at: 'paused' }, apiKey(cast.key('paused')));
    expect(paused.body.error).toContain('paused');
    const archived = await trigger({ at: 'archived' }, manager(cast.key('organization')));
    expect(archived.body.error).toContain('archived');
  });

  it('says of a retired secret that it is retired, and not so of another', async () => {
    cast.door.app.clock.advance(secondMs);
    expect((await trigger({ at: 'retired' }, cast.signed('retired'))).body.error).toContain('retired');
    expect((await trigger({}, cast.signed('nobody'))).body.error).not.toContain('retired');
  });

  it('does not take a message for seen that a wrong key beside it kept out', async () => {
    const message = cast.signed('own');
    const refused = await trigger({}, together(message, apiKey(cast.key('sibling'))));
    expect(outcomeOf(refused)).toEqual(otherInstance);
    expect((await trigger({}, message)).body.message).toBe('Execution started');
  });

  it('refuses a path that names nothing without saying more', async () => {
    for (const path of [`/webhook/${nowhere}`, `/webhook/${nowhere}/main/more`, '/status/']) {
      expect((await cast.door.send(path, { body })).status).toBe(404);
    }
  });
});
