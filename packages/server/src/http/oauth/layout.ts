import type { FastifyReply } from 'fastify';
import { type Html, html } from './html.ts';
import { stylePath } from './style.ts';

/** A whole page: one heading, one main part, nothing from elsewhere, nothing that needs a script. */
export function page(basePath: string, title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Latchkey</title>
<link rel="stylesheet" href="${basePath}${stylePath}">
</head>
<body>
<header>Latchkey</header>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`.text;
}

/** What went wrong, said to screen readers as soon as the page is there. */
export function alert(text: string | undefined): Html | undefined {
  return text === undefined ? undefined : html`<p class="alert" role="alert" id="problem">${text}</p>`;
}

/** Marks a field as the one that the alert is about. */
export function about(problem: string | undefined): Html | undefined {
  return problem === undefined ? undefined : html` aria-invalid="true" aria-describedby="problem"`;
}

/**
 * The policy of a page: no script at all, our own stylesheet, and forms to us. Browsers apply the form rule to where
 * the answer redirects as well, so the client's own address is named where there is one.
 */
export function policyFor(redirectUri?: string): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    `form-action 'self'${redirectUri === undefined ? '' : ` ${sourceOf(redirectUri)}`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/** An address in the notation of the policy, which has none for IPv6. */
function sourceOf(redirectUri: string): string {
  const { origin, hostname, protocol } = new URL(redirectUri);
  return hostname.startsWith('[') ? protocol : origin;
}

/** Whoever opens a page of ours in a window learns nothing of that window, and the page nothing of theirs. */
export const alone = { 'cross-origin-opener-policy': 'same-origin' } as const;

/** Sends a page; `redirectUri` is where its forms may lead in the end. */
export function sendPage(reply: FastifyReply, body: string, redirectUri?: unknown): FastifyReply {
  const policy = policyFor(typeof redirectUri === 'string' ? redirectUri : undefined);
  const headers = { ...alone, 'content-security-policy': policy };
  return reply.headers(headers).type('text/html; charset=utf-8').send(body);
}
