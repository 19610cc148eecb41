type Headers = Readonly<Record<string, string>>;

function requestBytes(line: string, headers: Headers, body = ''): Buffer {
  const lines = Object.entries({ host: '127.0.0.1', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return Buffer.from(`${line} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

function postBytes(path: string, contentType: string, headers: Headers, body: string): Buffer {
  const content = { 'content-type': contentType, 'content-length': String(Buffer.byteLength(body)) };
  return requestBytes(`POST ${path}`, { ...content, ...headers }, body);
}

/** A POST with a JSON body, as bytes that are ready to be sent. */
export function postRequest(path: string, headers: Headers, body: unknown): Buffer {
  return postBytes(path, 'application/json', headers, JSON.stringify(body));
}

/** A POST of a form, as bytes that are ready to be sent. */
export function formRequest(path: string, headers: Headers, fields: Headers): Buffer {
  const body = String(new URLSearchParams(fields));
  return postBytes(path, 'application/x-www-form-urlencoded', headers, body);
}

/** A GET as bytes that are ready to be sent. */
export function getRequest(path: string, headers: Headers = {}): Buffer {
  return requestBytes(`GET ${path}`, headers);
}
