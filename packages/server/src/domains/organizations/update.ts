import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import type { Writer } from '../../storage/index.ts';
import { decodeLogo, putLogo } from '../accounts/index.ts';
import type { Audited } from '../audit/index.ts';
import { changeKeys, type KeyDeps, type Principal, requireAdmin, requireMember } from '../keys/index.ts';
import { shownOrganization } from './get.ts';
import { changeOrganization, deleteLogo, keysNaming, type OrganizationChange } from './organizations.sql.ts';

type Update = Input<'organizations.update'>;
type Logo = ReturnType<typeof decodeLogo>;

function refuse(problem: string): LatchkeyError {
  return new LatchkeyError('INVALID_REQUEST', { details: { problem } });
}

/** The new picture, `null` to take away what there is, or nothing of the kind. Throws `LOGO_INVALID`. */
function wantedLogo({ logo, logoBase64, logoMimeType }: Update): Logo | null | undefined {
  if (logoBase64 === undefined) {
    if (logoMimeType !== undefined) throw refuse('logoMimeType says what logoBase64 is: give both.');
    return logo;
  }
  if (logo === null) throw refuse('logo: null takes the logo away: leave logoBase64 out.');
  return decodeLogo(logoBase64, logoMimeType);
}

/** A picture that is kept, or none, takes the place of one that is elsewhere. */
function changeFrom({ name, description, size }: Update, logo: Logo | null | undefined): OrganizationChange {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(size !== undefined && { size }),
    ...(logo !== undefined && { logo_url: null }),
  };
}

async function changeLogo(trx: Writer, organizationId: string, logo: Logo | null | undefined): Promise<void> {
  if (logo === null) await deleteLogo(trx, organizationId);
  else if (logo !== undefined) await putLogo(trx, organizationId, logo);
}

/**
 * Changes what is given of an organization. Once this resolves, nobody answers from memory by its old name. Throws
 * `LOGO_INVALID`, `ORGANIZATION_NOT_FOUND` and `ADMIN_REQUIRED`.
 */
export async function updateOrganization(
  deps: KeyDeps & Audited,
  principal: Principal,
  input: Update,
): Promise<Output<'organizations.update'>> {
  const { organizationId } = input;
  const logo = wantedLogo(input);
  const change = changeFrom(input, logo);
  if (Object.keys(change).length === 0) {
    throw refuse('give at least one of name, description, size, logoBase64, logo.');
  }
  const now = deps.clock.now();
  const { answer } = await changeKeys(deps, async (trx) => {
    requireAdmin(await requireMember(deps, trx, principal, organizationId, now));
    await changeOrganization(trx, organizationId, change);
    await changeLogo(trx, organizationId, logo);
    const answer = await shownOrganization(trx, organizationId);
    const keyIds = change.name === undefined ? [] : await keysNaming(trx, organizationId, now);
    const changed = Object.keys(change).map((column) => (column === 'logo_url' ? 'logo' : column));
    const details = { changed: changed.join(' '), name: answer.name };
    await deps.audit.record(trx, { organizationId, id: organizationId, details });
    return { answer, changed: keyIds.map((keyId) => ({ keyId, organizationId })) };
  });
  return answer;
}
