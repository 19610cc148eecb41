import type { Input, Output } from '@latchkey/protocol';
import { type KeyDeps, type Principal, requireLive } from '../keys/index.ts';
import { onlyOwner, requireOrganization } from '../sharing/index.ts';
import { listRowsOfOrganization, type OrganizationRow } from './list-of-organization.sql.ts';
import { shownCaller, shownSummary } from './shown.ts';
import { namesOfStarters } from './started-by.ts';

type Asked = Input<'executions.listOfOrganization'>;
type Shown = Output<'executions.listOfOrganization'>;

function shownRow(row: OrganizationRow, names: ReadonlyMap<string, string>): Shown['executions'][number] {
  const { instance_id: processInstanceId, title, environment } = row;
  return { ...shownSummary(row), processInstanceId, title, environment, startedBy: shownCaller(row, names) };
}

function msOf(instant: string | undefined): number | undefined {
  return instant === undefined ? undefined : Date.parse(instant);
}

/** The executions of the instances of an organization that the caller may see, newest first. */
export async function listExecutionsOfOrganization(
  deps: KeyDeps,
  principal: Principal,
  { organizationId: named, processInstanceId, from, until, cursor, limit, ...filter }: Asked,
): Promise<Shown> {
  const { db } = deps.store;
  await requireLive(deps, db, principal, deps.clock.now());
  const standing = await requireOrganization(db, principal, named);
  const { organizationId } = standing;
  const { workflowId, status, environment, method } = filter;
  const rows = await listRowsOfOrganization(db, {
    ...{ organizationId, workflowId, status, environment, method },
    ownerId: onlyOwner(standing),
    instanceId: processInstanceId,
    since: msOf(from),
    until: msOf(until),
    before: cursor,
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  const names = await namesOfStarters(db, standing, page);
  return {
    organizationId,
    count: page.length,
    executions: page.map((row) => shownRow(row, names)),
    nextCursor: rows.length > page.length ? (page.at(-1)?.id ?? null) : null,
  };
}
