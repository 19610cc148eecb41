import type { Envelope } from '@latchkey/protocol';

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Says whether a parsed body is an envelope; does not look into `data`. */
export function isEnvelope<Data>(body: unknown): body is Envelope<Data> {
  if (!isObject(body)) return false;
  if (body.success === true) return 'data' in body;
  const { error } = body;
  return (
    body.success === false &&
    isObject(error) &&
    typeof error.code === 'string' &&
    typeof error.message === 'string'
  );
}
