import { Alert, Button, Center, Paper, Stack, Text } from '@mantine/core';
import { Heading } from '../../components/heading.tsx';

/** The server writes this into the address of the start page when somebody came back without a session. */
function isUnfinished(search: string): boolean {
  return new URLSearchParams(search).get('signIn') === 'unfinished';
}

/** The way in, for whoever is not signed in. The pages that ask for the code are the server's. */
export function SignIn() {
  const { pathname, search, hash } = window.location;
  const unfinished = isUnfinished(search);
  const to = unfinished ? '/' : `${pathname}${search}${hash}`;
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder p="xl" maw={420}>
        <Stack>
          <Stack gap={2}>
            <Heading title="Sign in" path={pathname} />
            <Text c="dimmed">Latchkey: API keys for agents, CI and webhooks.</Text>
          </Stack>
          {unfinished && (
            <Alert color="yellow" title="You are not signed in" role="alert">
              The sign-in was cancelled, took longer than 30 minutes, or was begun in another browser. Nothing
              has happened; begin again here.
            </Alert>
          )}
          <Text>You need no password: we send a code to your email address.</Text>
          <Button component="a" href={`/session/begin?to=${encodeURIComponent(to)}`} size="md">
            Sign in
          </Button>
        </Stack>
      </Paper>
    </Center>
  );
}
