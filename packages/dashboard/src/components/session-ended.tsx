import { Alert, Anchor, Text } from '@mantine/core';

/** Leads somebody whose session has ended back in, beside what they are in the middle of. */
export function SessionEnded() {
  return (
    <Alert color="yellow" title="Your session has ended" role="alert">
      <Text size="sm">
        <Anchor c="inherit" underline="always" href="/session/sign-in" target="_blank" rel="noopener">
          Sign in in another tab
        </Anchor>
        , then try again. What you have typed stays here.
      </Text>
    </Alert>
  );
}
