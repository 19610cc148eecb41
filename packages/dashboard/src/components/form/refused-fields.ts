import { LatchkeyApiError } from '@latchkey/sdk';

/** What was refused of a form, in words, by the name of the field or by the code of the error. */
export type Refused = ReadonlyMap<string, string>;

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `workflows.0.workflowId: must be a slug. title: is missing.`: one sentence a field. */
const aboutField = /(?:^|\. )([A-Za-z0-9.]+): (.+?)(?=\. [A-Za-z0-9.]+: |\.$)/g;

/** What the server says of each field of a request; nothing where it could not say, or was not asked. */
export function refusedFields(error: unknown): Refused {
  if (!(error instanceof LatchkeyApiError)) return new Map();
  const { problem, field } = (error.details ?? {}) as Record<string, unknown>;
  if (error.code === 'INVALID_REQUEST') {
    const said = [...String(problem).matchAll(aboutField)];
    return new Map(said.map(([, name = '', what = '']) => [name, sentence(what)]));
  }
  if (error.code === 'SECRET_IN_INPUT')
    return new Map([[String(field), 'This holds an API key. Nothing was stored.']]);
  return new Map([[error.code, error.message]]);
}
