import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Language, languages, sampleFor, ways } from './samples.ts';

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
  const received: { headers: IncomingHttpHeaders; body: unknown }[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      received.push({ headers: request.headers, body });
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
    expect(received.map(({ body }) => body)).toEqual([way === 'signature' ? payload : { payload }]);
    expect(received[0]?.headers['content-type']).toBe('application/json');
    // Neither breaks a line of the page nor turns its direction.
    expect(code).not.toMatch(/[\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/);
  });
});
