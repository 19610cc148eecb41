import type { VerdictCode } from '@latchkey/protocol';
import type { Refusal } from '../key-activity/index.ts';
import type { KeyView } from '../keys/index.ts';
import type { Asked, Verdict } from './verify.ts';

/** What is kept of a text that somebody asks with. */
const maxLength = 200;

function missingScopes({ facts }: KeyView, { allScopes = [], anyScope = [] }: Asked): string {
  const missing = allScopes.filter((scope) => !facts.scopes.includes(scope));
  return missing.length > 0 ? missing.join(' ') : `one of ${anyScope.join(' ')}`;
}

function limitOf({ use }: Verdict): string | undefined {
  const { rateLimit } = use ?? {};
  return rateLimit == null ? undefined : `${rateLimit.limit} in ${rateLimit.windowSeconds} seconds`;
}

type Missing = (view: KeyView, asked: Asked, verdict: Verdict) => string | undefined;

const missingBy: Readonly<Partial<Record<VerdictCode, Missing>>> = {
  SCOPE_MISSING: missingScopes,
  RESOURCE_MISMATCH: (_view, { resource }) => resource,
  ENVIRONMENT_MISMATCH: (_view, { environment }) => environment,
  WORKSPACE_MISMATCH: (_view, { workspace }) => workspace,
  AUDIENCE_MISMATCH: (_view, { audience }) => audience,
  RATE_LIMITED: (_view, _asked, verdict) => limitOf(verdict),
  USAGE_EXCEEDED: ({ budget }) => budget?.total.toString(),
};

/** Why a key was refused, as far as the verdict on a question tells. */
export function refusalOf(view: KeyView, asked: Asked, verdict: Verdict, at: number): Refusal {
  const { code } = verdict;
  return {
    at,
    code,
    address: asked.ip ?? null,
    client: asked.client ?? null,
    missing: missingBy[code]?.(view, asked, verdict)?.slice(0, maxLength) ?? null,
  };
}
