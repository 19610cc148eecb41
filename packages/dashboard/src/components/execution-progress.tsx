import { Alert, Stack, Text } from '@mantine/core';
import { ClockTime } from './clock-time.tsx';
import type { Execution } from './use-execution.ts';

/** What is awaited now. */
function Awaited({ execution: { attempts, nextAttemptAt, givesUpAt } }: { execution: Execution }) {
  return (
    <Text size="sm">
      {nextAttemptAt === null ? (
        'Its target has been called, and what comes of it is awaited.'
      ) : (
        <>
          {attempts === 0 ? 'Its target is called ' : 'It is tried again '}
          at <ClockTime at={nextAttemptAt} />.
        </>
      )}{' '}
      Without a result it fails at <ClockTime at={givesUpAt} />.
    </Text>
  );
}

/** What became of the last attempt, when the next one is due, and when it is given up; nothing once it has succeeded. */
export function ExecutionProgress({ execution }: { execution: Execution }) {
  const { status, lastFailure } = execution;
  if (status === 'success') return null;
  const isPending = status === 'pending';
  if (lastFailure === null) return isPending ? <Awaited execution={execution} /> : null;
  const { attempt, message, at } = lastFailure;
  return (
    <Alert color="yellow" title={`Attempt ${attempt} failed`} role="note">
      <Stack gap="xs">
        <Text size="sm">
          {message} That was at <ClockTime at={at} />.
        </Text>
        {isPending && <Awaited execution={execution} />}
      </Stack>
    </Alert>
  );
}
