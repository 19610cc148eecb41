import { headersOf, literal, type Plain, type Signed } from './request.ts';

/** A request by a module of Node.js. */
export function plainJavaScript(request: Plain): string {
  const { url, urlEnd, body } = request;
  const end = urlEnd === undefined ? '' : ` + process.env.${urlEnd}`;
  const headers = headersOf(request, (name) => `process.env.${name}`);
  const sent = body === undefined ? '' : `\n  body: ${literal(body)},`;
  return `const answer = await fetch(${literal(url)}${end}, {${body === undefined ? '' : '\n  method: "POST",'}
  headers: { ${headers} },${sent}
});
console.log(await answer.json());`;
}

/** A signed message by a module of Node.js. */
export function signedJavaScript({ url, body }: Signed): string {
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
