import type { Mail } from '../../platform/mail.ts';
import type { Purpose } from './otp.sql.ts';

const purposes: Record<Purpose, string> = {
  signup: 'in your terminal to sign up',
  login: 'in your terminal to log in',
  session: 'on the page in your browser that asks for it, to sign in',
};

/**
 * The mail that carries a code. The digits stand in the subject and in both parts; there is no link, so that a
 * scanner that follows links can neither use the code up nor learn more than it has read.
 */
export function codeMail(to: string, code: string, purpose: Purpose): Mail {
  const doing = purposes[purpose];
  const lines = [
    `Enter this code ${doing}. It is valid for 10 minutes and works once.`,
    'If you did not ask for it, ignore this message: without the code nothing happens.',
  ];
  return {
    to,
    subject: `${code} is your Latchkey code`,
    text: `Your Latchkey code: ${code}\n\n${lines.join('\n\n')}\n`,
    html: [
      '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Your Latchkey code</title></head>',
      '<body style="font-family:system-ui,sans-serif;font-size:16px;line-height:1.5">',
      '<p>Your Latchkey code:</p>',
      `<p style="font-family:ui-monospace,monospace;font-size:32px;letter-spacing:6px"><strong>${code}</strong></p>`,
      ...lines.map((line) => `<p>${line}</p>`),
      '</body></html>',
    ].join('\n'),
  };
}
