import { Alert, Code, Text } from '@mantine/core';

/** Says to whoever has pasted a key into the search what became of it. */
export function PastedKey({ toldBy }: { toldBy: string }) {
  return (
    <Alert color="yellow" title="That was a secret: it was not sent" role="status">
      <Text size="sm">
        This page looks for <Code>{toldBy}</Code> instead, which is all that it needs. A key that was pasted
        somewhere by mistake, or that others may have seen, is best revoked and replaced.
      </Text>
    </Alert>
  );
}
