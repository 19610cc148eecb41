import { scopeMeanings, type UserCodeProblem, type WaitingDevice } from '../../domains/oauth/index.ts';
import { html } from './html.ts';
import { about, alert, page } from './layout.ts';

const problems: Record<UserCodeProblem, string> = {
  missing: 'Type the code that your device shows.',
  unknown: 'There is no such code. Compare it with what your device shows and type it again.',
  expired: 'This code has expired. Start again on your device to get a new one.',
  used: 'This code has been used already. Start again on your device to get a new one.',
  failed: 'That did not work. Type the code again, or start again on your device.',
};

/** Where a person types the code that a device shows. */
export function deviceInput(
  basePath: string,
  { token, problem, userCode }: { token: string; problem?: UserCodeProblem; userCode?: string },
): string {
  const text = problem && problems[problem];
  return page(
    basePath,
    'Connect a device',
    html`${alert(text)}
<p>Type the code that your terminal or device shows. Only do this if you started it yourself.</p>
<form method="post" action="${basePath}/device" novalidate>
<input type="hidden" name="xsrf" value="${token}">
<label for="user_code">Code</label>
<input class="code" id="user_code" name="user_code" value="${userCode}" placeholder="XXXX-XXXX" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="20" autofocus required${about(text)}>
<div class="actions"><button type="submit">Continue</button></div>
</form>`,
  );
}

/** Which device asks, from where, and for what; shown before anybody signs in for it. */
export function deviceConfirm(
  basePath: string,
  { token, device }: { token: string; device: WaitingDevice },
): string {
  return page(
    basePath,
    'Is this your device?',
    html`<p>A device asks to be signed in. Go on only if all of this is yours.</p>
<p>You sign in next, with your email address, even where you are signed in to the dashboard already. The device then acts as that account, and you are asked once more before it does.</p>
<dl>
<dt>Program</dt><dd>${device.clientName}</dd>
<dt>Code</dt><dd><code>${device.userCode}</code></dd>
<dt>Asked from</dt><dd>${device.address}</dd>
${device.userAgent !== '' && html`<dt>Describes itself as</dt><dd>${device.userAgent}</dd>`}
</dl>
<h2>It would be able to</h2>
<ul>${device.scopes.flatMap((scope) => (scopeMeanings[scope] === undefined ? [] : [html`<li>${scopeMeanings[scope]}</li>`]))}</ul>
<form method="post" action="${basePath}/device">
<input type="hidden" name="xsrf" value="${token}">
<input type="hidden" name="user_code" value="${device.userCode}">
<div class="actions">
<button type="submit" name="confirm" value="yes">Yes, continue</button>
<button class="second" type="submit" name="abort" value="yes">No, deny</button>
</div>
</form>`,
  );
}

export function deviceAllowed(basePath: string, clientName: string): string {
  return page(
    basePath,
    'You are signed in',
    html`<p>${clientName} on your device is signed in now. You can close this window.</p>`,
  );
}

export function deviceDenied(basePath: string): string {
  return page(basePath, 'Denied', html`<p>The device was not signed in. You can close this window.</p>`);
}
