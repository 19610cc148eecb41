import { Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Problem } from './problem.tsx';

/**
 * The fields that make a change, what went wrong with it, and the button that sends them; without an `action` they are
 * only read. `problem` takes the place of the error, `beside` stands next to the button.
 */
export function ActForm({
  act: { error, isPending },
  action,
  isReady = true,
  problem = error !== null && <Problem error={error} />,
  beside,
  onSubmit,
  children,
}: {
  act: { readonly error: unknown; readonly isPending: boolean };
  action: string | undefined;
  /** Whether enough is filled in. */
  isReady?: boolean;
  problem?: ReactNode;
  beside?: ReactNode;
  onSubmit: () => void;
  children: ReactNode;
}) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Stack>
        {children}
        {problem}
        {action !== undefined && (
          <Group>
            <Button type="submit" loading={isPending} disabled={!isReady}>
              {action}
            </Button>
            {beside}
          </Group>
        )}
      </Stack>
    </form>
  );
}
