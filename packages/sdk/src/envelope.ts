import type { Envelope } from '@latchkey/protocol';

type Fields = Record<string, unknown>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What an operation with flat answers says, in the envelope that the others have. */
function unflattened(body: Fields): unknown {
  const { success, requestId, ...said } = body;
  if (success === true) return { success, data: said, requestId };
  const { error: message, code, nextAction, details } = said;
  return { success, error: { code, message, nextAction, details }, requestId };
}

function isEnvelope<Data>(body: unknown): body is Envelope<Data> {
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

/** The envelope that a parsed body is, or says flatly; undefined where it is none. Does not look into `data`. */
export function envelopeOf<Data>(body: unknown, flat: boolean): Envelope<Data> | undefined {
  const isFlat = flat && isObject(body) && !isObject(body.error) && !('data' in body);
  const envelope = isFlat ? unflattened(body) : body;
  return isEnvelope<Data>(envelope) ? envelope : undefined;
}
