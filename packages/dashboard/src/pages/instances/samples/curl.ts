import { json, type Plain, type Signed } from './request.ts';

function inShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A request by curl in a shell. */
export function plainCurl({ url, urlEnd, body, header }: Plain): string {
  const sent = header?.variable === undefined ? header?.value : undefined;
  const own =
    header &&
    (sent === undefined ? `"${header.name}: $${header.variable}"` : inShell(`${header.name}: ${sent}`));
  return [
    `curl ${body === undefined ? '' : '-X POST '}${inShell(url)}${urlEnd === undefined ? '' : `"$${urlEnd}"`}`,
    ...(body === undefined ? [] : [`  -H ${inShell(`${json.name}: ${json.value}`)}`]),
    ...(own === undefined ? [] : [`  -H ${own}`]),
    ...(body === undefined ? [] : [`  -d ${inShell(body)}`]),
  ].join(' \\\n');
}

/** A signed message by curl and OpenSSL in a shell. */
export function signedCurl({ url, body }: Signed): string {
  return `body=${inShell(body)}
id="msg_$(date +%s%N)"
timestamp=$(date +%s)
key=$(printf %s "\${WEBHOOK_SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')
signature=$(printf %s "$id.$timestamp.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)
curl -X POST ${inShell(url)} \\
  -H ${inShell(`${json.name}: ${json.value}`)} \\
  -H "webhook-id: $id" \\
  -H "webhook-timestamp: $timestamp" \\
  -H "webhook-signature: v1,$signature" \\
  -d "$body"`;
}
