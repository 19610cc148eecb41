import { LatchkeyApiError, TransportError } from '@latchkey/sdk';
import { Alert, Button, Stack, Text } from '@mantine/core';
import { isSignedOut } from '../api.ts';
import { SessionEnded } from './session-ended.tsx';

/** What to do about an error, in the server's words where it has some. */
function nextActionOf(error: unknown): string | undefined {
  if (error instanceof LatchkeyApiError) return error.nextAction;
  if (error instanceof TransportError) return 'Check your connection, then try again.';
  return undefined;
}

/** An error with its way on. */
export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  if (isSignedOut(error)) return <SessionEnded />;
  const next = nextActionOf(error);
  return (
    <Alert color="red" title={error instanceof Error ? error.message : 'Something went wrong'} role="alert">
      <Stack align="start" gap="xs">
        {next !== undefined && <Text size="sm">{next}</Text>}
        {onRetry !== undefined && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
