import { pathParameters, type Route } from '@latchkey/protocol/routes';

/** What goes over the wire for one call; `body` is JSON text. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function fillPath(path: string, fields: Fields): string {
  return path.replace(/\{([A-Za-z]+)\}/g, (_brace, name: string) => encodeURIComponent(String(fields[name])));
}

function withoutPathParameters(path: string, fields: Fields): [string, unknown][] {
  const inPath = new Set(pathParameters(path));
  return Object.entries(fields).filter(([name, value]) => !inPath.has(name) && value !== undefined);
}

/** Spreads an operation's input over path, query and body as the route says. */
export function routedRequest(baseUrl: string, route: Route, fields: Fields): WireRequest {
  const url = baseUrl + fillPath(route.path, fields);
  const rest = withoutPathParameters(route.path, fields);
  if (route.method !== 'GET') {
    return { method: route.method, url, body: JSON.stringify(Object.fromEntries(rest)) };
  }
  const query = new URLSearchParams(rest.map(([name, value]) => [name, String(value)])).toString();
  return { method: 'GET', url: query === '' ? url : `${url}?${query}`, body: undefined };
}

/** The form that published paths take: everything in the body of one POST. */
export function postedRequest(url: string, fields: Fields): WireRequest {
  return { method: 'POST', url, body: JSON.stringify(fields) };
}
