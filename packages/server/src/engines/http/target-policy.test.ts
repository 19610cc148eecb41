import { LatchkeyError } from '@latchkey/protocol';
import { describe, expect, it } from 'vitest';
import { checkTargetUrl } from './check-target-url.ts';
import { createTargetPolicy, type TargetPolicy } from './target-policy.ts';

const strict = createTargetPolicy([]);

/** Every way of writing an address that leads nowhere public, by what it is. */
const blocked: Readonly<Record<string, readonly string[]>> = {
  'this machine': ['127.0.0.1', '127.255.255.254', '::1', '0.0.0.0', '0.1.2.3', '::'],
  'a private network': ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fdff::1'],
  'the link': ['169.254.0.1', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fec0::1'],
  'metadata of a cloud': [
    '169.254.169.254',
    'fd00:ec2::254',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
  ],
  'behind the NAT of a provider': ['100.64.0.1', '100.127.255.255'],
  'many machines': ['224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1'],
  'given to nobody': ['240.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '2001:db8::1'],
  'no global unicast': ['4000::1', '8000::1', '1::1', '100::1', '5f00::1', '3fff::1'],
  'IPv4 inside of IPv6': [
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '::7f00:1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
  ],
};

const addresses = Object.entries(blocked).flatMap(([what, list]) =>
  list.map((each) => [each, what] as const),
);

function refusalOf(url: string, policy: TargetPolicy = strict): LatchkeyError | undefined {
  try {
    checkTargetUrl(url, policy);
  } catch (error) {
    if (error instanceof LatchkeyError) return error;
    throw error;
  }
  return undefined;
}

describe('an address that targets may be at', () => {
  it.each(addresses)('is not %s: %s', (address) => {
    expect(strict.allowsAddress(address)).toBe(false);
  });

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00::1',
  ])('is %s, which is public', (address) => {
    expect(strict.allowsAddress(address)).toBe(true);
  });

  it('is one that the operator names, alone or in a range, and no other', () => {
    const policy = createTargetPolicy(['10.0.0.0/8', '192.168.1.7', 'fd00::/8', '::1']);
    for (const address of ['10.255.0.1', '192.168.1.7', 'fd12::1', '::1', '::ffff:10.0.0.1']) {
      expect(policy.allowsAddress(address), address).toBe(true);
    }
    for (const address of ['11.0.0.0', '192.168.1.8', 'fc00::1', '::2', '::ffff:192.168.1.8', '127.0.0.1']) {
      expect(policy.allowsAddress(address), address).toBe(address === '11.0.0.0');
    }
  });
});

describe('a host that the operator names', () => {
  it('is found in any case and with a dot at its end, and lends its name to no other', () => {
    const policy = createTargetPolicy(['N8N.internal.', '10.0.0.1']);
    for (const host of ['n8n.internal', 'N8N.INTERNAL', 'n8n.internal.']) {
      expect(policy.allowsHost(host), host).toBe(true);
    }
    for (const host of ['x.n8n.internal', 'internal', 'n8n.internal.example.com', '10.0.0.1', '']) {
      expect(policy.allowsHost(host), host).toBe(false);
    }
  });
});

describe('the URL of a target', () => {
  it.each([
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://①②⑦.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://localhost/',
    'http://localhost./',
    'http://LOCALHOST/',
    'http://api.localhost/',
    'http://0.0.0.0/',
    'http://0/',
    'http://169.254.169.254/latest/meta-data/',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'https://10.0.0.1:8443/hook',
    '  http://127.0.0.1/  ',
    'http://127.0.0.1\t/',
    'http:127.0.0.1',
    'http:\\\\127.0.0.1\\',
  ])('is refused for where %j leads', (url) => {
    expect(refusalOf(url)).toMatchObject({
      code: 'TARGET_NOT_ALLOWED',
      details: { problem: 'it is not at a public address.' },
    });
  });

  it.each([
    ['hook', 'it is not a URL.'],
    ['http://', 'it is not a URL.'],
    ['http://1.2.3.4.5/', 'it is not a URL.'],
    ['ftp://example.com/', 'it must start with http:// or https://.'],
    ['file:///etc/passwd', 'it must start with http:// or https://.'],
    ['javascript:alert(1)', 'it must start with http:// or https://.'],
    ['http://hunter2@example.com/', 'it must not name a user or password.'],
    ['http://:hunter2@example.com/', 'it must not name a user or password.'],
    ['http://example.com/#hunter2', 'it must not have a fragment (#).'],
    ['http://example.com/#', 'it must not have a fragment (#).'],
    ['http://10.0.0.1/hunter2?hunter2', 'it is not at a public address.'],
  ])('is refused as %j, and nothing but its host is repeated', (url, problem) => {
    const refusal = refusalOf(url);
    expect(refusal?.details).toMatchObject({ problem });
    expect(JSON.stringify([refusal?.message, refusal?.details])).not.toContain('hunter2');
  });

  it('comes back in the one form that will be called', () => {
    expect(checkTargetUrl('HTTPS://N8N.Example.com:443/a b?c=d', strict).href).toBe(
      'https://n8n.example.com/a%20b?c=d',
    );
  });

  it('may be what the operator allows', () => {
    const policy = createTargetPolicy(['127.0.0.0/8', 'n8n.internal', 'api.localhost']);
    for (const url of ['http://2130706433/', 'http://localhost/', 'http://n8n.internal/']) {
      expect(refusalOf(url, policy), url).toBeUndefined();
    }
    expect(refusalOf('http://api.localhost/', createTargetPolicy(['api.localhost']))).toBeUndefined();
    expect(refusalOf('http://[::1]/', policy)).toMatchObject({ details: { host: '::1' } });
  });
});
