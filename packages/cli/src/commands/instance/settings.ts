import type { Request as Asked } from '@latchkey/protocol';
import type { Values } from '../../command.ts';
import { rateLimitFlag, rateLimitOf } from '../rate-limit.ts';

type Settings = Pick<Asked<'instances.update'>, 'sharedWith' | 'queryKeys' | 'maxConcurrency' | 'rateLimit'>;
type SharedWith = NonNullable<Settings['sharedWith']>;

const sharings = ['owner_only', 'admins', 'everyone'] as const satisfies readonly SharedWith[];

/** What can be set of an instance, when it is made and later. */
export const settingsFlags = {
  'shared-with': {
    value: '<whom>',
    summary: `Who beside owners and admins sees it: ${sharings.join(', ')}`,
    choices: sharings,
  },
  'query-keys': {
    value: '<on|off>',
    summary: 'Whether the instance key may stand in the URL, for senders that cannot set headers',
    choices: ['on', 'off'],
  },
  'max-concurrency': {
    value: '<count>',
    summary: 'Calls of targets under way at once, per server process',
    number: true,
  },
  ...rateLimitFlag,
} as const;

/** Why somebody would switch them off, as the API keys & authentication page has it. */
export const queryKeysReason =
  'URLs end up in access logs and monitoring dashboards, and a key in a URL with them.';

/** The settings that flags name; the others are left out. */
export function settingsOf(values: Values<typeof settingsFlags>): Settings {
  const { 'shared-with': sharedWith, 'query-keys': queryKeys, 'max-concurrency': maxConcurrency } = values;
  const rateLimit = rateLimitOf(values['rate-limit']);
  return {
    ...(sharedWith === undefined ? {} : { sharedWith }),
    ...(queryKeys === undefined ? {} : { queryKeys: queryKeys === 'on' }),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
  };
}
