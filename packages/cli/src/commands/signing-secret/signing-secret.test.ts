import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, type TestUser, testUser } from '../../cli-for-tests.ts';

const caller = {
  apiKey: 'cko_EXAMPLE_CALLER_0123456789',
  type: 'org-api-key',
  baseUrl: 'http://keys.test',
} as const;
const where = '--process-instance-id i1 --workflow-id main';
const url = 'http://keys.test/v1/instances/i1/workflows/main/signing-secrets';
const shown = {
  signingSecretId: 's1',
  workflowId: 'main',
  scheme: 'stripe',
  label: 'Stripe, live',
  state: 'active',
  createdAt: '2026-03-30T12:00:00.000Z',
  retiredAt: null as string | null,
};
const secret = 'whsec_EXAMPLE';

let user: TestUser;
beforeEach(() => {
  user = testUser();
  user.save({ acme: caller });
});
afterEach(() => user.remove());

describe('signing-secret add', () => {
  const add = `signing-secret add ${where}`;

  it('sends the secret of standard input, of a file and of a person as the sender wrote it', async () => {
    const replies = [ok(shown)];
    const odd = ' pass word, ü ';
    writeFileSync(join(user.home, 'secret.txt'), `${odd}\r\n`);
    const runs = [
      await user.run(`${add} --secret -`, { replies, input: `${odd}\n` }),
      await user.run(`${add} --secret-file secret.txt`, { replies }),
      await user.run(`${add} --secret-file -`, { replies, input: odd }),
      await user.run(add, { replies, person: { secret: odd } }),
    ];
    for (const run of runs) {
      expect(run.sent).toMatchObject([{ method: 'POST', url, body: { secret: odd } }]);
      expect(run.stdout + run.stderr).not.toContain(odd.trim());
    }
  });

  it('sends scheme, label, tolerance and the settings of an HMAC, flags before the file', async () => {
    const settings = { header: 'x-old', prefix: 'v0=' };
    writeFileSync(join(user.home, 'hmac.json'), JSON.stringify(settings));
    const flags = [
      '--scheme hmac --settings hmac.json --hmac-header x-signature --hmac-template {timestamp}.{body}',
      '--hmac-timestamp-header x-time --hmac-id-header x-id --hmac-algorithm sha512 --hmac-encoding base64',
      '--hmac-secret-encoding hex --label Bank --tolerance-seconds 60 --secret -',
    ];
    const run = await user.run(`${add} ${flags.join(' ')}`, { replies: [ok(shown)], input: secret });
    expect(run.sent[0]?.body).toEqual({
      scheme: 'hmac',
      label: 'Bank',
      toleranceSeconds: 60,
      secret,
      settings: {
        header: 'x-signature',
        prefix: 'v0=',
        algorithm: 'sha512',
        encoding: 'base64',
        template: '{timestamp}.{body}',
        timestampHeader: 'x-time',
        idHeader: 'x-id',
        secretEncoding: 'hex',
      },
    });
  });

  it('prints what was added', async () => {
    const run = await user.run(`${add} --secret -`, { replies: [ok(shown)], input: secret });
    expect(run.stdout).toContain('✓ Signing secret added');
    expect(run.stdout).toContain('  Signing Secret ID: s1\n');
  });

  it('refuses a secret on the command line, says why and does not repeat it', async () => {
    const run = await user.run(`${add} --secret ${secret}`);
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
    expect(run.stderr).toContain('shows in `ps`');
    expect(run.stderr).not.toContain(secret);
  });

  it.each([
    [`${add} --secret - --secret-file x`, 'cannot be given together'],
    [add, 'No terminal to ask for the secret'],
    [`${add} --secret -`, 'The signing secret is empty'],
    [`${add} --secret-file nowhere`, 'cannot read nowhere'],
    [`${add} --scheme hmac --secret -`, '--scheme hmac needs --hmac-header'],
    [`${add} --scheme stripe --hmac-header x --secret -`, 'go with --scheme hmac alone'],
    [
      `${add} --scheme hmac --settings - --secret -`,
      '--secret - and --settings - cannot both be standard input',
    ],
    [`${add} --scheme svix --secret -`, '--scheme must be one of'],
    ['signing-secret add --workflow-id main --secret -', 'set LATCHKEY_PROCESS_INSTANCE_ID'],
    ['signing-secret add --process-instance-id i1 --secret -', 'Missing: --workflow-id <id>'],
  ])('exits 2 and sends nothing: %s', async (line, message) => {
    const run = await user.run(line);
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
    expect(run.stderr).toContain(message);
  });
});

describe('signing-secret list', () => {
  it('lists active and retired ones with their ids', async () => {
    const retired = {
      ...shown,
      signingSecretId: 's2',
      state: 'retired',
      retiredAt: '2026-03-31T12:00:00.000Z',
    };
    const replies = [ok({ signingSecrets: [shown, retired] })];
    const run = await user.run(`signing-secret list ${where}`, { replies });
    expect(run.sent[0]).toMatchObject({ method: 'GET', url });
    expect(run.stdout).toMatch(/Stripe, live +stripe +active .* - +s1\n/);
    expect(run.stdout).toMatch(/Stripe, live +stripe +retired .* s2\n/);
  });
});

describe('signing-secret list in a terminal', () => {
  it('keeps to its width, with ids whole', async () => {
    const signingSecretId = '019d312f-0000-7000-8000-00000000000b';
    const label = 'Stripe, live, of the whole world';
    const replies = [ok({ signingSecrets: [{ ...shown, signingSecretId, label }] })];
    const run = await user.run(`signing-secret list ${where}`, { replies, columns: 80 });
    const lines = run.stdout.split('\n');
    expect(lines.filter((each) => each.length > 80)).toEqual([]);
    expect(lines).toContain(`      ${signingSecretId}`);
  });
});

describe('signing-secret label and retire', () => {
  it('label changes the label', async () => {
    const run = await user.run(`signing-secret label s1 ${where} --label Live`, { replies: [ok(shown)] });
    expect(run.sent).toMatchObject([{ method: 'PATCH', url: `${url}/s1`, body: { label: 'Live' } }]);
  });

  it('retire asks first, and needs --yes where nobody can be asked', async () => {
    const replies = [ok({ ...shown, state: 'retired' })];
    const line = `signing-secret retire s1 ${where}`;
    expect(await user.run(line, { replies })).toMatchObject({ code: 2, sent: [] });
    expect(await user.run(line, { replies, person: { agrees: false } })).toMatchObject({ code: 1, sent: [] });
    const run = await user.run(`${line} --yes`, { replies });
    expect(run.sent).toMatchObject([{ method: 'POST', url: `${url}/s1/retire` }]);
    expect(run.stdout).toContain('✓ Signing secret retired');
  });

  it('sends no secret that stands in the place of an id, and does not repeat it', async () => {
    const run = await user.run(`signing-secret retire ${secret} ${where} --yes`);
    expect(run).toMatchObject({ code: 2, sent: [] });
    expect(run.stderr).not.toContain(secret);
  });
});
