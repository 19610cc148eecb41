import { Stack, Text } from '@mantine/core';
import { useAsked } from '../../api.ts';
import { CodeSample } from '../../components/code-sample.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { useRole } from '../../components/use-role.ts';
import { seenExecutions } from '../../components/what-you-see.ts';
import { sampleFor } from '../instances/samples/samples.ts';

/** How the first workflow of an instance is triggered. Its key is shown on its own page, where that is written down. */
function Sample({ processInstanceId }: { processInstanceId: string }) {
  const url = useAsked('instances.get', { processInstanceId }).data?.workflows[0]?.triggerUrl;
  if (url === undefined) return null;
  const code = sampleFor('instance-key', 'curl', { url, apiKey: undefined, payload: {} });
  return <CodeSample label="the first trigger" code={code} />;
}

/** Teaches whoever sees no execution yet how one comes about; others may have triggered what they do not see. */
export function FirstTrigger({ organizationId }: { organizationId: string }) {
  const { data } = useAsked('instances.list', { organizationId, limit: 1 });
  const { role, isAdmin } = useRole(organizationId);
  const [instance] = data?.instances ?? [];
  if (data === undefined || role === undefined) return null;
  const unseen = isAdmin ? undefined : 'No execution that you may see';
  if (instance === undefined) {
    return (
      <EmptyState
        title={unseen ?? 'Nothing has been triggered yet'}
        action={
          <PageLink to="/o/$organizationId/instances" params={{ organizationId }}>
            {isAdmin ? 'Make an instance' : 'To the instances'}
          </PageLink>
        }
      >
        {isAdmin
          ? 'An execution is one run of a workflow. Make an instance first: it has workflows, and a key that triggers them.'
          : seenExecutions}
      </EmptyState>
    );
  }
  const { processInstanceId, title } = instance;
  return (
    <EmptyState title={unseen ?? 'Trigger your first workflow'}>
      <Stack w="100%">
        {!isAdmin && <Text>{seenExecutions}</Text>}
        <Text>
          An execution is one run of a workflow. Send a request to {title} with its key, and the execution
          shows up here by itself.
        </Text>
        <Sample processInstanceId={processInstanceId} />
        <PageLink
          to="/o/$organizationId/instances/$instanceId"
          params={{ organizationId, instanceId: processInstanceId }}
        >
          Open {title}, which has the key and a form that triggers it
        </PageLink>
      </Stack>
    </EmptyState>
  );
}
