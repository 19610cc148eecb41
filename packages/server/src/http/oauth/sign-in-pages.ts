import type { ConsentRequest, PendingInvitation, Person } from '../../domains/oauth/index.ts';
import { type Html, html } from './html.ts';
import { about, alert, page } from './layout.ts';

/** What all pages of one sign-in share. */
export interface SignInPage {
  readonly basePath: string;
  /** The path of this sign-in; its forms post below it. */
  readonly action: string;
  /** Proves that a form of ours was sent. */
  readonly token: string;
  readonly clientName: string;
  readonly problem?: string | undefined;
}

function form(at: SignInPage, step: string, content: Html): Html {
  return html`<form method="post" action="${at.action}/${step}" novalidate>
<input type="hidden" name="token" value="${at.token}">
${content}
</form>`;
}

function cancel(at: SignInPage): Html {
  return form(at, 'cancel', html`<button class="plain" type="submit">Cancel and go back</button>`);
}

/** Asks for the email address, or offers the upstream provider. */
export function emailPage(
  at: SignInPage,
  { email, upstreamHost }: { email?: string | undefined; upstreamHost?: string | undefined },
): string {
  return page(
    at.basePath,
    'Sign in',
    html`${alert(at.problem)}
<p>${at.clientName} asks you to sign in. Latchkey emails you a code; there is no password.</p>
${form(
  at,
  'email',
  html`<label for="email">Email address</label>
<input id="email" name="email" type="email" value="${email}" autocomplete="email" inputmode="email" spellcheck="false" maxlength="254" autofocus required${about(at.problem)}>
<div class="actions"><button type="submit">Email me a code</button></div>`,
)}
${
  upstreamHost !== undefined &&
  html`<p class="quiet">or</p>
<div class="actions"><a class="button second" href="${at.action}/upstream">Continue with ${upstreamHost}</a></div>`
}
<p class="quiet">No account yet? Your first sign-in makes one.</p>
${cancel(at)}`,
  );
}

/** Where the code is, on a server that mails it and on one that keeps it to itself. */
function whereTheCodeIs(email: string, mailbox: string | undefined): Html {
  const life = 'It is valid for 10 minutes and works once.';
  if (mailbox === undefined) {
    return html`<p>A 6-digit code was sent to <strong>${email}</strong>. ${life}</p>`;
  }
  return html`<p>A 6-digit code was made for <strong>${email}</strong>. ${life}</p>
<p>This server sends no mail yet: the code is in its log, and in its <a href="${mailbox}" target="_blank" rel="noopener">mailbox on this machine</a>.</p>`;
}

/** Asks for the code that was mailed, or is in the local mailbox at this path. */
export function codePage(at: SignInPage, email: string, mailbox?: string): string {
  return page(
    at.basePath,
    mailbox === undefined ? 'Check your email' : 'Type the code',
    html`${alert(at.problem)}
${whereTheCodeIs(email, mailbox)}
${form(
  at,
  'code',
  html`<label for="code">Code</label>
<input class="code" id="code" name="code" autocomplete="one-time-code" inputmode="numeric" spellcheck="false" maxlength="12" autofocus required${about(at.problem)}>
<div class="actions"><button type="submit">Sign in</button></div>`,
)}
${form(at, 'restart', html`<button class="plain" type="submit">Use another address or get a new code</button>`)}
${cancel(at)}`,
  );
}

/** Asks a person whom the upstream provider vouches for to go on; signing in is never done by a GET. */
export function vouchedPage(at: SignInPage, email: string, upstreamHost: string): string {
  return page(
    at.basePath,
    'Sign in',
    html`<p>${upstreamHost} says that you are <strong>${email}</strong>.</p>
${form(at, 'vouched', html`<div class="actions"><button type="submit" autofocus>Continue</button></div>`)}
${form(at, 'restart', html`<button class="plain" type="submit">Sign in another way</button>`)}
${cancel(at)}`,
  );
}

/** The name of the field that says whether an invitation is accepted. */
export function joinField(invitationId: string): string {
  return `join.${invitationId}`;
}

function organizations({ memberships, invitations }: Person): Html {
  if (memberships.length > 0) {
    const items = memberships.map(
      ({ organizationName, role }) => html`<li>${organizationName} (${role})</li>`,
    );
    return html`<h2>Your organizations</h2>\n<ul>${items}</ul>`;
  }
  if (invitations.length > 0) return html``;
  return html`<h2>Your organizations</h2>
<p>You do not belong to any organization yet. To found one, run <code>latchkey organization create</code> afterwards.</p>`;
}

/** Joining is ticked, since whoever signs in with an invited address mostly came for that; unticking leaves it for later. */
function joining(invitations: readonly PendingInvitation[], legend: string): Html | false {
  const boxes = invitations.map(({ invitationId, organizationName, role, invitedBy }) => {
    const name = joinField(invitationId);
    return html`<p class="choice"><input type="checkbox" id="${name}" name="${name}" value="yes" checked> <label for="${name}">Join ${organizationName} (${role})${invitedBy !== null && `, invited by ${invitedBy}`}</label></p>\n`;
  });
  return boxes.length > 0 && html`<fieldset><legend>${legend}</legend>\n${boxes}</fieldset>\n`;
}

/** Asks whoever signs in to the dashboard whether they join where they are invited; they get in either way. */
export function invitationPage(at: SignInPage, { email, invitations }: Person): string {
  return page(
    at.basePath,
    'You are invited',
    html`<p>You sign in as <strong>${email}</strong>.</p>
${form(
  at,
  'consent',
  html`${joining(invitations, 'Choose what to join')}<p class="quiet">What you leave out stays open, and is asked about when you sign in again.</p>
<div class="actions"><button type="submit" name="decision" value="allow" autofocus>Continue</button></div>`,
)}
${cancel(at)}`,
  );
}

/** Says who asks for what, and lets the person allow or deny it. */
export function consentPage(at: SignInPage, request: ConsentRequest): string {
  const { person, redirectHost, abilities } = request;
  return page(
    at.basePath,
    `Allow ${request.clientName}?`,
    html`<dl>
<dt>Signed in as</dt><dd>${person.email}</dd>
<dt>Program</dt><dd>${request.clientName}</dd>
<dt>The answer goes to</dt><dd>${redirectHost ?? 'the device that shows the code you typed'}</dd>
</dl>
<h2>It will be able to</h2>
<ul>${abilities.map((ability) => html`<li>${ability}</li>`)}</ul>
${organizations(person)}
<p class="quiet">Allow only what you started yourself. <code>latchkey logout</code> ends it again.</p>
${form(
  at,
  'consent',
  html`${joining(person.invitations, 'You are invited')}<div class="actions">
<button type="submit" name="decision" value="allow">Allow</button>
<button class="second" type="submit" name="decision" value="deny">Deny</button>
</div>`,
)}`,
  );
}
