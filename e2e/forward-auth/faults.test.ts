import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Gate, openGate } from './gate.ts';
import type { Edit, ProxyName } from './proxy.ts';
import { requestText, sendRaw } from './raw-http.ts';

let gate: Gate;
beforeAll(async () => {
  gate = await openGate();
});
afterAll(() => gate.close());
beforeEach(() => {
  gate.application.arrivals.length = 0;
});

async function ask(port: number): Promise<number> {
  const { secret } = gate.keys.good;
  const text = requestText('GET / HTTP/1.1', [
    ['Connection', 'close'],
    ['Authorization', `Bearer ${secret}`],
  ]);
  return (await sendRaw(port, text)).status;
}

const mistakes: Readonly<Record<string, Edit>> = {
  'a parameter that does not exist': (text) => text.replace('&scope=', '&scpoe='),
  'an empty scope': (text) => text.replace('scope=projects:read', 'scope='),
  'an environment that does not exist': (text) => text.replace('environment=prod', 'environment=production'),
  'no organization': (text) => text.replace(/organization=[^&]*&/, ''),
  'the organization of somebody else': (text) =>
    text.replace(/organization=[^&]*/, 'organization=somebody-elses'),
  'no key of its own': (text) => text.replace(/^.*VERIFIER_KEY.*$/m, ''),
  'a key of its own that may not verify': (text) =>
    text.replace(/\$?\{\$?LATCHKEY_VERIFIER_KEY\}/, () => gate.keys.good.secret),
  'a revoked key of its own': (text) =>
    text.replace(/\$?\{\$?LATCHKEY_VERIFIER_KEY\}/, () => gate.keys.revoked.secret),
};

describe.each<ProxyName>(['nginx', 'caddy'])('%s lets nobody in', (name) => {
  it.each(Object.keys(mistakes))('when it asks with %s, and the log says what is wrong', async (mistake) => {
    const { server } = gate.world;
    const proxy = await gate.proxy(name, mistakes[mistake]);
    const from = server.logs().length;
    expect(await ask(proxy.port)).toBe(500);
    expect(gate.application.arrivals).toEqual([]);
    await server.logged('FORWARD_AUTH_MISCONFIGURED', from);
  });
});

it('both proxies let nobody in while Latchkey is not there', async () => {
  const proxies = [await gate.proxy('nginx'), await gate.proxy('caddy')];
  for (const { port } of proxies) expect(await ask(port)).toBe(200);
  gate.application.arrivals.length = 0;
  await gate.world.server.kill();
  for (const { port } of proxies) expect(await ask(port)).toBeOneOf([500, 502, 503]);
  expect(gate.application.arrivals).toEqual([]);
});
