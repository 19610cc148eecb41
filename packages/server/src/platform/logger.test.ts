import { generateEnvironmentKey, generateKey } from '@latchkey/keys';
import { describe, expect, it } from 'vitest';
import { createLogger, type Logger } from './logger.ts';

const secrets = [
  ...(['organization', 'personal', 'admin', 'instance'] as const).map((family) => generateKey(family)),
  ...(['dev', 'sandbox', 'prod'] as const).map((environment) => generateEnvironmentKey(environment).secret),
];

/** What a logger writes at its most talkative. */
function written(use: (log: Logger) => void): string {
  const lines: string[] = [];
  use(createLogger('trace', { write: (line) => lines.push(line) }));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number) });
  return lines.join('');
}

describe('the log', () => {
  it.each(secrets)('hides a key wherever it comes to stand (%#)', (secret) => {
    const cause = new Error(`upstream refused\n${secret}`);
    const text = written((log) => {
      log.info(`used ${secret} twice: ${secret}${secret}`);
      log.info({ url: `/v1/whoami?api_key=${secret}`, list: [secret], nested: { deep: { er: secret } } });
      log.error({ err: new Error(`no such key: ${secret}`, { cause }) }, 'failed');
      log.warn({ [secret]: 1, text: `line\n${secret}\ttab "${secret}"` });
      log.child({ origin: secret }).debug('%s and %j', secret, { secret: [secret] });
      log.trace({ cut: secret.slice(0, -9), mistyped: `${secret.slice(0, -1)}_` });
    });
    expect(text).not.toContain(secret.slice(12, 28));
    expect(text).toContain('…redacted');
  });

  it.each([
    'authorization',
    'headers',
    'cookie',
    'secret',
    'apiKey',
    'raw',
    'password',
  ])('leaves out the field %s at the top and one level down', (name) => {
    const text = written((log) =>
      log.info({ [name]: 'hunter2', request: { [name]: 'hunter2', id: 7 } }, 'said'),
    );
    expect(text).not.toContain('hunter2');
    expect(text).toContain('"id":7');
  });

  it('keeps what is not secret, and says when', () => {
    const text = written((log) =>
      log.info({ keyId: '019d312f-0000-7000-8000-000000000000', keyPrefix: 'cko_aB12cD34' }, 'answered'),
    );
    expect(JSON.parse(text)).toEqual({
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      keyId: '019d312f-0000-7000-8000-000000000000',
      keyPrefix: 'cko_aB12cD34',
      msg: 'answered',
    });
  });

  it('is silent below its level', () => {
    const lines: string[] = [];
    const log = createLogger('warn', { write: (line) => lines.push(line) });
    log.info('quiet');
    log.warn('heard');
    expect(lines).toHaveLength(1);
  });
});
