import type { Output } from '@latchkey/protocol';
import { isScope, scopes } from '@latchkey/protocol/permissions';
import type { VerdictCode } from '@latchkey/protocol/verdict';

/** Once that a key was refused. */
export type KeyRefusal = Output<'keys.activity'>['refusals'][number];

const makeAnother = 'Make another key, and put it wherever this one is used.';

/** What to do where nothing more is known than the verdict. */
const help: Readonly<Record<VerdictCode, string>> = {
  VALID: '',
  MALFORMED: 'Copy the key again, whole: a part of it is missing, or was changed.',
  NOT_FOUND: 'Check which server and which organization the key was made in.',
  REVOKED: makeAnother,
  EXPIRED: makeAnother,
  DISABLED: 'Enable this key, or find out who disabled it and why in the audit trail.',
  AUDIENCE_MISMATCH: 'Ask for a token that is made for this audience.',
  ENVIRONMENT_MISMATCH: 'Use a key of that environment: no key works in two.',
  WORKSPACE_MISMATCH: 'Use a key of that workspace, or one for all of the environment.',
  RESOURCE_MISMATCH: 'Use a key that is for this resource, or change what this one is bound to.',
  SCOPE_MISSING: 'Add it to this key by Change, or use another key that has it.',
  IP_NOT_ALLOWED: 'Add the address to those that this key may be used from, or call from one of them.',
  RATE_LIMITED: 'Wait until its window ends, call less often, or give the key a greater limit.',
  USAGE_EXCEEDED: 'Give the key a greater budget, or make another one.',
};

/** What the word for what was missing means, by verdict. */
const missingNames: Readonly<Partial<Record<VerdictCode, string>>> = {
  AUDIENCE_MISMATCH: 'Wanted by',
  ENVIRONMENT_MISMATCH: 'Wanted in',
  WORKSPACE_MISMATCH: 'Wanted in',
  RESOURCE_MISMATCH: 'Wanted for',
  SCOPE_MISSING: 'Missing',
  RATE_LIMITED: 'Its limit',
  USAGE_EXCEEDED: 'Its budget',
};

/** What exactly the key lacked, in words; nothing where that is not known. */
export function missingOf({ code, missing }: KeyRefusal): string | undefined {
  const name = missingNames[code];
  if (missing === null || name === undefined) return undefined;
  const told = isScope(missing) ? `${missing} (${scopes[missing].description})` : missing;
  return `${name}: ${told}`;
}

/** What to do about a refusal. `hasLevel`: of a key whose scopes follow from its level. */
export function helpFor({ code }: KeyRefusal, hasLevel: boolean): string {
  // Environment keys have levels, and the one resource that Latchkey itself refuses them is its door.
  if (code === 'RESOURCE_MISMATCH' && hasLevel)
    return `${help[code]} To trigger, use the key of the instance or an organization key.`;
  if (code === 'SCOPE_MISSING' && hasLevel)
    return 'Give this key a higher level by Change, or use another key that has it.';
  return help[code];
}
