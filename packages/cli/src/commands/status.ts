import { type Context, defineCommand } from '../command.ts';
import type { SessionProfile } from '../config/profile.ts';
import { expiryText } from '../expiry-warning.ts';
import { jsonFlag, profileFlag } from '../flags.ts';
import { type Identity, type KeyIdentity, resolveIdentity, type SessionIdentity } from '../identity.ts';
import { type Label, mask, paint, writeJson, writeLabels, writeWarning } from '../output.ts';
import { resolveServer } from '../server-address.ts';
import { contextLabels, organizationText } from './labels.ts';

const noKey = 'No API key. Run `latchkey login` or `latchkey auth login-request`.';

function sessionJson({ config }: Context, profile: SessionProfile) {
  const { email, role = null, environment, workspace = null, baseUrl } = profile;
  return { email, role, environment, workspace, signedIn: config.read().sessions.has(baseUrl) };
}

function identityJson(context: Context, identity: Identity | undefined) {
  const profile = identity?.chosen?.profile;
  const key = identity?.kind === 'key' ? identity : undefined;
  return {
    loggedIn: identity !== undefined,
    profileName: identity?.chosen?.name ?? null,
    profileCount: context.config.read().profiles.size,
    organizationName: profile?.organizationName ?? null,
    organizationId: profile?.organizationId ?? null,
    keyPrefix: key?.chosen?.profile.keyPrefix ?? (key === undefined ? null : mask(key.apiKey)),
    keySource: identity?.source ?? 'not set',
    type: profile?.type ?? null,
    ...(profile?.type === 'session' && sessionJson(context, profile)),
  };
}

function warningsOf({ terminal }: Context, identity: Identity | undefined): string[] {
  const { chosen } = identity ?? {};
  const text = chosen === undefined ? undefined : expiryText(chosen.name, chosen.profile, terminal.now());
  return text === undefined ? [] : [text];
}

function missingOf({ config }: Context, identity: Identity | undefined): string[] {
  if (identity === undefined) return [noKey];
  const isOver = identity.kind === 'session' && !config.read().sessions.has(identity.baseUrl);
  return isOver ? ['The session has ended. Run `latchkey login`.'] : [];
}

function keyText({ chosen, apiKey }: KeyIdentity): Label[] {
  return [
    ['Organization', chosen === undefined ? undefined : organizationText(chosen.profile)],
    ['Profile', chosen?.name],
    ['Key', mask(apiKey)],
  ];
}

function sessionText({ chosen }: SessionIdentity): Label[] {
  return chosen === undefined ? [] : [...contextLabels(chosen.profile), ['Profile', chosen.name]];
}

export const command = defineCommand({
  summary: 'Show the identity and the server in use, without asking the server',
  flags: { ...profileFlag, ...jsonFlag },
  examples: ['latchkey status', 'latchkey status --json'],
  async run(context, values) {
    const { out, err } = context.terminal;
    const identity = await resolveIdentity(context, values);
    const { baseUrl, source } = resolveServer(context, values);
    const missing = missingOf(context, identity);
    const warnings = warningsOf(context, identity);
    if (values.json) {
      writeJson(out, {
        identity: identityJson(context, identity),
        server: { baseUrl, baseUrlSource: source },
        useCase: null,
        readiness: { ready: missing.length === 0, missing, warnings },
      });
      return 0;
    }
    out.line(`\n${paint(out, 'bold', 'Identity')}`);
    if (identity === undefined) out.line('  Not logged in');
    else {
      writeLabels(out, [
        ...(identity.kind === 'key' ? keyText(identity) : sessionText(identity)),
        ['Source', identity.source],
      ]);
    }
    out.line(`\n${paint(out, 'bold', 'Server')}`);
    writeLabels(out, [
      ['Base URL', baseUrl],
      ['Source', source],
    ]);
    out.line('');
    for (const text of missing) err.line(text);
    for (const text of warnings) writeWarning(err, text);
    return 0;
  },
});
