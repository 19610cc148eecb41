import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { takeFocus } from '../take-focus.ts';

/** Takes the place of the buttons when somebody is about to leave what is not saved. `stay` has the focus. */
export function LeaveQuestion({
  title,
  lost,
  stay,
  leave,
  onStay,
  onLeave,
}: {
  title: string;
  /** What leaving costs, in a sentence. */
  lost: string;
  stay: string;
  leave: string;
  onStay: () => void;
  onLeave: () => void;
}) {
  return (
    <Alert color="red" title={title} role="alert">
      <Stack gap="xs">
        <Text size="sm">{lost}</Text>
        <Group>
          <Button onClick={onStay} ref={takeFocus}>
            {stay}
          </Button>
          <Button color="red" onClick={onLeave}>
            {leave}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
