import { type Operation, type OperationId, operations, type Route, routes } from '@latchkey/protocol';

/** One place where an operation is answered. */
export interface Place {
  readonly method: Route['method'];
  /** Path parameters stand in braces. */
  readonly path: string;
  /** The same as Fastify takes it. */
  readonly route: {
    readonly method: Route['method'];
    readonly url: string;
    readonly config: {
      readonly operation: OperationId;
      readonly flat: boolean;
      readonly foreignBody: boolean;
    };
  };
}

/** The path of an operation and its published path. */
export function placesOf(id: OperationId): Place[] {
  const route: Route = routes[id];
  const { opaqueFields }: Operation = operations[id];
  const all = route.published === undefined ? [route] : [route, route.published];
  return all.map(({ method, path, flat = false }) => ({
    method,
    path,
    route: {
      method,
      url: path.replace(/\{([A-Za-z]+)\}/g, ':$1'),
      config: { operation: id, flat, foreignBody: opaqueFields !== undefined },
    },
  }));
}
