import { createActions, isHarmless, violation } from './model-actions-for-tests.ts';
import { initialState, type Rules, type Scope, type State } from './model-state-for-tests.ts';

/** What an exploration has found. */
export interface Exploration {
  readonly states: number;
  readonly steps: number;
  /** What went wrong, and the shortest way there. */
  readonly fault: { readonly what: string; readonly way: readonly string[] } | undefined;
}

/** Everything of a state in few characters: its members in their order, small numbers as one character each. */
function encode(value: unknown): string {
  if (typeof value === 'number') return String.fromCodePoint(value + 100);
  if (typeof value === 'boolean') return value ? '+' : '-';
  if (typeof value === 'string') return value.slice(0, 3);
  if (typeof value !== 'object' || value === null) return '.';
  let text = Array.isArray(value) ? '[' : '';
  for (const member of Object.values(value)) text += encode(member);
  return Array.isArray(value) ? `${text}]` : text;
}

function copy<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy) as Value;
  const copied: Record<string, unknown> = {};
  for (const name in value) copied[name] = copy(value[name]);
  return copied as Value;
}

/** How the states that were seen were reached. */
interface Ways {
  readonly parents: number[];
  readonly names: string[];
}

function wayTo({ parents, names }: Ways, index: number): string[] {
  const way: string[] = [];
  for (let each = index; each > 0; each = parents[each] ?? 0) way.unshift(names[each] ?? '');
  return way;
}

/** Explores everything that can happen within a scope, the shortest ways first, up to the first fault. */
export function explore(rules: Rules, scope: Scope): Exploration {
  const { act, waitOut } = createActions(rules, scope);
  const states: (State | undefined)[] = [initialState(scope)];
  const known = new Set([encode(states[0])]);
  const ways: Ways = { parents: [0], names: [''] };
  let steps = 0;
  for (let index = 0; index < states.length; index += 1) {
    const state = states[index];
    states[index] = undefined;
    if (state === undefined) continue;
    const what = violation(rules, scope, state) ?? waitOut(copy(state));
    if (what !== undefined) return { states: known.size, steps, fault: { what, way: wayTo(ways, index) } };
    if (isHarmless(state)) continue;
    act(state, (name, change) => {
      steps += 1;
      const next = copy(state);
      change(next);
      const text = encode(next);
      if (known.has(text)) return;
      known.add(text);
      states.push(next);
      ways.parents.push(index);
      ways.names.push(name);
    });
  }
  return { states: known.size, steps, fault: undefined };
}
