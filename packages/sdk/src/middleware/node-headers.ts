import type { HeaderOf } from './presented-key.ts';

/** A request as Node has it. */
export interface NodeIncoming {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Reads headers of it; of the few that Node gives as lists, the first. */
export function nodeHeader({ headers }: NodeIncoming): HeaderOf {
  return (name) => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
}
