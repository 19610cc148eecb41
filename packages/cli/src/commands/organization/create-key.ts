import { apiOf } from '../../api.ts';
import { bodyOf } from '../../body-of.ts';
import { type Context, defineCommand } from '../../command.ts';
import type { KeyProfile } from '../../config/profile.ts';
import { createdKeyName } from '../../config/profile-name.ts';
import { reportFailure } from '../../failure.ts';
import { apiFlags } from '../../flags.ts';
import { type Identity, requireIdentity } from '../../identity.ts';
import { clean, shellWord, writeJson } from '../../output.ts';
import { savePrintedKey } from '../../save-profile.ts';
import { resolveServer } from '../../server-address.ts';
import { type MintedKey, profileOfMinted, writeMintedKey, writeSavedAs } from '../minted-key.ts';
import { rateLimitFlag, rateLimitOf } from '../rate-limit.ts';
import { restrictionFlags, restrictionNotes, restrictionsOf } from '../restrictions.ts';
import { scopeList, scopeNotes } from './scopes.ts';

function newProfile(
  minted: MintedKey,
  organizationId: string,
  baseUrl: string,
  identity: Identity,
): KeyProfile {
  const caller = identity.chosen?.profile;
  const organizationName = caller?.organizationId === organizationId ? caller.organizationName : undefined;
  return profileOfMinted(minted, { type: 'org-api-key', baseUrl, organizationId, organizationName });
}

/** The new key is active from here on, as the create-key page has it; seldom may it manage keys itself. */
function hintAtCreator({ terminal }: Context, { chosen }: Identity): void {
  if (chosen === undefined) return;
  terminal.err.line(`  Back to the profile that created it: latchkey use ${shellWord(chosen.name)}\n`);
}

export const command = defineCommand({
  summary: 'Create a key for an organization, save it as a profile and make that active',
  flags: {
    'organization-id': { value: '<id>', summary: 'Organization to create the key for', required: true },
    name: { value: '<name>', summary: 'Key name', required: true },
    scopes: { value: '<scopes>', summary: 'Scopes of the key, comma-separated', required: true },
    description: { value: '<text>', summary: 'Key description' },
    'expires-in-days': {
      value: '<days>',
      summary: 'Days until the key expires, 1 to 365 (default: never)',
      number: true,
    },
    ...rateLimitFlag,
    ...restrictionFlags,
    ...apiFlags,
  },
  notes: [...scopeNotes, '', ...restrictionNotes],
  examples: [
    'latchkey organization create-key --organization-id <id> --name "CI Deploy Key" --scopes deploy:use-case,workflows:trigger',
    'latchkey organization create-key --organization-id <id> --name "Agent Key" --scopes workflows:trigger --expires-in-days 90',
    'latchkey organization create-key --organization-id <id> --name "Site" --scopes workflows:trigger --rate-limit 100/60',
    'latchkey organization create-key --organization-id <id> --name "Partner" --scopes skills:read --allowed-addresses 203.0.113.0/24 --limit 100/60 --budget 10000',
    'latchkey organization create-key --organization-id <id> --name "Script Key" --scopes projects:read --json',
  ],
  async run(context, values) {
    const { terminal } = context;
    const organizationId = values['organization-id'];
    const scopes = scopeList(values.scopes);
    const rateLimit = rateLimitOf(values['rate-limit']);
    const restrictions = restrictionsOf(values);
    const identity = await requireIdentity(context, values);
    const server = resolveServer(context, values);
    context.config.checkWritable();
    if (!values.json) {
      terminal.err.line(
        `\nCreating API key "${clean(values.name)}" for organization ${clean(organizationId)}...`,
      );
    }
    const answer = await apiOf(context, server, identity).call('keys.createForOrganization', {
      organizationId,
      name: values.name,
      scopes,
      description: values.description,
      expiresInDays: values['expires-in-days'],
      rateLimit,
      ...restrictions,
    });
    if (!answer.success) return reportFailure(terminal, answer, values.json);
    const profile = newProfile(answer.data, organizationId, server.baseUrl, identity);
    const profileName = savePrintedKey(context, profile, undefined, createdKeyName);
    if (values.json) writeJson(terminal.out, bodyOf(answer));
    else writeMintedKey(terminal, 'Organization API Key Created Successfully', answer.data, answer.requestId);
    if (profileName === undefined) return 1;
    if (values.json) return 0;
    writeSavedAs(terminal, profileName);
    hintAtCreator(context, identity);
    return 0;
  },
});
