import { describe, expect, it } from 'vitest';
import { hmacSettings } from './signing.ts';

const header = 'X-Signature';

describe('the settings of an HMAC', () => {
  it('need only a header, and never take sha1 by themselves', () => {
    expect(hmacSettings.parse({ header })).toEqual({
      header: 'x-signature',
      prefix: '',
      algorithm: 'sha256',
      encoding: 'hex',
      template: '{body}',
      secretEncoding: 'utf8',
    });
    expect(hmacSettings.parse({ header, algorithm: 'sha1' }).algorithm).toBe('sha1');
  });

  it('describe Slack, and a sender that signs what it sends last', () => {
    const slack = { header, prefix: 'v0=', template: 'v0:{timestamp}:{body}', timestampHeader: 'x-time' };
    expect(hmacSettings.safeParse(slack).success).toBe(true);
    const behind = { header, template: '{body}|{id}', idHeader: 'x-id' };
    expect(hmacSettings.safeParse(behind).success).toBe(true);
  });

  it.each([
    ['no header', {}],
    ['a header that is none', { header: 'x signature' }],
    ['the header of a key', { header: 'X-API-Key' }],
    ['the header of another credential', { header: 'Authorization' }],
    ['a header that every request has', { header: 'Content-Type' }],
    ['a header that proxies write', { header: 'X-Forwarded-For' }],
    ['a template without the body', { header, template: '{timestamp}', timestampHeader: 'x-time' }],
    ['a template with the body twice', { header, template: '{body}{body}' }],
    ['a placeholder that is unknown', { header, template: '{body}{url}' }],
    ['a placeholder twice', { header, template: '{id}{id}{body}', idHeader: 'x-id' }],
    ['a timestamp without its header', { header, template: '{timestamp}.{body}' }],
    ['an id without its header', { header, template: '{id}.{body}' }],
    ['a timestamp that is not signed', { header, timestampHeader: 'x-time' }],
    ['one header for two things', { header, template: '{id}.{body}', idHeader: header }],
    ['an unknown algorithm', { header, algorithm: 'md5' }],
    ['a field that there is not', { header, tolerance: 5 }],
    ['a prefix with a space', { header, prefix: 'HMAC ' }],
  ])('refuse %s', (_, settings) => {
    expect(hmacSettings.safeParse(settings).success).toBe(false);
  });
});
