import { html } from './oauth/html.ts';
import { alert, page } from './oauth/layout.ts';

/** Where the page stands by itself, for whoever was signed in until now. */
export const signInPath = '/session/sign-in';

const unfinishedText =
  'You are not signed in: the sign-in was cancelled, took longer than 30 minutes, or was begun in another browser. Nothing has happened; begin again here.';

/**
 * The way in to the dashboard, for whoever is not signed in: it needs no script and loads nothing of the dashboard.
 * `to` is the path to go on to; `isUnfinished`: the person comes back from a sign-in that was not finished.
 */
export function signInPage(to: string, isUnfinished = false): string {
  return page(
    '',
    'Sign in',
    html`${alert(isUnfinished ? unfinishedText : undefined)}
<p>Latchkey: API keys for agents, CI and webhooks.</p>
<p>You need no password: we send a code to your email address.</p>
<div class="actions"><a class="button" href="/session/begin?to=${encodeURIComponent(to)}">Sign in</a></div>`,
  );
}
