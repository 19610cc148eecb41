import { Button, Group, Stack } from '@mantine/core';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { useIsSessionOver } from '../api.ts';
import { LeaveQuestion } from './leave-question.tsx';
import { Problem } from './problem.tsx';
import { SessionEnded } from './session-ended.tsx';
import { useUnsaved } from './use-unsaved.ts';

/** A change as far as its form has to know it. */
interface Act {
  readonly error: unknown;
  readonly isPending: boolean;
  readonly isSuccess: boolean;
  /** When it was sent last; 0 before. */
  readonly submittedAt: number;
}

/** Whether something was typed that was not sent yet, or was refused; and the field that it was typed into last. */
function useTyped({ isSuccess, submittedAt }: Act) {
  const [typedAfter, setTypedAfter] = useState<number>();
  const lastField = useRef<HTMLElement>(undefined);
  return {
    isTyped: typedAfter !== undefined && !(isSuccess && submittedAt > typedAfter),
    lastField,
    onInput({ target }: FormEvent): void {
      setTypedAfter(submittedAt);
      if (target instanceof HTMLElement) lastField.current = target;
    },
  };
}

/**
 * The fields that make a change, what went wrong with it, and the button that sends them; without an `action` they are
 * only read. `problem` takes the place of the error, `beside` stands next to the button. What was typed is not left
 * without a question, and stays where the session has ended meanwhile.
 */
export function ActForm({
  act,
  action,
  isReady = true,
  isChanged,
  problem = act.error !== null && <Problem error={act.error} />,
  beside,
  onSubmit,
  children,
}: {
  act: Act;
  action: string | undefined;
  /** Whether enough is filled in. */
  isReady?: boolean;
  /** Whether leaving it would lose something, for a form that knows; otherwise whatever was typed counts. */
  isChanged?: boolean;
  problem?: ReactNode;
  beside?: ReactNode;
  onSubmit: () => void;
  children: ReactNode;
}) {
  const { isTyped, lastField, onInput } = useTyped(act);
  const { isAsked, stay, leave } = useUnsaved(isChanged ?? isTyped, act.isPending);
  const isSessionOver = useIsSessionOver();
  return (
    <form
      onInput={onInput}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Stack>
        {children}
        {isSessionOver ? <SessionEnded /> : problem}
        {isAsked && (
          <LeaveQuestion
            title="Leave what you have typed?"
            lost="It was not sent yet, and is lost when you leave."
            stay="Stay here"
            leave="Leave it"
            onStay={() => {
              stay();
              lastField.current?.focus();
            }}
            onLeave={leave}
          />
        )}
        {action !== undefined && !isAsked && (
          <Group>
            <Button type="submit" loading={act.isPending} disabled={!isReady}>
              {action}
            </Button>
            {beside}
          </Group>
        )}
      </Stack>
    </form>
  );
}
