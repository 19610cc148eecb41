import { type Context, defineCommand } from '../command.ts';
import { expiryText } from '../expiry-warning.ts';
import { jsonFlag, profileFlag } from '../flags.ts';
import { type Identity, resolveIdentity } from '../identity.ts';
import { mask, paint, writeJson, writeLabels, writeWarning } from '../output.ts';
import { resolveServer } from '../server-address.ts';
import { organizationText } from './key-labels.ts';

const noKey = 'No API key. Run `latchkey login` or `latchkey auth login-request`.';

function identityJson({ config }: Context, identity: Identity | undefined) {
  const profile = identity?.chosen?.profile;
  return {
    loggedIn: identity !== undefined,
    profileName: identity?.chosen?.name ?? null,
    profileCount: config.read().profiles.size,
    organizationName: profile?.organizationName ?? null,
    organizationId: profile?.organizationId ?? null,
    keyPrefix: profile?.keyPrefix ?? (identity === undefined ? null : mask(identity.apiKey)),
    keySource: identity?.source ?? 'not set',
    type: profile?.type ?? null,
  };
}

function warningsOf({ terminal }: Context, identity: Identity | undefined): string[] {
  const { chosen } = identity ?? {};
  const text = chosen === undefined ? undefined : expiryText(chosen.name, chosen.profile, terminal.now());
  return text === undefined ? [] : [text];
}

export const command = defineCommand({
  summary: 'Show the identity and the server in use, without asking the server',
  flags: { ...profileFlag, ...jsonFlag },
  examples: ['latchkey status', 'latchkey status --json'],
  async run(context, values) {
    const { out, err } = context.terminal;
    const identity = await resolveIdentity(context, values);
    const { baseUrl, source } = resolveServer(context, values);
    const missing = identity === undefined ? [noKey] : [];
    const warnings = warningsOf(context, identity);
    if (values.json) {
      writeJson(out, {
        identity: identityJson(context, identity),
        server: { baseUrl, baseUrlSource: source },
        useCase: null,
        readiness: { ready: identity !== undefined, missing, warnings },
      });
      return 0;
    }
    out.line(`\n${paint(out, 'bold', 'Identity')}`);
    if (identity === undefined) out.line('  Not logged in');
    else {
      const { chosen, apiKey, source: keySource } = identity;
      writeLabels(out, [
        ['Organization', chosen === undefined ? undefined : organizationText(chosen.profile)],
        ['Profile', chosen?.name],
        ['Key', mask(apiKey)],
        ['Source', keySource],
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
