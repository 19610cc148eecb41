import type { Role } from '@latchkey/protocol';
import { escapeHtml } from '../../platform/escape-html.ts';
import type { Mail } from '../../platform/mail.ts';

/** What an invitation says. */
export interface Invitation {
  readonly to: string;
  readonly inviter: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly role: Role;
  readonly serverUrl: string;
}

/**
 * The mail that tells a person they are invited. Its link is that of the server and it holds no code: accepting takes a
 * log-in with this address, so whoever forwards or scans the mail can neither accept nor use anything up.
 */
export function invitationMail(invitation: Invitation): Mail {
  const { to, inviter, organizationId, organizationName, role, serverUrl } = invitation;
  const name = organizationName.replaceAll('"', "'");
  const invited = `${inviter} has invited you to the organization "${name}" on Latchkey, as ${role}.`;
  const commands = [
    `latchkey auth login-request --email ${to} --base-url ${serverUrl}`,
    `latchkey auth login-complete --email ${to} --code <code> --organization-id ${organizationId} --base-url ${serverUrl}`,
  ];
  const ignore = 'If you do not want to join, ignore this message: without your log-in nothing happens.';
  return {
    to,
    subject: 'You are invited to an organization on Latchkey',
    text: `${invited}\n\nTo accept, open ${serverUrl} and sign in with this address. Or in a terminal:\n\n${commands.map((line) => `    ${line}`).join('\n')}\n\n${ignore}\n`,
    html: [
      '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>You are invited</title></head>',
      '<body style="font-family:system-ui,sans-serif;font-size:16px;line-height:1.5">',
      `<p>${escapeHtml(invited)}</p>`,
      `<p>To accept, open <a href="${escapeHtml(serverUrl)}">${escapeHtml(serverUrl)}</a> and sign in with this address. Or in a terminal:</p>`,
      `<pre>${escapeHtml(commands.join('\n'))}</pre>`,
      `<p>${ignore}</p>`,
      '</body></html>',
    ].join('\n'),
  };
}
