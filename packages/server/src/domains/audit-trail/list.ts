import type { AuditEvent, Input, Output } from '@latchkey/protocol';
import { findUser } from '../accounts/index.ts';
import { findEvents } from '../audit/index.ts';
import type { KeyDeps, Principal } from '../keys/index.ts';
import { findNames, findPeople } from './names.sql.ts';
import { requireChainReader } from './reader.ts';

type ReadDeps = Pick<KeyDeps, 'store' | 'clock' | 'sessions'>;

/**
 * A person goes by their id where they had proved it, and by their address where they had not. Whoever writes a whole
 * address means that one alone.
 */
async function actorsNamed({ store }: ReadDeps, actor: string | undefined) {
  if (actor === undefined || !/.@.+\../.test(actor)) return { actors: undefined, actorText: actor };
  const email = actor.toLowerCase();
  const user = await findUser(store.db, email);
  return { actors: user === undefined ? [email] : [email, user.id], actorText: undefined };
}

/** Those to whom something was done as members, whether they still are or not; what was refused proves nothing. */
function membersIn(events: readonly AuditEvent[]): string[] {
  const done = events.filter(({ resource, outcome }) => resource.type === 'member' && outcome === 'done');
  return [...new Set(done.map(({ resource }) => resource.id))].filter((id) => id !== null);
}

/** What the ids of events are called, by id. */
async function namesOf({ store }: ReadDeps, chain: string, events: readonly AuditEvent[]) {
  const ids = events.flatMap(({ resource, actor }) => [resource.id, actor.kind === 'key' ? actor.id : null]);
  const wanted = [...new Set(ids)].filter((id) => id !== null);
  const [found, people] = await Promise.all([
    findNames(store.db, chain, wanted),
    findPeople(store.db, membersIn(events)),
  ]);
  return Object.fromEntries(
    [...people, ...found].map(({ id, name, instanceId }) => [id, { name, processInstanceId: instanceId }]),
  );
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
    ...(await actorsNamed(deps, actor)),
    before: cursor,
    limit: limit + 1,
  });
  const events = found.slice(0, limit);
  const nextCursor = found.length > limit ? (events.at(-1)?.seq ?? null) : null;
  return { events, names: await namesOf(deps, chain, events), nextCursor };
}
