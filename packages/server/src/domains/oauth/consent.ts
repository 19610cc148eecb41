import { LatchkeyError } from '@latchkey/protocol';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { audited, callFrom, person } from '../audit/index.ts';
import { changeKeys } from '../keys/index.ts';
import { acceptInvitation, type PendingInvitation } from '../members/index.ts';
import type { Caller } from '../otp/index.ts';
import type { OauthDeps } from './deps.ts';
import { apiScope, dashboardClientId, scopeMeanings } from './oauth.rules.ts';
import { tellOfBegin } from './session-events.ts';
import { findPerson, type Person } from './sign-in.ts';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** What a client asks a signed-in person for. */
export interface ConsentRequest {
  readonly clientName: string;
  /** Whether it is our own dashboard, which nobody has to allow anything. */
  readonly isDashboard: boolean;
  /** The host that the answer goes to; nothing where a device waits for it. */
  readonly redirectHost: string | undefined;
  readonly person: Person;
  /** What the client could do, in plain words. */
  readonly abilities: readonly string[];
}

/** What the client asks for that nobody has granted it yet. */
interface Wanted {
  readonly missingOIDCScope?: string[];
  readonly missingOIDCClaims?: string[];
  readonly missingResourceScopes?: Readonly<Record<string, string[]>>;
}

function wantedBy({ prompt }: Interaction): Wanted {
  return prompt.details as Wanted;
}

/** The name that a client is shown under. */
export async function clientNameOf(provider: Provider, { params }: Interaction): Promise<string> {
  const client = await provider.Client.find(String(params.client_id));
  return client?.clientName ?? String(params.client_id);
}

/** Describes what is asked; nothing when the person no longer has an account. */
export async function describeConsent(
  deps: Pick<OauthDeps, 'store'>,
  provider: Provider,
  interaction: Interaction,
): Promise<ConsentRequest | undefined> {
  const found = await findPerson(deps, interaction.session?.accountId ?? '');
  if (found === undefined) return undefined;
  const { redirect_uri: redirectUri, client_id: clientId } = interaction.params;
  const { missingOIDCScope = [], missingResourceScopes = {} } = wantedBy(interaction);
  const asked = [...missingOIDCScope, ...Object.values(missingResourceScopes).flat()];
  // Every client that people sign in to gets a refresh token, whether it asks for this or not.
  const scopes = new Set([...asked, 'offline_access']);
  return {
    clientName: await clientNameOf(provider, interaction),
    isDashboard: clientId === dashboardClientId,
    redirectHost: typeof redirectUri === 'string' ? new URL(redirectUri).host : undefined,
    person: found,
    abilities: [...scopes].flatMap((scope) => scopeMeanings[scope] ?? []),
  };
}

const joinRule = { action: 'member.join', resource: 'member' } as const;

/** Makes somebody who has just proved the invited address a member; nothing when the invitation is gone by now. */
async function join(
  deps: OauthDeps,
  { id, email }: Person,
  invitation: PendingInvitation,
  caller: Caller,
): Promise<void> {
  const { organizationId } = invitation;
  await audited(deps, {
    describe: () => callFrom(caller, joinRule, person({ id, email })),
    chainOfRefusal: async () => organizationId,
    work: (audit) =>
      changeKeys(deps, (trx) => acceptInvitation(trx, { ...deps, audit }, invitation, id, deps.clock.now())),
  });
}

/** Grants exactly what was asked; answers the id of the grant, which is one session. */
async function grant(provider: Provider, interaction: Interaction): Promise<string> {
  const { missingOIDCScope, missingOIDCClaims, missingResourceScopes = {} } = wantedBy(interaction);
  const granted = new provider.Grant({
    accountId: interaction.session?.accountId,
    clientId: String(interaction.params.client_id),
  });
  if (missingOIDCScope !== undefined) granted.addOIDCScope(missingOIDCScope.join(' '));
  if (missingOIDCClaims !== undefined) granted.addOIDCClaims(missingOIDCClaims);
  for (const [resource, scopes] of Object.entries(missingResourceScopes)) {
    granted.addResourceScope(resource, scopes.join(' '));
  }
  return granted.save();
}

/**
 * Does what the person allowed: joins the organizations that they chose among those they are invited to, having just
 * proved the address, and grants the client what it asked for. Answers the id of the grant.
 */
export async function allow(
  deps: OauthDeps,
  provider: Provider,
  interaction: Interaction,
  isChosen: (invitationId: string) => boolean,
  caller: Caller,
): Promise<string> {
  const found = await findPerson(deps, interaction.session?.accountId ?? '');
  if (found === undefined) throw new LatchkeyError('USER_NOT_FOUND');
  for (const invitation of found.invitations) {
    if (isChosen(invitation.invitationId)) await join(deps, found, invitation, caller);
  }
  const grantId = await grant(provider, interaction);
  await tellOfBegin(deps, grantId, found, String(interaction.params.client_id), caller);
  return grantId;
}

/**
 * Allows our own dashboard without asking: it is this server that the person has signed in to. Whoever is invited
 * somewhere is asked all the same, since that is where they choose. Answers the id of the grant, if it has made one.
 */
export async function allowOwnPages(
  deps: OauthDeps,
  { oidc }: KoaContextWithOIDC,
  caller: Caller,
): Promise<string | undefined> {
  const { client, session, provider, params } = oidc;
  // A deed of somebody who has just signed in, never of a mere link.
  if (client?.clientId !== dashboardClientId || oidc.result?.login === undefined) return undefined;
  const found = await findPerson(deps, session?.accountId ?? '');
  if (found === undefined || found.invitations.length > 0) return undefined;
  const granted = new provider.Grant({ accountId: found.id, clientId: dashboardClientId });
  granted.addOIDCScope(String(params?.scope ?? ''));
  granted.addResourceScope(deps.publicUrl(), apiScope);
  const grantId = await granted.save();
  await tellOfBegin(deps, grantId, found, dashboardClientId, caller);
  return grantId;
}
