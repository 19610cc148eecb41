import { mayAnswer, mayKeep, renewed } from '@latchkey/protocol';
import { describe, expect, it } from 'vitest';
import { explore } from './model-checker-for-tests.ts';
import { fast, modelTiming, now, type Rules, type Scope, slow } from './model-state-for-tests.ts';
import * as server from './revocation.rules.ts';

const rules: Rules = { ...server, mayAnswer, mayKeep, renewed };

const one = { registrations: 0, revocations: 1, revokers: 1, asks: 0, messages: 1, fills: 0 };

const scopes = {
  'one process and its verifier': {
    ...{ ...one, processes: 1, verifiers: 1, reads: [2], asks: 2, rates: [fast, slow] },
  },
  'one process and its verifier, which read what they keep': {
    ...{ ...one, processes: 1, verifiers: 1, reads: [1], asks: 1, fills: 1, rates: [fast, slow] },
  },
  'one process and a verifier with two requests under way': {
    ...{ ...one, processes: 1, verifiers: 1, reads: [1], asks: 2, messages: 2, rates: [fast, slow] },
  },
  'two processes that both revoke, the slower one silent': {
    ...{ ...one, processes: 2, verifiers: 0, revokers: 2, reads: [2, 2], rates: [fast, slow] },
  },
  'two processes, of which one registers meanwhile': {
    ...{ ...one, processes: 2, verifiers: 0, registrations: 1, reads: [0, 2], fills: 1, rates: [fast, slow] },
  },
  'two processes and two revocations': {
    ...{ ...one, processes: 2, verifiers: 0, revocations: 2, reads: [0, 2], rates: [fast, slow] },
  },
  'two processes and a verifier of the silent one': {
    ...{ ...one, processes: 2, verifiers: 1, reads: [0, 2], asks: 1, rates: [fast, slow, slow] },
  },
} satisfies Record<string, Scope>;

/** Takes minutes: with LATCHKEY_MODEL=wide only. */
const wideScopes = {
  'two processes and a verifier that moves between them': {
    ...{ ...one, processes: 2, verifiers: 1, reads: [1, 1], asks: 2, rates: [fast, slow, slow] },
  },
} satisfies Record<string, Scope>;

const explored = { ...scopes, ...(process.env.LATCHKEY_MODEL === 'wide' && wideScopes) };

type ScopeName = keyof typeof scopes;

/** Each breaks one rule; the checker has to find what comes of it, within the scope that is named. */
const mistakes: Record<string, { readonly broken: Partial<Rules>; readonly scope: ScopeName }> = {
  'counting the lease of a verifier from the answer': {
    broken: { renewed: (lease, renewal, asked) => renewed(lease, renewal, { ...asked, sentAt: now }) },
    scope: 'one process and its verifier',
  },
  'keeping an answer that is older than what is applied': {
    broken: { mayKeep: () => true },
    scope: 'one process and its verifier, which read what they keep',
  },
  'confirming without asking the verifiers': {
    broken: { isDangerous: () => false },
    scope: 'one process and its verifier',
  },
  'giving a verifier more than the server has left': {
    broken: { grantMs: () => modelTiming.leaseMs },
    scope: 'two processes and a verifier of the silent one',
  },
  'believing the clock of a verifier to be right': {
    broken: { bookedUntil: (arrivedAt, leaseMs) => arrivedAt + leaseMs },
    scope: 'one process and its verifier',
  },
  'believing the clock of another process to be right': {
    broken: { isOver: (waited, { leaseMs }) => waited >= leaseMs },
    scope: 'two processes that both revoke, the slower one silent',
  },
  'taking a lease by a number that is not applied': {
    broken: { placeOf: () => 'known', carriesLease: ({ isRegistered }) => isRegistered },
    scope: 'two processes, of which one registers meanwhile',
  },
  'taking a change that was seen for one that is confirmed': {
    broken: { isWaitedFor: ({ registeredSeq, said }, seq) => registeredSeq < seq && said === undefined },
    scope: 'two processes and a verifier of the silent one',
  },
  'not waiting for processes': {
    broken: { isWaitedFor: () => false },
    scope: 'two processes that both revoke, the slower one silent',
  },
  'answering from memory after the lease': {
    broken: { mayAnswer: () => true },
    scope: 'one process and its verifier',
  },
  'staying leased for ever': {
    broken: { isLive: () => true },
    scope: 'two processes that both revoke, the slower one silent',
  },
  'striking off a process that has seen the change': {
    broken: {
      mayStrike: ({ registeredSeq }, seq, waited, timing) =>
        registeredSeq < seq && server.isOver(waited, timing),
    },
    scope: 'two processes and two revocations',
  },
  'waiting for a process for ever': {
    broken: { isOver: () => false },
    scope: 'two processes that both revoke, the slower one silent',
  },
  'waiting for a verifier for ever': {
    broken: { isDangerous: ({ applied }, seq) => applied < seq },
    scope: 'one process and its verifier',
  },
  'taking a lease without having said what was seen': {
    broken: { carriesLease: (standing, applied) => server.carriesLease(standing, applied, []) },
    scope: 'two processes and two revocations',
  },
};

describe('the model of revocation', () => {
  it.each(Object.entries(explored))(
    'finds no way to accept a key after its receipt, and none that keeps a receipt from coming: %s',
    (name, scope) => {
      const startedAt = performance.now();
      const { states, steps, fault } = explore(rules, scope);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      console.log(`${name}: ${states} states, ${steps} steps, ${seconds} s`);
      expect(fault).toBeUndefined();
    },
    300_000,
  );

  it.each(Object.entries(mistakes))(
    'notices %s',
    (_name, { broken, scope }) => {
      expect(explore({ ...rules, ...broken }, scopes[scope]).fault).toBeDefined();
    },
    300_000,
  );
});
