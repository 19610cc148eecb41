import type { Input, Output } from '@latchkey/protocol';
import { type KeyDeps, type Principal, requireAdmin, requireMember } from '../keys/index.ts';
import { shownLimits } from './shown-limits.ts';

type Settings = Output<'organizations.settings'>;

/** One thing that the server is set to, without what of it is secret. */
export type ShownSetting = Settings['settings'][number];

/** What organizations are told of their server. */
export interface ServerDeps {
  readonly version: string;
  readonly shownSettings: () => ShownSetting[];
}

const engines: Settings['engines'] = [
  {
    name: 'http',
    needs:
      'a target URL for each workflow, at a public address or at one that the operator allows by LATCHKEY_ALLOWED_TARGETS',
  },
];

/** What the server is set to, for owners and admins of an organization on it. */
export async function settingsOf(
  deps: KeyDeps & ServerDeps,
  principal: Principal,
  { organizationId }: Input<'organizations.settings'>,
): Promise<Settings> {
  const { db } = deps.store;
  requireAdmin(await requireMember(deps, db, principal, organizationId, deps.clock.now()));
  return {
    version: deps.version,
    settings: deps.shownSettings(),
    limits: [...shownLimits],
    engines,
  };
}
