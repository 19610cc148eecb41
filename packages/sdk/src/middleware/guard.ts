import { LatchkeyApiError } from '../api-error.ts';
import { TransportError } from '../transport-error.ts';
import type { Asked } from '../verifier/known-key.ts';
import type { Verdict } from '../verifier/verdict.ts';
import type { GuardOptions, PerRequest, Principal } from './options.ts';
import { type HeaderOf, presentedKey } from './presented-key.ts';
import {
  cannotBeAsked,
  type Headers,
  keyMissing,
  keysConflict,
  limitHeaders,
  notStored,
  type Refusal,
  refusalOf,
} from './refusal.ts';

/** An answer that is complete but for the words of a framework. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** JSON text. */
  readonly body: string;
}

/** What becomes of a request: it goes on with these headers in its answer, or it is answered. */
export type Admission =
  | { readonly isIn: true; readonly principal: Principal; readonly headers: Headers }
  | { readonly isIn: false; readonly answer: Answer };

/** Decides about one request. */
export type Guard<Incoming> = (request: Incoming, headerOf: HeaderOf) => Promise<Admission>;

function valueFor<Value extends string | number, Incoming>(
  option: PerRequest<Value, Incoming> | undefined,
  request: Incoming,
): Value | undefined {
  return typeof option === 'function' ? option(request) : option;
}

function askedOf<Incoming>(options: GuardOptions<Incoming>, request: Incoming): Asked {
  return {
    allScopes: options.scopes,
    anyScope: options.anyScope,
    environment: valueFor(options.environment, request),
    workspace: valueFor(options.workspace, request),
    resource: valueFor(options.resource, request),
    audience: options.audience,
    cost: valueFor(options.cost, request),
    ip: options.ip?.(request),
  };
}

/** RFC 9457 where the caller accepts it and the option says so, else the envelope of the API. */
function answerOf({ status, code, message, headers }: Refusal, isProblem: boolean): Answer {
  const type = isProblem ? 'application/problem+json' : 'application/json; charset=utf-8';
  const said = isProblem
    ? { type: 'about:blank', title: message, status, code }
    : { success: false, error: { code, message } };
  return { status, headers: { ...headers, 'content-type': type }, body: JSON.stringify(said) };
}

function isPrincipal(verdict: Verdict): verdict is Principal {
  const { valid, keyId, keyName, organization, principal } = verdict;
  return valid && keyId !== null && keyName !== null && organization !== null && principal !== null;
}

/** Makes what decides about requests, whatever the framework calls them. */
export function createGuard<Incoming>(options: GuardOptions<Incoming>): Guard<Incoming> {
  const { verifier, realm = 'api', from, problemJson = false, onError, scopes = [], anyScope = [] } = options;
  const wanted = [...new Set([...scopes, ...anyScope])];

  async function verdictOrRefusal(request: Incoming, key: string): Promise<Verdict | Refusal> {
    try {
      return await verifier.verify(key, askedOf(options, request));
    } catch (error) {
      if (!(error instanceof TransportError || error instanceof LatchkeyApiError)) throw error;
      onError?.(error);
      return cannotBeAsked();
    }
  }

  async function decide(request: Incoming, headerOf: HeaderOf): Promise<Principal | Refusal> {
    const presented = presentedKey(headerOf, from);
    if (presented.kind === 'none') return keyMissing(realm);
    if (presented.kind === 'conflict') return keysConflict(realm);
    const verdict = await verdictOrRefusal(request, presented.key);
    if ('status' in verdict || isPrincipal(verdict)) return verdict;
    return refusalOf(verdict, realm, wanted);
  }

  return async (request, headerOf) => {
    const decided = await decide(request, headerOf);
    if (!('status' in decided)) {
      return { isIn: true, principal: decided, headers: { ...notStored, ...limitHeaders(decided) } };
    }
    const isProblem = problemJson && /\bapplication\/problem\+json\b/i.test(headerOf('accept') ?? '');
    return { isIn: false, answer: answerOf(decided, isProblem) };
  };
}
