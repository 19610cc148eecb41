import type { Context } from '../command.ts';
import type { Session } from '../config/profile.ts';
import { withoutSession, withSession } from '../config/sessions.ts';
import type { Failure } from '../failure.ts';
import type { Tokens } from './tokens.ts';

/** A token that ends sooner than this could end on its way. */
const earlyMs = 30_000;

/** What every command says when nobody is signed in (contract/culvii.md D.1). */
export const notSignedIn: Failure = {
  success: false,
  status: 401,
  error: { code: 'NOT_AUTHENTICATED', message: 'Run latchkey login first.' },
};

/** The saved tokens have ended; the contexts stay for the next log-in. Another process's new ones are kept. */
function forget({ config }: Context, baseUrl: string, spent: Session): void {
  config.update((current) => {
    const isSpent = current.sessions.get(baseUrl)?.refreshToken === spent.refreshToken;
    return isSpent ? withoutSession(current, baseUrl) : current;
  });
}

/** A log-out or a new log-in meanwhile goes before what was asked for the old session. */
function keep({ config }: Context, baseUrl: string, spent: Session, tokens: Tokens): void {
  config.update((current) => {
    const session = current.sessions.get(baseUrl);
    if (session?.refreshToken !== spent.refreshToken) return current;
    return withSession(current, baseUrl, { ...session, ...tokens });
  });
}

async function renew(context: Context, baseUrl: string, session: Session): Promise<string | Failure> {
  const { refresh, failureOf, isEnded } = await import('./tokens.ts');
  try {
    const tokens = await refresh(context, baseUrl, session.refreshToken);
    keep(context, baseUrl, session, tokens);
    return tokens.accessToken;
  } catch (error) {
    if (!isEnded(error)) return failureOf(error, baseUrl);
    forget(context, baseUrl, session);
    return notSignedIn;
  }
}

/**
 * An access token in place of a spent one. Of any number of processes one asks the server, since a refresh token
 * used twice ends the session; the others take what that one got.
 */
export function renewedAccessToken(
  context: Context,
  baseUrl: string,
  spentToken: string,
): Promise<string | Failure> {
  const { config } = context;
  return config.renewing(async () => {
    const session = config.read().sessions.get(baseUrl);
    if (session === undefined) return notSignedIn;
    if (session.accessToken !== spentToken) return session.accessToken;
    // The old refresh token is worth nothing once the server has answered: the new one must find its place.
    config.checkWritable();
    return renew(context, baseUrl, session);
  });
}

/** The access token of the session at a server, renewed where it has ended. */
export async function accessTokenOf(context: Context, baseUrl: string): Promise<string | Failure> {
  const session = context.config.read().sessions.get(baseUrl);
  if (session === undefined) return notSignedIn;
  const endsInMs = Date.parse(session.expiresAt) - context.terminal.now().getTime();
  return endsInMs > earlyMs ? session.accessToken : renewedAccessToken(context, baseUrl, session.accessToken);
}
