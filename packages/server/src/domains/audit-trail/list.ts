import type { Input, Output } from '@latchkey/protocol';
import { findUser } from '../accounts/index.ts';
import { findEvents } from '../audit/index.ts';
import type { KeyDeps, Principal } from '../keys/index.ts';
import { requireChainReader } from './reader.ts';

type ReadDeps = Pick<KeyDeps, 'store' | 'clock' | 'sessions'>;

/** A person goes by their id where they had proved it, and by their address where they had not. */
async function actorsNamed({ store }: ReadDeps, actor: string): Promise<string[]> {
  if (!actor.includes('@')) return [actor];
  const email = actor.toLowerCase();
  const user = await findUser(store.db, email);
  return user === undefined ? [email] : [email, user.id];
}

/** The events of a chain, newest first. */
export async function listEvents(
  deps: ReadDeps,
  principal: Principal,
  input: Input<'audit.list'>,
): Promise<Output<'audit.list'>> {
  const { organizationId: chain, limit, since, until, actor, cursor, ...equal } = input;
  await requireChainReader(deps, deps.store.db, principal, chain, deps.clock.now());
  const { action, resource, outcome, environment, workspace } = equal;
  const found = await findEvents(deps.store.db, {
    chain,
    action,
    resource,
    outcome,
    environment,
    workspace,
    since: since === undefined ? undefined : Date.parse(since),
    until: until === undefined ? undefined : Date.parse(until),
    actors: actor === undefined ? undefined : await actorsNamed(deps, actor),
    before: cursor,
    limit: limit + 1,
  });
  const events = found.slice(0, limit);
  return { events, nextCursor: found.length > limit ? (events.at(-1)?.seq ?? null) : null };
}
