import { later, once } from './entry.ts';

/** Errors of the request as such. */
export const requestEntries = {
  INVALID_REQUEST: {
    status: 400,
    message: 'The request is not valid: {problem}',
    nextAction: 'Correct the request and send it again. The API reference is served at /docs.',
    ...once,
  },
  INVALID_JSON: {
    status: 400,
    message: 'The request body is not acceptable JSON: {problem}',
    nextAction: 'Send one JSON object, UTF-8, each name once, at most 32 levels deep.',
    ...once,
  },
  SECRET_IN_INPUT: {
    status: 400,
    message: 'The field {field} holds an API key. Nothing was stored.',
    nextAction: 'Send the key in its header only. If others may have seen it, revoke it.',
    ...once,
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    message: 'The request body must be sent as application/json.',
    nextAction: 'Set the header Content-Type: application/json.',
    ...once,
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    message: 'The request body is larger than this operation accepts.',
    nextAction: 'Send a smaller body.',
    ...once,
  },
  FORWARD_AUTH_MISCONFIGURED: {
    status: 500,
    message:
      'The proxy in front of this service asks for the verification of keys in a way that is not valid: {problem}',
    nextAction: 'Tell whoever runs the proxy: docs/guides/forward-auth.md says what it has to send.',
    ...once,
  },
  IDEMPOTENT_REPLAY: {
    status: 409,
    message: 'This request has been done before, and was not done again: {action} of {id}.',
    nextAction:
      'Look at what was made then. A secret is shown once: without it, revoke the key and make another.',
    ...once,
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    message: 'This Idempotency-Key belongs to another request. Nothing was done.',
    nextAction: 'Send a new Idempotency-Key with each new request, and the same one with its repetitions.',
    ...once,
  },
  NOT_FOUND: {
    status: 404,
    message: 'There is no operation at this method and path.',
    nextAction: 'Check the method and the path. The API reference is served at /docs.',
    ...once,
  },
  INTERNAL: {
    status: 500,
    message: 'Something went wrong on the server.',
    nextAction: 'Retry in a few seconds. If it goes on, give the operator the request id.',
    ...later,
  },
  UNAVAILABLE: {
    status: 503,
    message: 'The server cannot answer right now.',
    nextAction: 'Retry in a few seconds.',
    ...later,
  },
} as const;
