import { type Api, apiOf } from './api.ts';
import type { Context } from './command.ts';
import type { Environment } from './config/profile.ts';
import { type Failure, reportRefusal } from './failure.ts';
import { type Identity, type IdentityFlags, resolveSession } from './identity.ts';
import { notSignedIn } from './oauth/access-token.ts';
import { contextsMeant, isMeant, notChosen, organizationUnclear } from './organization-choice.ts';
import { type AddressFlags, resolveServer } from './server-address.ts';

interface PlaceFlags extends IdentityFlags, AddressFlags {
  readonly organization?: string | undefined;
  readonly env?: Environment | undefined;
  readonly json: boolean;
}

/** Where a command of a signed-in person acts. */
export interface Place {
  readonly api: Api;
  readonly organizationId: string;
  readonly environment: Environment;
  /** The slug of the context's workspace. */
  readonly workspace: string | undefined;
}

type Organization = { readonly success: true; readonly id: string } | Failure;

/** What a command is about says best why a key may not: a server does so before it looks for this one. */
const ofAnyKey = 'of-the-key';

async function askWhoseKey(api: Api): Promise<string> {
  const who = await api.call('keys.whoami', {});
  const own = who.success && who.data.type !== 'session' ? who.data.organizationId : undefined;
  return own ?? ofAnyKey;
}

async function askServer(api: Api, wanted: string | undefined): Promise<Organization> {
  const me = await api.call('sessions.me', {});
  if (!me.success) return me;
  const { organizations } = me.data;
  const fitting = organizations.filter((each) => wanted === undefined || isMeant(wanted, each));
  const [only] = fitting;
  if (fitting.length === 1 && only !== undefined) return { success: true, id: only.id };
  if (wanted !== undefined) return organizationUnclear(wanted, fitting, organizations);
  return notChosen(organizations);
}

async function organizationOf(
  { config }: Context,
  identity: Identity,
  api: Api,
  wanted: string | undefined,
): Promise<Organization> {
  const own = identity.chosen?.profile.organizationId;
  if (wanted === undefined && own !== undefined) return { success: true, id: own };
  if (identity.kind === 'key') {
    return { success: true, id: wanted ?? (await askWhoseKey(api)) };
  }
  const saved = wanted === undefined ? [] : contextsMeant(config.read(), identity.baseUrl, wanted);
  const id = saved[0]?.[1].organizationId;
  return saved.length === 1 && id !== undefined ? { success: true, id } : askServer(api, wanted);
}

/**
 * Finds out where a command acts, lets it, and answers its exit code: flags go before the context that is in use.
 * Says what is missing where nobody is signed in.
 */
export async function inPlace(
  context: Context,
  values: PlaceFlags,
  act: (place: Place) => Promise<number>,
): Promise<number> {
  const server = resolveServer(context, values);
  const identity = await resolveSession(context, values, server.baseUrl);
  if (identity === undefined) return reportRefusal(context.terminal, notSignedIn, values.json);
  const api = apiOf(context, server, identity);
  const organization = await organizationOf(context, identity, api, values.organization);
  if (!organization.success) return reportRefusal(context.terminal, organization, values.json);
  const inUse = identity.kind === 'session' ? identity.chosen?.profile : undefined;
  const environment = values.env ?? inUse?.environment ?? 'dev';
  const isElsewhere = environment !== inUse?.environment || organization.id !== inUse?.organizationId;
  const workspace = isElsewhere ? undefined : inUse?.workspace;
  return act({ api, organizationId: organization.id, environment, workspace });
}
