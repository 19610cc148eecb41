import type { Reader } from '../../storage/index.ts';
import { serverChain } from '../audit/index.ts';
import { type AuthorityDeps, type Principal, requireAuthority } from '../keys/index.ts';

/**
 * Throws unless the caller may read the chain: whoever may manage the keys of the organization, and of the server's
 * own chain the holder of an admin key. Throws as `requireAuthority`.
 */
export async function requireChainReader(
  deps: AuthorityDeps,
  db: Reader,
  principal: Principal,
  chain: string,
  now: number,
): Promise<void> {
  if (chain === serverChain && principal.family === 'admin') return;
  await requireAuthority(deps, db, principal, chain, now);
}
