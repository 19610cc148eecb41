import { judge } from '@latchkey/protocol';
import { type KeyView, noteUse } from '../keys/index.ts';
import type { VerificationDeps } from './deps.ts';
import type { Asked } from './verify.ts';

/**
 * The key for which `verify` would answer `VALID` without waiting, counting or looking where it is used from; undefined
 * for any other, of which this says nothing and leaves no trace. Where that is not known, resolves with undefined once it
 * is: ask again.
 */
export function validAtOnce(
  deps: VerificationDeps,
  organizationId: string,
  asked: Asked,
): KeyView | undefined | Promise<undefined> {
  const known = deps.knownKeys.find(asked.key, organizationId);
  if (known instanceof Promise) return known.then(() => undefined);
  const views = known.kind === 'key' ? known.views : [];
  const view = views.find(({ facts }) => facts.organizationId === organizationId);
  if (view === undefined || view.facts.counting !== null || view.allowedAddresses !== null) return undefined;
  const now = deps.clock.now();
  if (judge(view.facts, asked, now) !== 'VALID') return undefined;
  noteUse(deps, { keyId: view.facts.keyId, counted: view.counted }, now);
  return view;
}
