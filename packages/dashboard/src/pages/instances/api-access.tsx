import { Paper, Stack, Text, Title } from '@mantine/core';
import { CodeSample } from '../../components/code-sample.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { Deliveries } from './deliveries.tsx';
import { SigningSecrets } from './signing-secrets.tsx';
import type { Instance } from './trigger-panel.tsx';

/** Who may trigger each workflow by a signature, and what came of it. */
export function ApiAccess({ instance, canManage }: { instance: Instance; canManage: boolean }) {
  return (
    <Stack>
      <Text>
        For services that sign what they send, such as Stripe and GitHub. They need the URL, and no key. For
        your own programs, the key and samples are under{' '}
        <PageLink from="/o/$organizationId/instances/$instanceId" search={{ tab: 'public' }} replace>
          Public API Access
        </PageLink>
        .
      </Text>
      {instance.workflows.map(({ workflowId, name, triggerUrl }) => {
        const endpoint = { processInstanceId: instance.processInstanceId, workflowId };
        return (
          <Paper key={workflowId} withBorder p="md">
            <Stack>
              <Title order={2} size="h5">
                {name}
              </Title>
              <CodeSample label={`Public URL of ${name}`} code={triggerUrl} />
              <SigningSecrets endpoint={endpoint} name={name} canManage={canManage} />
              <Deliveries organizationId={instance.organizationId} endpoint={endpoint} name={name} />
            </Stack>
          </Paper>
        );
      })}
    </Stack>
  );
}
