import { type Output, organizationScopes, type Scope } from '@latchkey/protocol';
import type { TestApp } from '@latchkey/testkit';
import { mintKey } from '../keys/index.ts';
import { foundTeam, joined, must, type Person } from '../people-for-tests.ts';

/** Tests only: a workflow as a caller describes it, with a target on this machine. */
export const mainWorkflow = { workflowId: 'main', targetUrl: 'http://127.0.0.1:9/run' } as const;

/** An organization with a member of every kind. */
export interface Company {
  readonly organizationId: string;
  readonly owner: Person;
  readonly admin: Person;
  readonly developer: Person;
  readonly other: Person;
  readonly runner: Person;
}

let companies = 0;

/** Founds one, and signs everybody in; `other` is a developer too. */
export async function foundCompany(app: TestApp): Promise<Company> {
  companies += 1;
  const domain = `company${companies}.example`;
  const { organizationId, owner } = await foundTeam(app, `owner@${domain}`);
  const member = (name: string, role: Parameters<typeof joined>[3]) =>
    joined(app, organizationId, `${name}@${domain}`, role);
  return {
    organizationId,
    owner,
    admin: await member('admin', 'admin'),
    developer: await member('developer', 'developer'),
    other: await member('other', 'developer'),
    runner: await member('runner', 'runner'),
  };
}

/** An instance of theirs with one workflow, unless told otherwise. */
export async function made(
  app: TestApp,
  { organizationId }: Pick<Company, 'organizationId'>,
  by: Person,
  input: object = {},
): Promise<Output<'instances.create'>> {
  const whole = { organizationId, title: 'Orders', workflows: [mainWorkflow], ...input };
  return must(app, 'instances.create', whole, by.token);
}

/** A key of a family with all its scopes, or some; minted whoever may. */
export async function keyOf(
  { deps, clock }: TestApp,
  family: 'organization' | 'personal' | 'admin',
  whose: { readonly userId?: string | null; readonly organizationId?: string | null } = {},
  scopes: readonly Scope[] = organizationScopes,
): Promise<string> {
  const { userId = null, organizationId = null } = whose;
  const request = { family, name: 'A key', description: '', scopes, userId, organizationId, expiresAt: null };
  const { secret } = await deps.store.write((trx) => mintKey(trx, deps, request, clock.now()));
  return secret;
}
