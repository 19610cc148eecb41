import type { Config, Profile } from '../config/profile.ts';
import { clean, mask, paint } from '../output.ts';
import type { Output } from '../terminal.ts';

/** What stands for the credential of a profile where it is listed: never a secret. */
export function credentialText(profile: Profile): string {
  if (profile.type !== 'session') return mask(profile.apiKey);
  return [profile.email, profile.environment, profile.workspace].filter(Boolean).join(' · ');
}

function factsOf(profile: Profile) {
  if (profile.type === 'session') {
    const { email, role = null, environment, workspace = null } = profile;
    return { email, role, environment, workspace };
  }
  const { keyPrefix = mask(profile.apiKey), scopes = [], expiresAt = null } = profile;
  return { keyPrefix, scopes, expiresAt };
}

/** A profile as `--json` lists it (contract/codika.md G.7.1): never the secret. */
export function listedProfile(config: Config, name: string, profile: Profile) {
  return {
    name,
    active: name === config.activeProfile,
    type: profile.type,
    organizationId: profile.organizationId ?? null,
    organizationName: profile.organizationName ?? null,
    ...factsOf(profile),
  };
}

/** All profiles as `--json` lists them, in the order in which they were added. */
export function listedProfiles(config: Config) {
  return [...config.profiles].map(([name, profile]) => listedProfile(config, name, profile));
}

/** The organization's name, or in brackets what kind of key has none. */
export function ownerOf({ type, organizationName }: Profile): string {
  if (type === 'admin-api-key') return '(admin)';
  if (type === 'personal-api-key') return '(personal)';
  return organizationName ?? '';
}

/** One line per profile, the active one marked; with the organization's id where that is asked for. */
export function writeProfiles(output: Output, config: Config, withOrganizationId: boolean): void {
  const nameWidth = Math.max(20, ...[...config.profiles.keys()].map((name) => name.length));
  const ownerWidth = Math.max(20, ...[...config.profiles.values()].map((each) => ownerOf(each).length));
  for (const [name, profile] of config.profiles) {
    const isActive = name === config.activeProfile;
    const id = withOrganizationId ? [(profile.organizationId ?? '').padEnd(24)] : [];
    const owner = ownerOf(profile).padEnd(ownerWidth);
    const cells = [name.padEnd(nameWidth), owner, ...id, credentialText(profile)];
    const marker = isActive ? paint(output, 'green', '●') : ' ';
    output.line(`  ${marker} ${clean(cells.join(' '))}`);
  }
}
