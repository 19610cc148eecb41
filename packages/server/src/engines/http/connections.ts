import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { createGuardedConnector } from './target-guard.ts';
import type { TargetPolicy } from './target-policy.ts';

/**
 * The pools of connections to targets, one for each origin, kept alive between calls. No proxy of the environment
 * stands in between. How long an answer may take is for each call to say.
 */
export function openConnections(policy: TargetPolicy, lookup: LookupFunction): Dispatcher {
  return new Agent({
    connect: createGuardedConnector(policy, lookup),
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
