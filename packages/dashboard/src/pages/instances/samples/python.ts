import { headersOf, literal, type Plain, type Signed } from './request.ts';

/** A request by Python 3.9. */
export function plainPython(request: Plain): string {
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

/** A signed message by Python 3.9. */
export function signedPython({ url, body }: Signed): string {
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
