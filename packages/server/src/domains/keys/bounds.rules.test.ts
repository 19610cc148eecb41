import { describe, expect, it } from 'vitest';
import type { Restrictions } from '../../storage/index.ts';
import { isWithin, refuseWiderBounds } from './bounds.rules.ts';
import { unbound } from './restrictions.ts';

const bounds: Restrictions = {
  allowedAddresses: ['10.0.0.0/8', '2001:db8::1'],
  resources: ['orders/*', 'stock'],
  limits: [{ requests: 100, windowSeconds: 60, counting: 'exact' }],
  budget: { total: 1000, counting: 'exact' },
};

describe('what a key is bound to', () => {
  it.each<[string, Partial<Restrictions>, boolean]>([
    ['the same', {}, true],
    ['one of the addresses', { allowedAddresses: ['10.1.2.3'] }, true],
    [
      'a smaller network, however it is written',
      { allowedAddresses: ['10.1.0.0/16', '::ffff:10.2.0.1'] },
      true,
    ],
    ['a larger network', { allowedAddresses: ['10.0.0.0/7'] }, false],
    ['another address beside', { allowedAddresses: ['10.1.2.3', '192.0.2.1'] }, false],
    ['addresses of the other kind', { allowedAddresses: ['::a01:203'] }, false],
    ['any address', { allowedAddresses: null }, false],
    ['one of the resources', { resources: ['stock'] }, true],
    ['what begins like one', { resources: ['orders/42', 'orders/eu/*', 'orders/*'] }, true],
    ['what begins shorter', { resources: ['orders*'] }, false],
    ['one that only a pattern would stand for', { resources: ['stock*'] }, false],
    ['any resource', { resources: null }, false],
    ['fewer requests', { limits: [{ requests: 99, windowSeconds: 60, counting: 'fast' }] }, true],
    [
      'as many in a longer window',
      { limits: [{ requests: 100, windowSeconds: 61, counting: 'exact' }] },
      true,
    ],
    [
      'as many in a shorter window',
      { limits: [{ requests: 100, windowSeconds: 59, counting: 'exact' }] },
      false,
    ],
    ['more requests', { limits: [{ requests: 101, windowSeconds: 60, counting: 'exact' }] }, false],
    ['no limit', { limits: null }, false],
    ['less of a budget', { budget: { total: 1, counting: 'fast' } }, true],
    ['more of a budget', { budget: { total: 1001, counting: 'exact' } }, false],
    ['no budget', { budget: null }, false],
  ])('%s', (_what, wanted, isNarrower) => {
    expect(isWithin({ ...bounds, ...wanted }, bounds)).toBe(isNarrower);
    expect(isWithin({ ...bounds, ...wanted }, unbound)).toBe(true);
  });

  it('is named where it would be less', () => {
    expect(() => refuseWiderBounds(unbound, bounds)).toThrow(
      expect.objectContaining({
        code: 'RESTRICTION_ESCALATION',
        details: { restrictions: ['allowedAddresses', 'resources', 'limits', 'budget'] },
      }),
    );
  });
});
