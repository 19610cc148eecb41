import { Button, Center, Paper, Stack, Text, Title } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';

/** The way in, for whoever is not signed in. The pages that ask for the code are the server's. */
export function SignIn() {
  const { href } = useLocation();
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder p="xl" maw={420}>
        <Stack>
          <Title order={1} size="h2">
            Latchkey
          </Title>
          <Text>
            API keys for agents, CI and webhooks. Sign in with your email address: we send you a code.
          </Text>
          <Button component="a" href={`/session/begin?to=${encodeURIComponent(href)}`} size="md">
            Sign in
          </Button>
        </Stack>
      </Paper>
    </Center>
  );
}
