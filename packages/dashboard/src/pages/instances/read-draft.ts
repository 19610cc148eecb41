import { type Draft, type InputField, type Item, leavesOf } from './input-form.ts';

/** What is wrong with fields, by their paths, in words that go on after their names. */
export type Problems = ReadonlyMap<string, string>;

type Fields = Record<string, unknown>;

/** Something that was typed and is none of what it has to be. */
class Unreadable extends Error {}

function numberOf(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number)) throw new Unreadable('must be a number');
  return number;
}

function listOf(text: string, of: Item, isRequired: boolean): unknown[] | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0 && !isRequired) return undefined;
  return of === 'text' ? lines : lines.map(numberOf);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unreadable('must be JSON: texts and names in double quotes, no comma at the end');
  }
}

/** The value of a field; undefined for one that is left out. */
function typedValue(field: InputField, draft: Draft, problems: Map<string, string>): unknown {
  if (field.kind === 'group') {
    const members = field.fields.map((each) => [each.name, typedValue(each, draft, problems)] as const);
    const given = members.filter(([, value]) => value !== undefined);
    return given.length === 0 && !field.isRequired ? undefined : (Object.fromEntries(given) as Fields);
  }
  const text = draft.get(field.path) ?? '';
  try {
    if (field.kind === 'list') return listOf(text, field.of, field.isRequired);
    if (text.trim() === '' && (field.kind !== 'text' || !field.isRequired)) return undefined;
    if (field.kind === 'text') return text;
    return field.kind === 'number' ? numberOf(text) : parsed(text);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    problems.set(field.path, error.message);
    return undefined;
  }
}

/** The payload that was typed. What does not fit the schema is for the server to say; only what is no value is said here. */
export function readDraft(form: InputField, draft: Draft): { payload: Fields; problems: Problems } {
  const problems = new Map<string, string>();
  const value = typedValue(form, draft, problems) ?? {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { payload: value as Fields, problems };
  problems.set(form.path, 'must be an object, as in {"orderId": 42}');
  return { payload: {}, problems };
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || 'the whole';
}

/** What the server says of a payload (`/path must be …`), at the field that it is about; nothing where it is about none. */
export function placeProblem(form: InputField, problem: string): Problems {
  for (const { path, name } of leavesOf(form)) {
    if (problem === `${parentOf(path)} lacks ${name}.`) return new Map([[path, 'has to be given.']]);
    if (path !== '' && problem.startsWith(`${path} `))
      return new Map([[path, problem.slice(path.length + 1)]]);
    if (path !== '' && problem.startsWith(`${path}/`)) return new Map([[path, problem]]);
  }
  return new Map();
}

/** A payload as somebody could send it, for samples. */
export function sampleOf(field: InputField): unknown {
  if (field.kind === 'group') {
    const needed = field.fields.filter(({ isRequired }) => isRequired);
    return Object.fromEntries(needed.map((each) => [each.name, sampleOf(each)]));
  }
  const { initial } = field;
  if (field.kind === 'text') return initial === '' ? 'text' : initial;
  if (field.kind === 'number') return initial === '' ? 1 : Number(initial);
  if (field.kind === 'choice') return initial === '' ? field.options[0] : JSON.parse(initial);
  return field.kind === 'json' && initial !== '' ? JSON.parse(initial) : [];
}
