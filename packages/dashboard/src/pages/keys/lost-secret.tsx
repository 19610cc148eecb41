import { LatchkeyApiError } from '@latchkey/sdk';
import { Alert, Button, Stack, Text } from '@mantine/core';
import { Problem } from '../../components/problem.tsx';
import { takeFocus } from '../../components/take-focus.ts';

/** Whether an error says that the key was made before, by a request whose answer never arrived. */
export function isMadeBefore(error: unknown): boolean {
  return error instanceof LatchkeyApiError && error.code === 'IDEMPOTENT_REPLAY';
}

/** Learns of a key that was made: its secret, or nothing where that was lost on the way. */
export type OnMade = (made: { readonly apiKey: string | undefined }) => void;

/** Both ways in which somebody learns that a key was made. */
export function outcomeFor(onMade: OnMade) {
  return {
    onSuccess: onMade,
    onError: (error: unknown) => isMadeBefore(error) && onMade({ apiKey: undefined }),
  };
}

/** One key was made, and its secret was lost on the way: nobody can use it, and nobody can show it. */
export function LostSecret({ onClose }: { onClose: () => void }) {
  return (
    <Stack>
      <Alert color="yellow" title="The key was made, but its secret did not arrive" role="alert">
        <Text size="sm">
          The connection broke before the answer was here. There is one new key, not two, and nobody has seen
          its secret. Find it at the top of the list, revoke it, and make another.
        </Text>
      </Alert>
      <Button onClick={onClose} ref={takeFocus}>
        Show me the list
      </Button>
    </Stack>
  );
}

/** What went wrong while something was made; what may have happened all the same is said with it. */
export function MakingProblem({ error }: { error: unknown }) {
  if (error === null) return null;
  return (
    <Stack gap="xs">
      <Problem error={error} />
      {!(error instanceof LatchkeyApiError) && (
        <Text size="sm">You can press the button again: the key is made once, however often you do.</Text>
      )}
    </Stack>
  );
}
