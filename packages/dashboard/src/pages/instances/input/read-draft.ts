import { type Draft, type InputField, type Item, isSchema, leavesOf } from './input-form.ts';
import { expectedBy } from './input-rules.ts';

/** What is wrong with fields, by their paths. */
export type Problems = ReadonlyMap<string, string>;

type Fields = Record<string, unknown>;

/** Something that was typed and is none of what it has to be. */
class Unreadable extends Error {}

function numberOf(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number)) throw new Unreadable('A number, such as 42 or 1.5.');
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
    throw new Unreadable('JSON: texts and names in double quotes, no comma at the end.');
  }
}

/** Nothing of a group that may be left out and was is asked for, whatever it would need. */
function isLeftOut(group: InputField, draft: Draft): boolean {
  return !group.isRequired && leavesOf(group).every(({ path }) => (draft.get(path) ?? '') === '');
}

/** The value of one field; undefined for one that is left out. Throws `Unreadable` for what is none. */
function leafValue(field: Exclude<InputField, { kind: 'group' }>, text: string): unknown {
  if (field.kind === 'list') return listOf(text, field.of, field.isRequired);
  if (field.kind === 'text' && text !== '') return text;
  if (text.trim() === '') {
    if (field.isRequired) throw new Unreadable(field.kind === 'choice' ? 'Choose one.' : 'Fill this in.');
    return undefined;
  }
  return field.kind === 'number' ? numberOf(text) : parsed(text);
}

/** The value of a field and all in it; undefined for one that is left out. */
function typedValue(field: InputField, draft: Draft, problems: Map<string, string>): unknown {
  if (field.kind === 'group') {
    if (isLeftOut(field, draft)) return undefined;
    const members = field.fields.map((each) => [each.name, typedValue(each, draft, problems)] as const);
    return Object.fromEntries(members.filter(([, value]) => value !== undefined)) as Fields;
  }
  try {
    return leafValue(field, draft.get(field.path) ?? '');
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    problems.set(field.path, error.message);
    return undefined;
  }
}

/**
 * The payload that was typed. What does not fit the schema is for the server to say; what is missing, or no value at all,
 * is said here.
 */
export function readDraft(form: InputField, draft: Draft): { payload: Fields; problems: Problems } {
  const problems = new Map<string, string>();
  const value = typedValue(form, draft, problems) ?? {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { payload: value as Fields, problems };
  problems.set(form.path, 'An object, such as {"orderId": 42}.');
  return { payload: {}, problems };
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || 'the whole';
}

/** What is said of a part of a value (`1 does not meet pattern.`): of a list that is a line, counted without empty ones. */
function partProblem({ kind, schema }: InputField, problem: string): string {
  const { index, said = '' } = /^(?<index>\d+) (?<said>.+)$/s.exec(problem)?.groups ?? {};
  if (kind !== 'list' || index === undefined) return `In it, /${problem}`;
  return `Line ${Number(index) + 1}: ${expectedBy(isSchema(schema.items) ? schema.items : {}, said)}`;
}

/** What the server says of a payload (`/path must be …`), at the field that it is about; nothing where it is about none. */
export function placeProblem(form: InputField, problem: string): Problems {
  for (const field of leavesOf(form)) {
    const { path, name, schema } = field;
    if (problem === `${parentOf(path)} lacks ${name}.`) return new Map([[path, 'Fill this in.']]);
    const rest = problem.slice(path.length + 1);
    if (path !== '' && problem.startsWith(`${path} `)) return new Map([[path, expectedBy(schema, rest)]]);
    if (path !== '' && problem.startsWith(`${path}/`)) return new Map([[path, partProblem(field, rest)]]);
  }
  return new Map();
}
