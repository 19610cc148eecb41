import type { Output } from '@latchkey/protocol';
import { secondMs } from '../../platform/clock.ts';
import { maxOwnedOrganizations } from '../accounts/index.ts';
import { maxActiveKeys } from '../environment-keys/index.ts';
import { activeLimits } from '../keys/index.ts';
import type { Limit } from '../limits/index.ts';
import { invitationsPerEmail, invitationsPerInviter, maxInvitations } from '../members/index.ts';
import { requestsPerAddress, requestsPerEmail, wrongCodesPerEmail } from '../otp/index.ts';

type ShownLimit = Output<'organizations.settings'>['limits'][number];

function standing(name: string, limit: number, description: string): ShownLimit {
  return { name, description, limit, windowSeconds: null };
}

/** A limit of one somebody, who does not matter here. */
function counted(name: string, of: (whom: string) => Limit, description: string): ShownLimit {
  const { limit, windowMs } = of('');
  return { name, description, limit, windowSeconds: windowMs / secondMs };
}

/** How many of what there may be, from the rules that hold it. */
export const shownLimits: readonly ShownLimit[] = [
  standing('organizationKeys', activeLimits.organization ?? 0, 'active keys of the organization'),
  standing('personalKeys', activeLimits.personal ?? 0, 'active personal keys of one person'),
  standing(
    'environmentKeys',
    maxActiveKeys,
    'active environment keys of one workspace, or of one environment outside its workspaces',
  ),
  standing('pendingInvitations', maxInvitations, 'invitations that nobody has accepted yet'),
  counted('invitationsPerInviter', invitationsPerInviter, 'invitations that one person sends'),
  counted('invitationsPerEmail', invitationsPerEmail, 'invitations that one email address gets'),
  counted('codesPerEmail', requestsPerEmail, 'sign-in codes that one email address gets'),
  counted('codesPerAddress', requestsPerAddress, 'sign-in codes that are asked for from one network address'),
  counted('wrongCodesPerEmail', wrongCodesPerEmail, 'wrong sign-in codes for one email address'),
  standing('ownedOrganizations', maxOwnedOrganizations, 'organizations that one person owns'),
];
