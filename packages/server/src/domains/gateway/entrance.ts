import type { ExecutionCaller } from '../executions/index.ts';
import type { UsedKey, UseOrigin } from '../keys/index.ts';
import type { Membership } from './gateway.sql.ts';
import type { NamedLimit } from './rate-limits.ts';

/** How somebody came in: who they are, what limits them, and what they must still be when it counts. */
export interface Entrance {
  readonly caller: ExecutionCaller;
  readonly limits: readonly NamedLimit[];
  /** A management key, which may have been revoked or narrowed since it was verified. */
  readonly managementKeyId: string | null;
  /** The key that was shown; beside a signature it decides nothing, and has to be right. */
  readonly used?: UsedKey | undefined;
  /** What a personal key lets its holder in by, and what may have ended since it was looked up. */
  readonly membership?: Membership;
  /** A signed message: what tells it from others, and for how long a copy of it is not to be taken for another. */
  readonly message?: { readonly digest: string; readonly rememberMs: number };
}

/** A key as a request carries it at the door, not verified. */
export interface PresentedKey {
  readonly secret: string;
  /** The network address that the request came from. */
  readonly ip: string;
  /** The program that sent it. */
  readonly client: string;
  readonly carrier: 'key-header' | 'bearer' | 'api-key-header' | 'query';
}

/** Where a key was used. */
export function originOf({ ip: address, client }: PresentedKey): UseOrigin {
  return { address, client };
}
