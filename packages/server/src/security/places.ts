import {
  type Operation,
  type OperationId,
  operationIds,
  operations,
  pathParameters,
  type Route,
  routes,
} from '@latchkey/protocol';

/** For tests: one operation at one of the paths where it is answered. */
export interface Place {
  readonly id: OperationId;
  readonly operation: Operation;
  readonly method: Route['method'];
  readonly path: string;
  /** What a test is called: method and path. */
  readonly label: string;
}

export type Fields = Readonly<Record<string, unknown>>;

/** A request as the test application takes it. */
export interface SentRequest {
  readonly method: Route['method'];
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly payload?: string | Buffer | NodeJS.ReadableStream;
}

function placesOf(id: OperationId): Place[] {
  const route: Route = routes[id];
  const endpoints = route.published === undefined ? [route] : [route, route.published];
  const usual = endpoints.filter((endpoint) => isUsual(id, endpoint));
  return usual.map(({ method, path }) => ({
    id,
    operation: operations[id],
    method,
    path,
    label: `${id} at ${method} ${path}`,
  }));
}

/**
 * Not the four ways in, what is proved by a secret in the input, and what answers errors flat: their form is another,
 * and so are their tests.
 */
function isUsual(id: OperationId, { flat = false }: Pick<Route, 'flat'>): boolean {
  const { kind } = operations[id].access;
  return !flat && (kind === 'key' || kind === 'public');
}

/** Every other operation at its path and at its published path; a new operation is in it without being told. */
export const places: readonly Place[] = operationIds.flatMap(placesOf);

export const keyPlaces = places.filter(({ operation }) => operation.access.kind === 'key');
export const publicPlaces = places.filter(({ operation }) => operation.access.kind === 'public');
/** Where a body is read. */
export const bodyPlaces = places.filter(({ method }) => method !== 'GET');

/** The fields of the input that stand in the path. */
export function inPath(place: Place): string[] {
  return pathParameters(place.path);
}

/** The fields of the input that stand in the body, or in the query of a GET. */
export function besidesPath(place: Place): string[] {
  const names = inPath(place);
  return Object.keys(place.operation.input.shape).filter((name) => !names.includes(name));
}

/** The part of an input that stands in the body or in the query. */
export function besidesPathOf(place: Place, input: Fields): Fields {
  const names = inPath(place);
  return Object.fromEntries(Object.entries(input).filter(([name]) => !names.includes(name)));
}

/** The URL of a call without a query. */
export function urlOf(place: Place, input: Fields): string {
  return place.path.replace(/\{([A-Za-z]+)\}/g, (_brace, name: string) =>
    encodeURIComponent(String(input[name])),
  );
}

/** A request with this JSON text, or these bytes, as its body. */
export function rawRequest(
  place: Place,
  input: Fields,
  payload: NonNullable<SentRequest['payload']>,
  headers: SentRequest['headers'] = {},
): SentRequest {
  const { method } = place;
  return {
    method,
    url: urlOf(place, input),
    headers: { 'content-type': 'application/json', ...headers },
    payload,
  };
}

/** A request as a client would send this input: path parameters in the path, the rest in the body or the query. */
export function requestOf(place: Place, input: Fields, headers: SentRequest['headers'] = {}): SentRequest {
  const rest = besidesPathOf(place, input);
  if (place.method !== 'GET') return rawRequest(place, input, JSON.stringify(rest), headers);
  const query = new URLSearchParams(
    Object.entries(rest).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );
  const url = `${urlOf(place, input)}${query.size === 0 ? '' : `?${query}`}`;
  return { method: place.method, url, headers };
}
