import { jsonText } from '../../components/json-text.ts';

/** The four ways in, as somebody chooses them. */
export const ways = [
  { value: 'instance-key', label: 'Instance key, in a header' },
  { value: 'organization-key', label: 'Organization key, in a header' },
  { value: 'signature', label: 'Signed webhook' },
  { value: 'query-key', label: 'Instance key, in the URL' },
] as const;
export type Way = (typeof ways)[number]['value'];

export const languages = ['curl', 'JavaScript', 'Python'] as const;
export type Language = (typeof languages)[number];

/** What a sample is about. `apiKey` stands in it as it is, so that a masked one gives a masked sample. */
export interface Called {
  readonly url: string;
  readonly apiKey: string;
  readonly payload: unknown;
}

/** A request without a signature. A header that comes out of the environment is named by its variable. */
interface Plain {
  readonly url: string;
  readonly body: string;
  readonly header?: { readonly name: string; readonly value?: string; readonly variable?: string };
}

function inShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A string literal, which JavaScript and Python read the same. */
function literal(text: string): string {
  return jsonText(text, 0);
}

const json = { name: 'Content-Type', value: 'application/json' };

function plainCurl({ url, body, header }: Plain): string {
  const sent = header?.variable === undefined ? header?.value : undefined;
  const own =
    header &&
    (sent === undefined ? `"${header.name}: $${header.variable}"` : inShell(`${header.name}: ${sent}`));
  return [
    `curl -X POST ${inShell(url)}`,
    `  -H ${inShell(`${json.name}: ${json.value}`)}`,
    ...(own === undefined ? [] : [`  -H ${own}`]),
    `  -d ${inShell(body)}`,
  ].join(' \\\n');
}

function plainJavaScript({ url, body, header }: Plain): string {
  const value = header && (header.value ? literal(header.value) : `process.env.${header.variable}`);
  const own = header === undefined ? '' : `, ${literal(header.name)}: ${value}`;
  return `const answer = await fetch(${literal(url)}, {
  method: "POST",
  headers: { ${literal(json.name)}: ${literal(json.value)}${own} },
  body: ${literal(body)},
});
console.log(await answer.json());`;
}

function plainPython({ url, body, header }: Plain): string {
  const value =
    header && (header.value ? literal(header.value) : `os.environ[${literal(header.variable ?? '')}]`);
  const own = header === undefined ? '' : `, ${literal(header.name)}: ${value}`;
  return `import os, urllib.request

request = urllib.request.Request(
    ${literal(url)},
    data=${literal(body)}.encode(),
    headers={${literal(json.name)}: ${literal(json.value)}${own}},
)
print(urllib.request.urlopen(request).read().decode())`;
}

function signedCurl({ url, body }: Plain): string {
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

function signedJavaScript({ url, body }: Plain): string {
  return `import { createHmac, randomUUID } from "node:crypto";

const body = ${literal(body)};
const id = \`msg_\${randomUUID()}\`;
const timestamp = String(Math.floor(Date.now() / 1000));
const key = Buffer.from(process.env.WEBHOOK_SECRET.replace(/^whsec_/, ""), "base64");
const signature = createHmac("sha256", key).update(\`\${id}.\${timestamp}.\${body}\`).digest("base64");
const answer = await fetch(${literal(url)}, {
  method: "POST",
  headers: {
    "Content-Type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": \`v1,\${signature}\`,
  },
  body,
});
console.log(await answer.json());`;
}

function signedPython({ url, body }: Plain): string {
  return `import base64, hashlib, hmac, os, time, urllib.request, uuid

body = ${literal(body)}
id = f"msg_{uuid.uuid4()}"
timestamp = str(int(time.time()))
key = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
digest = hmac.new(key, f"{id}.{timestamp}.{body}".encode(), hashlib.sha256).digest()
request = urllib.request.Request(
    ${literal(url)},
    data=body.encode(),
    headers={
        "Content-Type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    },
)
print(urllib.request.urlopen(request).read().decode())`;
}

type Writers = Readonly<Record<Language, (plain: Plain) => string>>;

const plain: Writers = { curl: plainCurl, JavaScript: plainJavaScript, Python: plainPython };
const signed: Writers = { curl: signedCurl, JavaScript: signedJavaScript, Python: signedPython };

/**
 * A program that triggers a workflow in one of the four ways, ready to be run: by a shell, by Node.js as a module, or by
 * Python 3.9. What Latchkey does not know comes out of the environment: `LATCHKEY_API_KEY`, `WEBHOOK_SECRET`.
 */
export function sampleFor(way: Way, language: Language, { url, apiKey, payload }: Called): string {
  const wrapped = jsonText({ payload }, 0);
  if (way === 'signature') return signed[language]({ url, body: jsonText(payload, 0) });
  if (way === 'query-key') return plain[language]({ url: `${url}?api_key=${apiKey}`, body: wrapped });
  const header =
    way === 'instance-key'
      ? { name: 'X-API-Key', value: apiKey }
      : { name: 'X-Process-Manager-Key', variable: 'LATCHKEY_API_KEY' };
  return plain[language]({ url, body: wrapped, header });
}
