import type { z } from 'zod';

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

const formats: Readonly<Record<string, string>> = {
  url: 'a URL',
  datetime: 'an instant as 2026-01-01T00:00:00Z',
};

type Issue = z.core.$ZodRawIssue;

function sizeText(bound: 'at least' | 'at most', count: number | bigint, origin: string): string {
  if (origin === 'string') {
    if (bound === 'at least' && count === 1) return 'must not be empty';
    return `must have ${bound} ${count} characters`;
  }
  return origin === 'array' ? `must hold ${bound} ${count}` : `must be ${bound} ${count}`;
}

/** What is wrong with a field where its schema does not say so itself; nothing of the value is repeated. */
export function inPlainWords(issue: Issue): string | undefined {
  const { code } = issue;
  const isMissing = issue.input === undefined;
  if (code === 'invalid_type')
    return isMissing ? 'is missing' : `must be ${kinds[issue.expected] ?? issue.expected}`;
  if (code === 'invalid_value') {
    return isMissing ? 'is missing' : `must be one of ${issue.values.map(String).join(', ')}`;
  }
  if (code === 'too_small') return sizeText('at least', issue.minimum, issue.origin);
  if (code === 'too_big') return sizeText('at most', issue.maximum, issue.origin);
  if (code === 'invalid_format') return `must be ${formats[issue.format] ?? 'in another form'}`;
  return undefined;
}
