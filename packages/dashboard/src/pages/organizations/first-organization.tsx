import { Anchor, Button, Center, Paper, Stack, Text } from '@mantine/core';
import { useInputState } from '@mantine/hooks';
import { RouterContextProvider } from '@tanstack/react-router';
import { useAct } from '../../api.ts';
import { ActForm } from '../../components/form/act-form.tsx';
import { TextField } from '../../components/form/text-field.tsx';
import { Heading } from '../../components/heading.tsx';
import { useSignOut } from '../../components/use-sign-out.ts';
import { router } from '../../router.tsx';

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

/** Of a membership that has ended nothing is kept that could say so to them: the sentence fits whoever reads it. */
function Removed() {
  return (
    <Text size="sm">
      Did you belong to one until now? You do not any more: somebody has removed you, or you have left. Ask an
      owner or admin of it to invite you again.
    </Text>
  );
}

/** For whoever belongs to no organization: keys belong to one. The gate leads on when there is one. */
export function FirstOrganization({ email }: { email: string }) {
  const create = useAct('organizations.create');
  const { signOut, isPending: isLeaving } = useSignOut('here');
  const [name, setName] = useInputState('');
  return (
    <Center mih="100vh" p="md">
      <Paper withBorder p="xl" maw={480} w="100%">
        <Stack>
          <Stack gap={2}>
            <Heading title="Create your organization" path={window.location.pathname} />
            <Text c="dimmed">Keys, workflows and people belong to one. You become its owner.</Text>
          </Stack>
          {/* There is no page yet, and the form asks the router before it is left. */}
          <RouterContextProvider router={router}>
            <ActForm
              act={create}
              action="Create organization"
              beside={
                <Button variant="default" loading={isLeaving} onClick={signOut}>
                  Sign out
                </Button>
              }
              onSubmit={() => create.mutate({ name: name.trim() })}
            >
              <TextField
                label="Name"
                name="name"
                description="Of your company or team"
                autoComplete="organization"
                value={name}
                onChange={setName}
                minLength={nameLength.min}
                maxLength={nameLength.max}
                required
              />
            </ActForm>
          </RouterContextProvider>
          <Invited email={email} />
          <Removed />
        </Stack>
      </Paper>
    </Center>
  );
}
