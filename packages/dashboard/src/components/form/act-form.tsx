import { LatchkeyApiError } from '@latchkey/sdk';
import { Group, Stack, Text } from '@mantine/core';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { useIsSessionOver } from '../../api.ts';
import { Problem } from '../problem.tsx';
import { SessionEnded } from '../session-ended.tsx';
import { ActButton } from './act-button.tsx';
import { FormProblems, useFormProblems } from './form-problems.ts';
import { LeaveQuestion } from './leave-question.tsx';
import { type Refused, refusedFields } from './refused-fields.ts';
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

/** Whether an error says nothing but which fields are wrong. */
function isAboutFields(error: unknown): boolean {
  return error instanceof LatchkeyApiError && error.code === 'INVALID_REQUEST';
}

/** Stands where an error would, while fields say themselves what is wrong. */
function Marked() {
  return (
    <Text role="alert" c="error" size="sm">
      Nothing was sent or changed. Correct what is marked above.
    </Text>
  );
}

/**
 * The fields that make a change, what went wrong with it, and the button that sends them; without an `action` they are
 * only read. `problem` takes the place of the error, `refused` that of what it says of fields, and `beside` stands next to
 * the button. Nothing is sent while a field (TextField and its like) is wrong: the first one has the focus then. What was
 * typed is not left without a question, and stays where the session has ended meanwhile.
 */
export function ActForm({
  act,
  action,
  isReady = true,
  isChanged,
  problem = act.error !== null && <Problem error={act.error} />,
  refused = refusedFields(act.error),
  beside,
  onSubmit,
  children,
}: {
  act: Act;
  action: string | undefined;
  /** Whether there is anything to send. */
  isReady?: boolean;
  /** Whether leaving it would lose something, for a form that knows; otherwise whatever was typed counts. */
  isChanged?: boolean;
  problem?: ReactNode;
  refused?: Refused;
  beside?: ReactNode;
  onSubmit: () => void;
  children: ReactNode;
}) {
  const { isTyped, lastField, onInput } = useTyped(act);
  const { isAsked, stay, leave } = useUnsaved(isChanged ?? isTyped, act.isPending);
  const isSessionOver = useIsSessionOver();
  const problems = useFormProblems(act.error, refused);
  const isMarked = problems.state.isAsked || (problems.isMarked && isAboutFields(act.error));
  const shown = isMarked ? <Marked /> : problem;
  return (
    <form
      ref={problems.form}
      noValidate
      onInput={(event) => {
        onInput(event);
        problems.onInput(event);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !act.isPending && problems.isRight()) onSubmit();
      }}
    >
      <Stack>
        <FormProblems value={problems.state}>{children}</FormProblems>
        {isSessionOver ? <SessionEnded /> : shown}
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
            <ActButton type="submit" loading={act.isPending} disabled={!isReady}>
              {action}
            </ActButton>
            {beside}
          </Group>
        )}
      </Stack>
    </form>
  );
}
