import type { Request as Asked } from '@latchkey/protocol';
import { UsageError } from '../command.ts';

type Wanted = Asked<'keys.update'>;
type Limits = NonNullable<Wanted['limits']>;

/** What a key can be bound to. */
export const restrictionFlags = {
  'allowed-addresses': {
    value: '<addresses>',
    summary: 'Addresses and networks that may use it, comma-separated; off for any',
  },
  resources: {
    value: '<resources>',
    summary: 'What it may be used for, comma-separated, * at the end for any end; off for anything',
  },
  limit: {
    value: '<limit>',
    summary: 'Verifications within some seconds, as 100/60 or 100/60/fast; off for no limit',
    repeatable: true,
  },
  budget: {
    value: '<total>',
    summary: 'Verifications in all, as 10000 or 10000/fast; off for no budget',
  },
} as const;

/** For help. */
export const restrictionNotes = [
  'What an API that verifies the key has to say of a use: --resources, in words of its own.',
  '--limit may be given up to four times; all have to allow a use. Limits and budgets are exact unless',
  'they end in /fast, which costs less and may refuse a little early. For how often a key may trigger',
  'workflows there is --rate-limit.',
] as const;

interface Given {
  readonly 'allowed-addresses'?: string | undefined;
  readonly resources?: string | undefined;
  readonly limit: readonly string[];
  readonly budget?: string | undefined;
}

function listOf(text: string | undefined): string[] | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'off') return null;
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function countingOf(text: string | undefined): 'exact' | 'fast' {
  return text === undefined ? 'exact' : 'fast';
}

function limitOf(text: string): Limits[number] {
  const [, requests, windowSeconds, counting] = /^(\d{1,10})\/(\d{1,8})(\/fast)?$/.exec(text) ?? [];
  if (requests === undefined || windowSeconds === undefined) {
    throw new UsageError('--limit must be <requests>/<seconds>, as 100/60 or 100/60/fast, or off.');
  }
  return {
    requests: Number(requests),
    windowSeconds: Number(windowSeconds),
    counting: countingOf(counting),
  };
}

function limitsOf(texts: readonly string[]): Limits | null | undefined {
  if (texts.length === 0) return undefined;
  if (!texts.includes('off')) return texts.map(limitOf);
  if (texts.length === 1) return null;
  throw new UsageError('--limit off takes all limits away, and stands alone.');
}

function budgetOf(text: string | undefined): Wanted['budget'] {
  if (text === undefined) return undefined;
  if (text === 'off') return null;
  const [, total, counting] = /^(\d{1,13})(\/fast)?$/.exec(text) ?? [];
  if (total !== undefined) return { total: Number(total), counting: countingOf(counting) };
  throw new UsageError('--budget must be a number, as 10000 or 10000/fast, or off.');
}

/**
 * Restrictions as the API takes them; null takes one away, and what is not given stays. What is right beyond its form
 * is for the server to judge.
 *
 * @throws {UsageError}
 */
export function restrictionsOf(
  values: Given,
): Pick<Wanted, 'allowedAddresses' | 'resources' | 'limits' | 'budget'> {
  return {
    allowedAddresses: listOf(values['allowed-addresses']),
    resources: listOf(values.resources),
    limits: limitsOf(values.limit),
    budget: budgetOf(values.budget),
  };
}
