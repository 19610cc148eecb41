import { existsSync } from 'node:fs';
import type { Output } from '@latchkey/protocol';
import { apiOf } from '../api.ts';
import type { Context } from '../command.ts';
import { renamed, switchedTo } from '../config/profile.ts';
import { slug } from '../config/profile-name.ts';
import { withSession } from '../config/sessions.ts';
import { contextNamed, withContexts } from '../contexts.ts';
import { type Failure, reportRefusal } from '../failure.ts';
import { browserObstacle } from '../oauth/browser.ts';
import type { Tokens } from '../oauth/tokens.ts';
import { chooseOrganization } from '../organization-choice.ts';
import { clean, paint, writeJson, writeWarning } from '../output.ts';
import { checkProfileName, warnIfShadowed } from '../save-profile.ts';
import { resolveServer } from '../server-address.ts';

type Me = Output<'sessions.me'>;

interface Wish {
  readonly organization: string | undefined;
  readonly name: string | undefined;
  readonly browser: boolean;
  readonly device: boolean;
  readonly 'base-url': string | undefined;
  readonly json: boolean;
}

/** Whether the browser of this machine is used; why not is said in one line. */
function usesBrowser({ terminal }: Context, { browser, device }: Wish): boolean {
  if (device) return false;
  const { platform } = process;
  const obstacle = browser ? undefined : browserObstacle(terminal.env, { platform, exists: existsSync });
  if (obstacle === undefined) return true;
  terminal.err.line(`Signing in with a code, as ${obstacle} (--browser uses the browser here).`);
  return false;
}

async function newTokens(context: Context, baseUrl: string, wish: Wish): Promise<Tokens | Failure> {
  try {
    if (usesBrowser(context, wish)) {
      const { signInWithBrowser } = await import('../oauth/browser-sign-in.ts');
      return await signInWithBrowser(context, baseUrl);
    }
    const { signInWithDevice } = await import('../oauth/device-sign-in.ts');
    return await signInWithDevice(context, baseUrl);
  } catch (error) {
    const { failureOf } = await import('../oauth/tokens.ts');
    return failureOf(error, baseUrl);
  }
}

/** Nobody holds the tokens of an earlier session after this; the server may forget them too. */
async function endEarlierSession(context: Context, baseUrl: string, refreshToken: string): Promise<void> {
  const { failureOf, revoke } = await import('../oauth/tokens.ts');
  try {
    await revoke(context, baseUrl, refreshToken);
  } catch (error) {
    // What the server or the network did is no harm: it ends by itself when it has not been used for 30 days.
    failureOf(error, baseUrl);
  }
}

/** Keeps the tokens before anything else can go wrong (contract/culvii.md E.1). */
async function keepTokens(context: Context, baseUrl: string, tokens: Tokens): Promise<void> {
  const earlier = context.config.read().sessions.get(baseUrl);
  context.config.update((current) => withSession(current, baseUrl, tokens));
  if (earlier !== undefined) await endEarlierSession(context, baseUrl, earlier.refreshToken);
}

function writeSignedIn(context: Context, name: string, me: Me, json: boolean): number {
  const { terminal, config } = context;
  const profile = contextNamed(config.read(), name);
  const { organizationId = null, organizationName = null, role = null, environment, baseUrl } = profile;
  if (json) {
    const { email, organizations } = me;
    const place = { organizationId, organizationName, role, environment, baseUrl };
    writeJson(terminal.out, { success: true, data: { profileName: name, email, ...place, organizations } });
    return 0;
  }
  const where = organizationName === null ? '' : ` (${slug(organizationName)})`;
  terminal.out.line(paint(terminal.out, 'green', `✓ Logged in as ${clean(me.email)}${where}`));
  terminal.err.line(`  Profile "${clean(name)}" is active, environment ${environment}.`);
  if (organizationName === null) {
    terminal.err.line('  You belong to no organization yet: latchkey organization create --name <name>');
  }
  return 0;
}

/** Saves the contexts of a new session and makes one active; answers the exit code. */
async function enter(context: Context, baseUrl: string, me: Me, wish: Wish): Promise<number> {
  const { config } = context;
  const saved = config.update((current) => withContexts(current, baseUrl, me));
  const chosen = await chooseOrganization(context, saved, baseUrl, me.organizations, wish.organization);
  if (!chosen.success) return reportRefusal(context.terminal, chosen, wish.json);
  const name = wish.name ?? chosen.name;
  config.update((current) => switchedTo(renamed(current, chosen.name, name), name));
  warnIfShadowed(context, name);
  return writeSignedIn(context, name, me, wish.json);
}

/** Signs a person in and makes the organization that they choose their context; answers the exit code. */
export async function signIn(context: Context, wish: Wish): Promise<number> {
  const { terminal, config } = context;
  checkProfileName(wish.name, '--name');
  const server = resolveServer(context, wish);
  const { baseUrl } = server;
  config.checkWritable();
  const tokens = await newTokens(context, baseUrl, wish);
  if ('success' in tokens) return reportRefusal(terminal, tokens, wish.json);
  await keepTokens(context, baseUrl, tokens);
  const answer = await apiOf(context, server, { kind: 'session', baseUrl }).call('sessions.me', {});
  if (answer.success) return enter(context, baseUrl, answer.data, wish);
  writeWarning(terminal.err, 'You are signed in, but the server did not say as whom.');
  return reportRefusal(terminal, answer, wish.json);
}
