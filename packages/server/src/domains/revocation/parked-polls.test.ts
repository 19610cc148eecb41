import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createParkedPolls, type ParkedPolls } from './parked-polls.ts';

const minuteMs = 60_000;

describe('parked polls', () => {
  let polls: ParkedPolls;
  beforeEach(() => {
    polls = createParkedPolls();
  });
  afterEach(() => polls.end('all', false));

  function park(organizationId: string, verifier: string, hungUp = new AbortController().signal) {
    return polls.park({ organizationId, verifier, waitMs: minuteMs, hungUp });
  }

  it('of one organization are a thousand at most, and take nothing from another', async () => {
    const thousand = Array.from({ length: 1_000 }, (_, index) => park('acme', `v${index}`));
    expect(await park('acme', 'one-more')).toBe(false);
    const other = park('rival', 'v0');
    const again = park('acme', 'v0');
    expect(await thousand[0]).toBe(true);
    polls.end('rival', true);
    expect(await other).toBe(true);
    polls.end('acme', true);
    expect(await Promise.all([again, ...thousand])).not.toContain(false);
    const [first] = [park('acme', 'v0')];
    polls.end('acme', true, 'v0');
    expect(await first).toBe(true);
  });

  it('end without a lease when nobody reads the answer, and make room', async () => {
    const gone = new AbortController();
    const waiting = park('acme', 'v0', gone.signal);
    gone.abort();
    expect(await waiting).toBe(false);
    const next = park('acme', 'v0');
    polls.end('acme', true, 'v0');
    expect(await next).toBe(true);
  });
});
