import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Language, languages, sampleFor, statusSampleFor, ways } from './samples.ts';

const run = promisify(execFile);

/** How a sample of each language is run. */
const runners: Readonly<Record<Language, (code: string) => readonly [string, readonly string[]]>> = {
  curl: (code) => ['bash', ['-c', code]],
  JavaScript: (code) => [process.execPath, ['--input-type=module', '-e', code]],
  Python: (code) => ['python3', ['-c', code]],
};

/** Whoever describes an input chooses what its samples send; somebody else pastes them into a terminal. */
const hostile = [
  `it's "quoted"`,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what is meant to be taken for a template
  '$(exit 9) `exit 9` ${HOME} $HOME $$ !!',
  "'; exit 9; '",
  'back\\slash \\n \\u0041 \\',
  'lines\nof\r\ntext\twith\0all',
  '@/etc/passwd',
  '%s %d {0} #{x}',
  '\u202Etxt.exe\u2066\u2028\u0085\u007F',
  'Grüße 👋',
  '-d --data',
];
const payload = { ...Object.fromEntries(hostile.map((text) => [text, text])), hostile };

describe('a sample', () => {
  const received: { headers: IncomingHttpHeaders; url?: string | undefined; body: unknown }[] = [];
  const server = createServer((request, response) => {
    const body = request.method === 'POST' ? json(request) : Promise.resolve('read');
    void body.then((sent) => {
      received.push({ headers: request.headers, url: request.url, body: sent });
      response.end('{"success":true}');
    });
  });
  let url: string;
  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook/x/main`;
  });
  beforeEach(() => {
    received.length = 0;
  });
  afterAll(() => {
    server.close();
  });

  const all = ways.flatMap(({ value: way }) => languages.map((language) => ({ way, language })));

  it.each(all)('of $language sends what it shows by the $way, whatever that is', async ({
    way,
    language,
  }) => {
    const code = sampleFor(way, language, { url, apiKey: 'ck_EXAMPLE', payload });
    const [file, parameters] = runners[language](code);
    const env = { PATH: process.env.PATH, LATCHKEY_API_KEY: 'cko_EXAMPLE', WEBHOOK_SECRET: 'whsec_c2VjcmV0' };
    expect((await run(file, parameters, { env })).stdout).toMatch(/success.{1,4}true/);
    expect(received.map(({ body }) => body)).toEqual([payload]);
    expect(received[0]?.headers['content-type']).toBe('application/json');
    // Neither breaks a line of the page nor turns its direction.
    expect(code).not.toMatch(/[\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/);
  });

  const env = {
    PATH: process.env.PATH,
    LATCHKEY_API_KEY: 'cko_EXAMPLE',
    LATCHKEY_INSTANCE_KEY: 'ck_EXAMPLE',
    EXECUTION_ID: 'e-1',
  };
  async function sentBy(language: Language, code: string) {
    const [file, parameters] = runners[language](code);
    await run(file, parameters, { env });
    return received.at(-1);
  }

  it.each(languages)('of %s takes a key that is not shown out of the environment', async (language) => {
    const called = { url, apiKey: undefined, payload: {} };
    const byHeader = await sentBy(language, sampleFor('instance-key', language, called));
    expect(byHeader).toMatchObject({ headers: { 'x-api-key': 'ck_EXAMPLE' }, body: {} });
    const byUrl = await sentBy(language, sampleFor('query-key', language, called));
    expect(byUrl).toMatchObject({ url: '/webhook/x/main?api_key=ck_EXAMPLE', body: {} });
  });

  it.each(languages)('of %s names a payload that has a member of that name', async (language) => {
    const called = { url, apiKey: 'ck_EXAMPLE', payload: { payload: 1 } };
    const sent = await sentBy(language, sampleFor('instance-key', language, called));
    expect(sent?.body).toEqual({ payload: { payload: 1 } });
  });

  it.each(all)('of $language reads the result with what the $way has', async ({ way, language }) => {
    const statusUrl = url.replace('/webhook/x/main', '/status/x/');
    const read = { url: '/status/x/e-1', body: 'read' };
    for (const apiKey of ['ck_EXAMPLE', undefined]) {
      const sent = await sentBy(language, statusSampleFor(way, language, { statusUrl, apiKey }));
      const header =
        way === 'organization-key'
          ? { 'x-process-manager-key': 'cko_EXAMPLE' }
          : { 'x-api-key': 'ck_EXAMPLE' };
      expect(sent).toMatchObject({ ...read, headers: header });
    }
  });
});
