import { jsonText } from '../../../components/json-text.ts';
import { plainCurl, signedCurl } from './curl.ts';
import { gapsComment } from './gaps.ts';
import { plainJavaScript, signedJavaScript } from './javascript.ts';
import { plainPython, signedPython } from './python.ts';
import type { Plain, Signed } from './request.ts';

/** The four ways in, as somebody chooses them. */
export const ways = [
  { value: 'instance-key', label: 'Instance key, in a header' },
  { value: 'organization-key', label: 'Organization key, in a header' },
  { value: 'signature', label: 'Signed webhook' },
  { value: 'query-key', label: 'Instance key, in the URL' },
] as const;
export type Way = (typeof ways)[number]['value'];

export const languages = ['curl', 'JavaScript', 'Python'] as const;
export type Language = (typeof languages)[number];

/** What a sample is about. Without an `apiKey` it takes that out of `LATCHKEY_INSTANCE_KEY`. */
export interface Called {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly payload: unknown;
  /** Where in the payload no value was found that its schema allows, as JSON Pointers. */
  readonly gaps?: readonly string[];
}

type Writers<Asked> = Readonly<Record<Language, (asked: Asked) => string>>;

const plain: Writers<Plain> = { curl: plainCurl, JavaScript: plainJavaScript, Python: plainPython };
const signed: Writers<Signed> = { curl: signedCurl, JavaScript: signedJavaScript, Python: signedPython };

/** The object itself, as the form of the dashboard has it; `payload` says so where it has a member of that name. */
function bodyOf(payload: unknown): string {
  const isAmbiguous = typeof payload === 'object' && payload !== null && 'payload' in payload;
  return jsonText(isAmbiguous ? { payload } : payload, 0);
}

const instanceKeyVariable = 'LATCHKEY_INSTANCE_KEY';

/** The header that says who asks: an organization key, otherwise the key of the instance. */
function withHeader(way: Way, apiKey: string | undefined): Required<Pick<Plain, 'header'>> {
  if (way === 'organization-key')
    return { header: { name: 'X-Process-Manager-Key', variable: 'LATCHKEY_API_KEY' } };
  const value = apiKey === undefined ? { variable: instanceKeyVariable } : { value: apiKey };
  return { header: { name: 'X-API-Key', ...value } };
}

function programFor(way: Way, language: Language, { url, apiKey, payload }: Called): string {
  if (way === 'signature') return signed[language]({ url, body: jsonText(payload, 0) });
  const body = bodyOf(payload);
  if (way !== 'query-key') return plain[language]({ url, body, ...withHeader(way, apiKey) });
  const asked = `${url}?api_key=${apiKey ?? ''}`;
  return plain[language]({ url: asked, body, ...(apiKey === undefined && { urlEnd: instanceKeyVariable }) });
}

/**
 * A program that triggers a workflow in one of the four ways, ready to be run: by a shell, by Node.js as a module, or by
 * Python 3.9. What Latchkey does not know comes out of the environment: `LATCHKEY_API_KEY`, `WEBHOOK_SECRET`, and
 * `LATCHKEY_INSTANCE_KEY` where the key is not shown.
 */
export function sampleFor(way: Way, language: Language, called: Called): string {
  return `${gapsComment(language === 'JavaScript' ? '//' : '#', called.gaps ?? [])}${programFor(way, language, called)}`;
}

/**
 * A program that reads what came of an execution, whose id comes out of `EXECUTION_ID`. `statusUrl` is what stands before
 * the id. A signature lets nobody read, so there it is the key of the instance, as in the header of the other ways.
 */
export function statusSampleFor(
  way: Way,
  language: Language,
  { statusUrl, apiKey }: { readonly statusUrl: string; readonly apiKey: string | undefined },
): string {
  return plain[language]({ url: statusUrl, urlEnd: 'EXECUTION_ID', ...withHeader(way, apiKey) });
}
