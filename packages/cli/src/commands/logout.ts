import { type Context, defineCommand } from '../command.ts';
import { type Config, withoutProfile } from '../config/profile.ts';
import { contextsOf, withoutSignIn } from '../config/sessions.ts';
import { jsonFlag } from '../flags.ts';
import { clean, writeHeading, writeJson, writeWarning } from '../output.ts';
import { unknownProfile } from '../profile-choice.ts';
import { resolveServer } from '../server-address.ts';

function writeActive({ terminal }: Context, { activeProfile: active }: Config): void {
  terminal.out.line(
    active === null ? '  No profile is left\n' : `  Active profile is now "${clean(active)}"\n`,
  );
}

function removeKey(context: Context, name: string, json: boolean): number {
  const { config, terminal } = context;
  const left = config.update((current) => withoutProfile(current, name));
  if (json) {
    writeJson(terminal.out, { success: true, data: { removed: name, activeProfile: left.activeProfile } });
    return 0;
  }
  writeHeading(terminal.out, `Removed profile "${clean(name)}"`);
  writeActive(context, left);
  return 0;
}

/** Ends the session at its server; why that did not work, or undefined when it did. */
async function revokeAt(context: Context, baseUrl: string): Promise<string | undefined> {
  const session = context.config.read().sessions.get(baseUrl);
  if (session === undefined) return undefined;
  const { failureOf, revoke } = await import('../oauth/tokens.ts');
  try {
    await revoke(context, baseUrl, session.refreshToken);
    return undefined;
  } catch (error) {
    return failureOf(error, baseUrl).error.message;
  }
}

/** A server that cannot be told does not keep anybody signed in here (contract/culvii.md D.6). */
async function signOut(context: Context, baseUrl: string, json: boolean): Promise<number> {
  const { config, terminal } = context;
  const contexts = contextsOf(config.read(), baseUrl).map(([name]) => name);
  const problem = await revokeAt(context, baseUrl);
  const left = config.update((current) => withoutSignIn(current, baseUrl));
  if (problem !== undefined) {
    const remains = 'The session may live on at the server until it has not been used for 30 days.';
    writeWarning(terminal.err, `${clean(problem)} ${remains}`);
  }
  if (json) {
    const data = { removed: contexts, revoked: problem === undefined, activeProfile: left.activeProfile };
    writeJson(terminal.out, { success: true, data });
    return 0;
  }
  writeHeading(terminal.out, `Logged out of ${clean(baseUrl)}`);
  writeActive(context, left);
  return 0;
}

function nothingToDo({ terminal }: Context, json: boolean): number {
  if (json) writeJson(terminal.out, { success: true, data: { removed: null, activeProfile: null } });
  else terminal.err.line('Not logged in: no profile is saved.');
  return 0;
}

export const command = defineCommand({
  summary: 'End the session of the active profile, or remove a saved key',
  argument: {
    name: 'name',
    summary: 'Profile to log out of (default: the active one)',
    completes: 'profiles',
  },
  flags: jsonFlag,
  notes: [
    'A session is ended at its server, and all its contexts are forgotten. A key that is removed stays valid:',
    '`latchkey organization revoke-key` ends it. No key is changed by logging out.',
  ],
  examples: ['latchkey logout', 'latchkey logout org-api-key-ci-deploy-key'],
  run(context, values, argument) {
    const current = context.config.read();
    const name = argument ?? current.activeProfile;
    const { baseUrl } = resolveServer(context, {});
    if (name === null) {
      const isSignedIn = current.sessions.has(baseUrl);
      return isSignedIn
        ? signOut(context, baseUrl, values.json)
        : Promise.resolve(nothingToDo(context, values.json));
    }
    const profile = current.profiles.get(name);
    if (profile === undefined) throw unknownProfile(current, name, '');
    if (profile.type === 'session') return signOut(context, profile.baseUrl, values.json);
    return Promise.resolve(removeKey(context, name, values.json));
  },
});
