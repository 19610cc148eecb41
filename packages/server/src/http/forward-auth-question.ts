import { forwardAuthQuery, type Question } from '@latchkey/protocol';
import { misconfigured } from '../domains/verification/index.ts';
import { inPlainWords } from './plain-words.ts';

/** What a proxy wants to know of each visitor, as its configuration says it. */
export interface ProxyQuestion {
  readonly organizationId: string;
  /** The resource is missing where it is the path that a visitor asks for. */
  readonly question: Question;
  readonly isResourceThePath: boolean;
  /** None: the host that the visitor asks for. */
  readonly audience: string | undefined;
  /** Whether it passes on 401 and 403 only. */
  readonly isNginx: boolean;
}

/** There is one for each place where a proxy asks; more are strangers', who may not crowd out memory. */
const maxKept = 1_000;
const lists = ['scope', 'any_scope'];

function echo(name: string): string {
  return /^[a-z_]{1,30}$/.test(name) ? name : '(name not shown)';
}

function given(name: string, values: readonly string[]): unknown {
  if (lists.includes(name)) return values;
  if (values.length > 1) throw misconfigured(`${echo(name)}: stands there more than once.`);
  return values[0];
}

function fieldsOf(query: URLSearchParams): Record<string, unknown> {
  const names = [...new Set(query.keys())];
  return Object.fromEntries(names.map((name) => [name, given(name, query.getAll(name))]));
}

function parse(query: string): ProxyQuestion {
  const parsed = forwardAuthQuery.safeParse(fieldsOf(new URLSearchParams(query)), { error: inPlainWords });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    if (issue?.code === 'unrecognized_keys') {
      throw misconfigured(`unknown parameter ${issue.keys.map(echo).join(', ')}.`);
    }
    throw misconfigured(`${issue?.path.join('.')}: ${issue?.message}.`);
  }
  const { organization, scope, any_scope: anyScope, environment, workspace, ...rest } = parsed.data;
  return {
    organizationId: organization,
    question: { allScopes: scope, anyScope, environment, workspace, resource: rest.resource },
    isResourceThePath: rest.resource_from === 'path',
    audience: rest.audience,
    isNginx: rest.nginx === '1',
  };
}

/**
 * Reads the query of the subrequest, and keeps what it read: a proxy asks the same for every visitor. The reader
 * throws `FORWARD_AUTH_MISCONFIGURED`.
 */
export function createQuestionReader(): (query: string) => ProxyQuestion {
  const known = new Map<string, ProxyQuestion>();
  return (query) => {
    const kept = known.get(query);
    if (kept !== undefined) return kept;
    const read = parse(query);
    if (known.size >= maxKept) known.clear();
    known.set(query, read);
    return read;
  };
}
