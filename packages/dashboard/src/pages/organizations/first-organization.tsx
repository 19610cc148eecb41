import { Anchor, Button, Center, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';

const nameLength = { min: 2, max: 100 };

/** Says where an invitation is: whoever signs in is asked whether they accept it. */
function Invited({ email }: { email: string }) {
  return (
    <Text size="sm">
      Has somebody invited you? The invitation must be for <strong>{email}</strong>, and you are asked about
      it when you sign in. <Anchor href="/session/begin?to=/">Look for invitations</Anchor>
    </Text>
  );
}

/** For whoever belongs to no organization: keys belong to one. The gate leads on when there is one. */
export function FirstOrganization({ email }: { email: string }) {
  const create = useAct('organizations.create');
  const signOut = useAct('sessions.end');
  const [name, setName] = useState('');
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder p="xl" maw={480} w="100%">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate({ name: name.trim() });
          }}
        >
          <Stack>
            <PageHeader
              title="Create your organization"
              purpose="Keys, workflows and people belong to one. You become its owner."
            />
            <TextInput
              label="Name"
              description="Of your company or team"
              autoComplete="organization"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              minLength={nameLength.min}
              maxLength={nameLength.max}
              required
            />
            {create.error !== null && <Problem error={create.error} />}
            <Group>
              <Button type="submit" loading={create.isPending} disabled={name.trim().length < nameLength.min}>
                Create organization
              </Button>
              <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate({})}>
                Sign out
              </Button>
            </Group>
            <Invited email={email} />
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
