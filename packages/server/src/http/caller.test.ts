import { type CallOptions, startTestApp, type TestApp, temporaryFolder } from '@latchkey/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientOf, limitAddress } from './caller.ts';

const group = fc.nat({ max: 0xffff }).map((value) => value.toString(16));
const groups = (length: number) => fc.array(group, { minLength: length, maxLength: length });

describe('the address that limits count', () => {
  it('is an IPv4 address as it is, also when it comes as IPv6', () => {
    expect(limitAddress('203.0.113.7')).toBe('203.0.113.7');
    expect(limitAddress('::ffff:203.0.113.7')).toBe('203.0.113.7');
    expect(limitAddress('::ffff:cb00:7107')).toBe('203.0.113.7');
  });

  it('is one for all addresses of an IPv6 /64 and another for every other /64', () => {
    const network = groups(4).filter((parts) => parts.some((part) => part !== '0'));
    fc.assert(
      fc.property(network, network, groups(4), groups(4), (one, other, host, guest) => {
        const address = (parts: string[], rest: string[]) => limitAddress([...parts, ...rest].join(':'));
        expect(address(one, host)).toBe(address(one, guest));
        expect(address(one, host) === address(other, host)).toBe(one.join() === other.join());
      }),
    );
  });

  it('is one however an IPv6 address is written', () => {
    const spellings = [
      '2001:db8::1',
      '2001:DB8:0:0:0:0:0:1',
      '2001:0db8:0000:0000::abcd',
      '2001:db8::1%eth0',
    ];
    expect(new Set(spellings.map(limitAddress))).toEqual(new Set(['2001:db8:0:0::/64']));
  });

  it('is the same for everything that is no address', () => {
    for (const text of ['', 'unknown', '_hidden', '203.0.113.7:1234', '999.1.1.1', 'otp 203.0.113.7']) {
      expect(limitAddress(text)).toBe('unknown');
    }
  });
});

describe('the address of a request', () => {
  const asksPerHour = 60;

  async function withApp(proxies: string | undefined, use: (app: TestApp) => Promise<void>): Promise<void> {
    const store = { engine: 'sqlite', dataDir: temporaryFolder('caller'), databaseUrl: undefined } as const;
    const app = await startTestApp(
      store,
      proxies === undefined
        ? {}
        : { env: { LATCHKEY_TRUSTED_PROXIES: proxies, LATCHKEY_SMTP_URL: 'smtp://127.0.0.1:1' } },
    );
    await use(app);
    await app.close();
  }

  async function ask(app: TestApp, from: string, forwardedFor?: string): Promise<string> {
    const options: CallOptions = {
      body: { email: 'nobody@example.com' },
      from,
      ...(forwardedFor !== undefined && { headers: { 'x-forwarded-for': forwardedFor } }),
    };
    return (await app.call('/v1/auth/login/request', options)).body.error.code;
  }

  /** Spends the hour of an address, and says what the next question is answered. */
  async function exhaust(questions: () => Promise<string>): Promise<string> {
    for (let asked = 0; asked < asksPerHour; asked += 1) expect(await questions()).toBe('USER_NOT_FOUND');
    return questions();
  }

  it('is not what the caller writes into X-Forwarded-For when no proxy is trusted', async () => {
    await withApp(undefined, async (app) => {
      let forged = 0;
      const askForged = () => {
        forged += 1;
        return ask(app, '203.0.113.7', `198.51.100.${forged}`);
      };
      expect(await exhaust(askForged)).toBe('IP_RATE_LIMITED');
      expect(await ask(app, '203.0.113.8', '203.0.113.7')).toBe('USER_NOT_FOUND');
    });
  });

  it('is the last one that a trusted proxy did not write itself, whatever stands in front of it', async () => {
    await withApp('10.0.0.0/8, fd00::/8', async (app) => {
      let forged = 0;
      const askForged = () => {
        forged += 1;
        return ask(app, '10.0.0.1', `198.51.100.${forged}, 203.0.113.7, 10.0.0.2`);
      };
      expect(await exhaust(askForged)).toBe('IP_RATE_LIMITED');
      expect(await ask(app, '10.0.0.1', '203.0.113.8')).toBe('USER_NOT_FOUND');
      expect(await ask(app, 'fd00::1', '203.0.113.7')).toBe('IP_RATE_LIMITED');
      expect(await ask(app, '203.0.113.9', '203.0.113.7')).toBe('USER_NOT_FOUND');
    });
  });

  it.each([
    ['203.0.113.7', (port: number) => `203.0.113.7:${port}`, '203.0.113.8:4444'],
    ['2001:db8::7', (port: number) => `[2001:db8::1]:${port}`, '[2001:db8:0:1::1]:4444'],
    ['2001:db8::7', () => '[2001:db8::1]', '[2001:db8:0:1::1]'],
  ])('is %s, whichever port a proxy appends', async (address, withPort, other) => {
    await withApp('10.0.0.1', async (app) => {
      let port = 1024;
      const askFromPort = () => {
        port += 1;
        return ask(app, '10.0.0.1', withPort(port));
      };
      expect(await exhaust(askFromPort)).toBe('IP_RATE_LIMITED');
      expect(await ask(app, '10.0.0.1', address)).toBe('IP_RATE_LIMITED');
      expect(await ask(app, '10.0.0.1', other)).toBe('USER_NOT_FOUND');
    });
  });
});

describe('the client that is kept', () => {
  it.each([
    ['curl/8.5.0', 'curl/8.5.0'],
    ['latchkey/0.1.0 node/v26.1.0', 'latchkey/0.1.0 node/v26.1.0'],
    [
      'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0',
      'Mozilla/5.0 Gecko/20100101 Firefox/140.0',
    ],
    ['node', 'node'],
    [undefined, ''],
  ])('names the products of %j', (userAgent, kept) => {
    expect(clientOf(userAgent)).toBe(kept);
  });

  it('leaves out whatever could be a secret', () => {
    const secret = 'a3f9b8e6c2d4a3f9b8e6c2d4a3f9b8e6';
    for (const text of [
      secret,
      `Bearer ${secret}`,
      `agent/${secret}`,
      `${secret}/1`,
      `curl/8.5.0 (${secret})`,
    ])
      expect(clientOf(text)).not.toContain(secret.slice(0, 17));
  });
});
