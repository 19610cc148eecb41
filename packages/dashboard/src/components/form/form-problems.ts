import { createContext, useContext, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Refused } from './refused-fields.ts';

/** What is wrong with a field. `isTold`: also while somebody types, since typing on does not mend it. */
export interface FieldProblem {
  readonly text: string;
  readonly isTold: boolean;
}

/** What the fields of a form learn of it. */
interface FormState {
  /** Whether somebody wanted to send it, and could not: all that is wrong is told from then on. */
  readonly isAsked: boolean;
  readonly refused: Refused;
}

/** Around the fields of a form. */
export const FormProblems = createContext<FormState>({ isAsked: false, refused: new Map() });

/**
 * What a field shows, and by which the form around finds that it is wrong. `name` is its path in the request, `about` the
 * codes of the errors that are about it.
 */
export function useFieldProblem(
  { name, about = [] }: { name?: string | undefined; about?: readonly string[] | undefined },
  own: FieldProblem | undefined,
) {
  const { isAsked, refused } = useContext(FormProblems);
  const told = own !== undefined && (isAsked || own.isTold) ? own.text : undefined;
  const error = told ?? [name ?? '', ...about].map((each) => refused.get(each)).find(Boolean);
  return { error, 'data-wrong': own === undefined ? undefined : true };
}

const marked = ':is(input, textarea, select)[aria-invalid=true]';

function goTo(field: HTMLElement): void {
  field.scrollIntoView({ block: 'center' });
  field.focus({ preventScroll: true });
}

/**
 * Sends a form only where nothing is wrong with it, and leads to the first field that is, also after the server has
 * refused it: `error` is what it said, `refused` that by fields. What is typed into since is not marked any more.
 */
export function useFormProblems(error: unknown, refused: Refused) {
  const form = useRef<HTMLFormElement>(null);
  const [isAsked, setIsAsked] = useState(false);
  const [isMarked, setIsMarked] = useState(false);
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  useLayoutEffect(() => {
    const first = error ? form.current?.querySelector<HTMLElement>(marked) : null;
    setIsMarked(Boolean(first));
    if (first) goTo(first);
    else if (error) form.current?.querySelector('[role=alert]')?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  return {
    form,
    /** Whether a field says what the server refused. */
    isMarked,
    state: { isAsked, refused: new Map([...refused].filter(([name]) => !changed.has(name))) },
    onInput({ target }: { readonly target: EventTarget }): void {
      if ('name' in target) setChanged((before) => new Set([...before, String(target.name)]));
    },
    /** Whether it can be sent; if not, the first field that is wrong has the focus, and says why. */
    isRight(): boolean {
      const first = form.current?.querySelector<HTMLElement>('[data-wrong]');
      // What is wrong stands beside the field before a screen reader gets there.
      flushSync(() => {
        setIsAsked(Boolean(first));
        setChanged(new Set());
      });
      if (first) goTo(first);
      return !first;
    },
  };
}
