import { jsonText } from '../../../components/json-text.ts';

/** A request without a signature. A header that comes out of the environment is named by its variable. */
export interface Plain {
  readonly url: string;
  /** The variable of the environment that the URL ends with. */
  readonly urlEnd?: string;
  /** None for what is only read. */
  readonly body?: string;
  readonly header?: { readonly name: string; readonly value?: string; readonly variable?: string };
}

/** What is sent with a signature. */
export type Signed = Required<Pick<Plain, 'url' | 'body'>>;

/** A string literal, which JavaScript and Python read the same. */
export function literal(text: string): string {
  return jsonText(text, 0);
}

/** What every body is. */
export const json = { name: 'Content-Type', value: 'application/json' };

/** The headers of a request as members of an object, which JavaScript and Python write the same. */
export function headersOf({ body, header }: Plain, variable: (name: string) => string): string {
  const own = header && {
    name: header.name,
    value: header.value === undefined ? variable(header.variable ?? '') : literal(header.value),
  };
  const sent = [
    ...(body === undefined ? [] : [{ name: json.name, value: literal(json.value) }]),
    own ?? [],
  ].flat();
  return sent.map(({ name, value }) => `${literal(name)}: ${value}`).join(', ');
}
