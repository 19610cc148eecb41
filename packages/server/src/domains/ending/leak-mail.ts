import { escapeHtml } from '../../platform/escape-html.ts';
import type { Mail } from '../../platform/mail.ts';

/** What its owners are told of a key that was found in the open and ended. */
export interface Leak {
  readonly name: string;
  /** Its prefix, or of an environment key the fingerprint: never more of the secret. */
  readonly shownAs: string;
  readonly organizationName: string | null;
  readonly revokedAt: string;
  /** As the finder wrote it: shown, and never made a link of. */
  readonly foundAt: string | undefined;
  /** The command that makes another key of its family. */
  readonly mint: string;
}

/**
 * The mail to somebody who owns the key. It holds no link and asks for nothing to be entered: the key has ended
 * already, and whoever forges such a mail has nothing to gain by it.
 */
export function leakMail(to: string, leak: Leak): Mail {
  const { name, shownAs, organizationName, revokedAt, foundAt, mint } = leak;
  const where =
    organizationName === null ? '' : ` of the organization "${organizationName.replaceAll('"', "'")}"`;
  const what = `Somebody has found the API key "${name.replaceAll('"', "'")}" (${shownAs})${where} in the open and reported it. It was revoked at ${revokedAt}, and nothing accepts it any more.`;
  const found = foundAt === undefined ? 'They did not say where.' : 'Where they say they found it:';
  const next = [
    'Make another key for whatever still uses this one:',
    'Then take the old one out of where it was found, also out of its history, and look at what was done with it: `latchkey audit list`.',
  ] as const;
  return {
    to,
    subject: 'An API key was found in the open and has been revoked',
    text: [
      what,
      foundAt === undefined ? found : `${found}\n\n    ${foundAt}`,
      `${next[0]}\n\n    ${mint}`,
      `${next[1]}\n`,
    ].join('\n\n'),
    html: [
      '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>An API key was revoked</title></head>',
      '<body style="font-family:system-ui,sans-serif;font-size:16px;line-height:1.5">',
      `<p>${escapeHtml(what)}</p>`,
      `<p>${found}</p>`,
      ...(foundAt === undefined ? [] : [`<pre>${escapeHtml(foundAt)}</pre>`]),
      `<p>${next[0]}</p>`,
      `<pre>${escapeHtml(mint)}</pre>`,
      `<p>${escapeHtml(next[1])}</p>`,
      '</body></html>',
    ].join('\n'),
  };
}
