import { randomBytes } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateEnvironmentKey, generateKey } from '@latchkey/keys';
import type { Operation } from '@latchkey/protocol';
import { describeEachEngine, type SmtpSink, startSmtpSink } from '@latchkey/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../app.ts';
import { bodyPlaces, type Place, places, publicPlaces, requestOf, type SentRequest } from './places.ts';
import { createPlants, type Plants } from './plants.ts';
import { inBrokenBodies, inFields, inHeaders, inUrl, type Planted, type SecretFor } from './positions.ts';
import { createStage, type Stage } from './stage.ts';
import type { Kept } from './tables.ts';
import { exchange } from './wire.ts';

/** As many as a test of races sends. */
const atOnce = 64;

const families = ['organization', 'personal', 'admin', 'instance', 'environment'] as const;

/** Gives each of them in turn; over all operations every one comes to stand everywhere. */
function inTurn(secrets: readonly string[]): SecretFor {
  let given = 0;
  return () => {
    given += 1;
    return secrets[given % secrets.length] ?? '';
  };
}

/** Every file of a folder as text of one character per byte. */
function bytesIn(folder: string): string {
  const files = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1')).join('\n');
}

describeEachEngine('a planted secret', (open, engine) => {
  const plants: Plants = createPlants();
  // What a refusal says does not depend on the database. What is kept might, so each meets every secret in every position.
  const isThorough = engine === 'sqlite';
  let sink: SmtpSink;
  let stage: Stage;
  let dataDir: string;
  /** One turn for all operations. */
  let anyInTurn: SecretFor;

  beforeAll(async () => {
    const auth = { user: 'mailer', pass: plants.plant('the password of the mail server') };
    sink = await startSmtpSink({
      auth,
      refuse: (address) => (address.startsWith('refused') ? 550 : undefined),
    });
    const masterKey = randomBytes(32);
    for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const) {
      plants.watch('the master key', masterKey.toString(encoding));
    }
    const store = await open();
    dataDir = store.dataDir;
    const env = { LATCHKEY_SMTP_URL: sink.url, LATCHKEY_MASTER_KEY: masterKey.toString('hex') };
    stage = await createStage(store, { env, codeFor: async (email) => mailed(await sink.codeFor(email)) });
    for (const tenant of [stage.acme, stage.rival]) {
      for (const family of families) watchKey(`the live ${family} key`, tenant.keys[family]);
      watchKey('the live access token', tenant.session);
    }
    await watchMemberSecrets();
    const { keys, session } = stage.rival;
    anyInTurn = inTurn([...Object.values(keys), session, liveCode(), plants.plant('any text')]);
  });
  afterAll(async () => {
    await stage.close();
    await sink.close();
  });

  function mailed(code: string): string {
    plants.watch('an emailed code', code);
    return code;
  }

  function liveCode(): string {
    const [place] = places.filter(({ id }) => id === 'otp.completeLogin');
    if (place === undefined) throw new Error('the operation was renamed');
    return String(stage.goodInput(place).code);
  }

  function watchKey(name: string, secret: string): string {
    plants.watch(name, secret);
    plants.watch(`${name}, in base64`, btoa(`:${secret}`));
    return secret;
  }

  async function watchMemberSecrets(): Promise<void> {
    const rows = await stage.app.deps.store.db.selectFrom('memberships').selectAll().execute();
    for (const { organization_id, user_id, member_secret_sealed } of rows) {
      const purpose = `member-secret/${organization_id}/${user_id}`;
      plants.watch('a member secret', stage.app.deps.secrets.unseal(member_secret_sealed, purpose));
    }
    expect(rows.length).toBeGreaterThanOrEqual(3);
  }

  /** No refusal may repeat what it refuses. */
  async function sendOne(place: Place, { position, request }: Planted, mayWork: boolean): Promise<void> {
    const reply = await stage.send(request);
    expect(reply.status, `${position}: ${reply.text}`).toBeLessThan(500);
    if (reply.status === 200) expect(mayWork, `${place.label}, ${position}`).toBe(true);
    else expect(plants.foundIn(JSON.stringify([reply.headers, reply.text]))).toEqual([]);
  }

  /** Sends each with and without a key that lets it in; many at a time, so that they share their commits. */
  async function send(place: Place, planted: readonly Planted[], mayWork: boolean): Promise<void> {
    const credential = stage.credentialFor(place);
    const inAndOut = planted.flatMap(({ position, request }) => [
      { position, request },
      { position, request: { ...request, headers: { ...credential, ...request.headers } } },
    ]);
    for (let first = 0; first < inAndOut.length; first += atOnce) {
      const group = inAndOut.slice(first, first + atOnce);
      await Promise.all(group.map((each) => sendOne(place, each, mayWork)));
    }
  }

  /** Everywhere but in fields, where a text that no check knows for a secret is simply kept. */
  async function sendEverywhere(place: Place, secretFor: SecretFor): Promise<void> {
    const input = stage.goodInput(place);
    const good = requestOf(place, input);
    await send(place, inHeaders(good, secretFor), true);
    await send(place, inUrl(good, secretFor), true);
    if (bodyPlaces.includes(place)) await send(place, inBrokenBodies(place, input, secretFor), false);
    await send(place, inFields(place, { ...input, surprise: 1 }, secretFor), false);
  }

  it('is recognised where it stands', () => {
    const own = createPlants();
    own.watch('code', '012345');
    const secret = own.plant('there');
    expect(own.foundIn(`"x":"${secret}"`)).toEqual(['there']);
    expect(own.foundIn('is 012345')).toEqual(['code']);
    expect(own.foundIn('01a1fe0e-dc81-7328-b217-bf8012345947')).toEqual([]);
    expect(own.foundIn(`sign-up${'a0123459'.repeat(8)}refused`)).toEqual([]);
    expect(plants.foundIn(`a dump with ${stage.acme.keys.admin.slice(0, 40)}`)).toEqual([
      'the live admin key',
    ]);
  });

  describe.each(places)('sent to $label', (place) => {
    // Whoever calls these has ended the key that they call with, or holds a lease that later calls would wait for.
    if (place.id === 'keys.revokeOwn' || place.id === 'verifiers.renewLease') {
      let kept: Kept;
      beforeEach(async () => {
        kept = await stage.keep();
      });
      afterEach(() => kept.restore());
    }

    it('is not repeated when it is a live key, a code or any text, whichever comes to stand where', async () => {
      await sendEverywhere(place, anyInTurn);
    });

    if (isThorough) {
      it('is not repeated when it is a text of high entropy', async () => {
        await sendEverywhere(place, (position) => {
          const secret = plants.plant(`${place.label}, ${position}`);
          plants.watch(`${place.label}, ${position}, in base64`, btoa(`:${secret}`));
          return secret;
        });
      });
    }

    // Elsewhere a code is one text among others.
    if (isThorough && publicPlaces.includes(place)) {
      it('is not repeated when it is a code', () => sendEverywhere(place, liveCode));
    }

    /** In a field where a key belongs it is what the call is about. */
    function isNoPlaceForKeys({ position }: { readonly position: string }): boolean {
      const { keyFields = [] }: Operation = place.operation;
      return !keyFields.some((name) => new RegExp(`^field ${name}[ .]`).test(position));
    }

    it('is refused in every field when it is a whole key, live or not', async () => {
      const unknown = [
        ...(['organization', 'personal', 'admin', 'instance'] as const).map((family) => generateKey(family)),
        ...(['dev', 'sandbox', 'prod'] as const).map(
          (environment) => generateEnvironmentKey(environment).secret,
        ),
      ];
      const secrets = [...unknown, ...Object.values(stage.acme.keys)];
      for (const secret of secrets) watchKey('a key in a field', secret);
      const before = await stage.dumpBesidesAudit();
      const secretFor = inTurn(secrets);
      for (let round = 0; round < (isThorough ? 3 : 1); round += 1) {
        const planted = inFields(place, stage.goodInput(place), secretFor);
        await send(place, planted.filter(isNoPlaceForKeys), false);
      }
      expect(await stage.dumpBesidesAudit()).toEqual(before);
    });
  });

  it('is named as what it is when it is a key in a name or a description', async () => {
    const [place] = places.filter(({ id }) => id === 'keys.createForOrganization');
    if (place === undefined) throw new Error('the operation was renamed');
    for (const field of ['name', 'description']) {
      for (const secret of [
        stage.acme.keys.organization,
        stage.acme.keys.environment,
        generateKey('instance'),
      ]) {
        const input = { ...stage.goodInput(place), [field]: `CI ${secret}` };
        const reply = await stage.send(requestOf(place, input, stage.credentialFor(place)));
        expect(reply.body.error).toMatchObject({ code: 'SECRET_IN_INPUT', details: { field } });
      }
    }
  });

  it('is not kept when it goes where nothing answers, or is not HTTP', async () => {
    const requests: SentRequest[] = ['GET', 'POST', 'PATCH', 'DELETE'].flatMap((method) => {
      const secret = plants.plant(`${method} of no path`);
      const key = watchKey('a key in no path', generateKey('organization'));
      const urls = [
        `/${secret}`,
        `/v1/${key}`,
        `/local/mailbox/${secret}@example.com`,
        `/local/mailbox/${key}`,
        `/docs/${secret}`,
        `/v1/organizations/${secret}/logo?${key}`,
        `/%ff${secret}`,
        `/healthz?key=${key}`,
        `/metrics?key=${key}`,
        `/openapi.json?${secret}`,
      ];
      return urls.map((url) => ({
        method: method as SentRequest['method'],
        url,
        headers: { 'x-process-manager-key': key, host: secret },
      }));
    });
    for (const request of requests) {
      const reply = await stage.send(request);
      expect(plants.foundIn(JSON.stringify([reply.headers, reply.text])), request.url).toEqual([]);
    }
    const http = await createApp(stage.app.deps);
    const { port } = new URL(await http.listen({ host: '127.0.0.1', port: 0 }));
    const secret = plants.plant('what is not HTTP');
    for (const text of [
      `${secret}\r\n\r\n`,
      `GET /${secret}\u0080 HTTP/1.1\r\n\r\n`,
      `GET / HTTP/1.1\r\nhost: x\r\n${secret}: \u0001\r\n\r\n`,
    ]) {
      expect(plants.foundIn(await exchange(Number(port), text))).toEqual([]);
    }
    await http.close();
  });

  it('is not kept when mail is refused, or when keys are minted, changed and revoked', async () => {
    const refused = await stage.send(requestOf(signupRequest(), { email: 'refused@example.com' }));
    expect(refused.body.error.code).toBe('INTERNAL');
    for (const place of places) {
      const reply = await stage.send(requestOf(place, stage.goodInput(place), stage.credentialFor(place)));
      const { apiKey } = reply.body.data ?? {};
      if (apiKey !== undefined) watchKey(`what ${place.label} minted`, apiKey.raw ?? apiKey);
    }
    await watchMemberSecrets();
  });

  function signupRequest(): Place {
    const [place] = places.filter(({ id }) => id === 'otp.requestSignup');
    if (place === undefined) throw new Error('the operation was renamed');
    return place;
  }

  it('stands in no line of the log, at its most talkative', () => {
    const { logLines } = stage.app;
    const lines = logLines.filter((line) => line.includes('"answered"'));
    expect(lines.length).toBeGreaterThan(1000);
    expect(logLines.flatMap((line) => plants.foundIn(line).map((name) => [name, line]))).toEqual([]);
    const digits = logLines.map((line) => line.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ''));
    expect(digits.filter((line) => /(?<!\d)\d{6}(?!\d)/.test(line))).toEqual([]);
  });

  it('stands in no metric', async () => {
    const { text } = await stage.send({ method: 'GET', url: '/metrics', headers: {} });
    const own = text.split('\n').filter((line) => /^latchkey_(http|outcomes)/.test(line));
    expect(own.length).toBeGreaterThan(20);
    expect(plants.foundIn(own.map((line) => line.replace(/ [0-9.e+-]+$/, '')).join('\n'))).toEqual([]);
  });

  it('stands nowhere in the database', async () => {
    await stage.app.deps.lastUsed.flush();
    const rows = JSON.stringify(await stage.dump());
    expect(rows).toContain('owner@acme.example');
    expect(plants.foundIn(rows)).toEqual([]);
    if (engine !== 'sqlite') return;
    const files = bytesIn(dataDir);
    expect(files).toContain('owner@acme.example');
    expect(plants.foundIn(files)).toEqual([]);
  });
});
