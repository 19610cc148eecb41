import { jsonText } from '../../components/json-text.ts';
import { gapsComment } from './sample-gaps.ts';

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

/** What a sample is about. Without an `apiKey` it takes that out of `LATCHKEY_INSTANCE_KEY`. */
export interface Called {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly payload: unknown;
  /** Where in the payload no value was found that its schema allows, as JSON Pointers. */
  readonly gaps?: readonly string[];
}

/** A request without a signature. A header that comes out of the environment is named by its variable. */
interface Plain {
  readonly url: string;
  /** The variable of the environment that the URL ends with. */
  readonly urlEnd?: string;
  /** None for what is only read. */
  readonly body?: string;
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

function plainCurl({ url, urlEnd, body, header }: Plain): string {
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

/** The headers of a request as members of an object, which JavaScript and Python write the same. */
function headersOf({ body, header }: Plain, variable: (name: string) => string): string {
  const own = header && {
    name: header.name,
    value: header.value === undefined ? variable(header.variable ?? '') : literal(header.value),
  };
  const sent = [
    ...(body === undefined ? [] : [{ name: json.name, value: literal(json.value) }]),
    own ?? [],
  ].flat();
  return sent.map(({ name, value }) => `${literal(name)}: ${value}`).join(', ');
}

function plainJavaScript(request: Plain): string {
  const { url, urlEnd, body } = request;
  const end = urlEnd === undefined ? '' : ` + process.env.${urlEnd}`;
  const headers = headersOf(request, (name) => `process.env.${name}`);
  const sent = body === undefined ? '' : `\n  body: ${literal(body)},`;
  return `const answer = await fetch(${literal(url)}${end}, {${body === undefined ? '' : '\n  method: "POST",'}
  headers: { ${headers} },${sent}
});
console.log(await answer.json());`;
}

function plainPython(request: Plain): string {
  const { url, urlEnd, body } = request;
  const end = urlEnd === undefined ? '' : ` + os.environ[${literal(urlEnd)}]`;
  const headers = headersOf(request, (name) => `os.environ[${literal(name)}]`);
  const sent = body === undefined ? '' : `\n    data=${literal(body)}.encode(),`;
  return `import os, urllib.request

request = urllib.request.Request(
    ${literal(url)}${end},${sent}
    headers={${headers}},
)
print(urllib.request.urlopen(request).read().decode())`;
}

/** What is sent with a signature. */
type Signed = Required<Pick<Plain, 'url' | 'body'>>;

function signedCurl({ url, body }: Signed): string {
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

function signedJavaScript({ url, body }: Signed): string {
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

function signedPython({ url, body }: Signed): string {
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

type Writers<Asked> = Readonly<Record<Language, (asked: Asked) => string>>;

const plain: Writers<Plain> = { curl: plainCurl, JavaScript: plainJavaScript, Python: plainPython };
const signed: Writers<Signed> = { curl: signedCurl, JavaScript: signedJavaScript, Python: signedPython };

/** The object itself, as the form of the dashboard has it; `payload` says so where it has a member of that name. */
function bodyOf(payload: unknown): string {
  const isAmbiguous = typeof payload === 'object' && payload !== null && 'payload' in payload;
  return jsonText(isAmbiguous ? { payload } : payload, 0);
}

const instanceKeyVariable = 'LATCHKEY_INSTANCE_KEY';

/** The header that says who asks: an organization key, otherwise the key of the instance. */
function withHeader(way: Way, apiKey: string | undefined): Required<Pick<Plain, 'header'>> {
  if (way === 'organization-key')
    return { header: { name: 'X-Process-Manager-Key', variable: 'LATCHKEY_API_KEY' } };
  const value = apiKey === undefined ? { variable: instanceKeyVariable } : { value: apiKey };
  return { header: { name: 'X-API-Key', ...value } };
}

function programFor(way: Way, language: Language, { url, apiKey, payload }: Called): string {
  if (way === 'signature') return signed[language]({ url, body: jsonText(payload, 0) });
  const body = bodyOf(payload);
  if (way !== 'query-key') return plain[language]({ url, body, ...withHeader(way, apiKey) });
  const asked = `${url}?api_key=${apiKey ?? ''}`;
  return plain[language]({ url: asked, body, ...(apiKey === undefined && { urlEnd: instanceKeyVariable }) });
}

/**
 * A program that triggers a workflow in one of the four ways, ready to be run: by a shell, by Node.js as a module, or by
 * Python 3.9. What Latchkey does not know comes out of the environment: `LATCHKEY_API_KEY`, `WEBHOOK_SECRET`, and
 * `LATCHKEY_INSTANCE_KEY` where the key is not shown.
 */
export function sampleFor(way: Way, language: Language, called: Called): string {
  return `${gapsComment(language === 'JavaScript' ? '//' : '#', called.gaps ?? [])}${programFor(way, language, called)}`;
}

/**
 * A program that reads what came of an execution, whose id comes out of `EXECUTION_ID`. `statusUrl` is what stands before
 * the id. A signature lets nobody read, so there it is the key of the instance, as in the header of the other ways.
 */
export function statusSampleFor(
  way: Way,
  language: Language,
  { statusUrl, apiKey }: { readonly statusUrl: string; readonly apiKey: string | undefined },
): string {
  return plain[language]({ url: statusUrl, urlEnd: 'EXECUTION_ID', ...withHeader(way, apiKey) });
}
