import { Stack, Text } from '@mantine/core';
import { useAsked } from '../../api.ts';
import { CodeSample } from '../../components/code-sample.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { sampleFor } from '../instances/samples.ts';

/** How the first workflow of an instance is triggered. Its key is shown on its own page, where that is written down. */
function Sample({ processInstanceId }: { processInstanceId: string }) {
  const url = useAsked('instances.get', { processInstanceId }).data?.workflows[0]?.triggerUrl;
  if (url === undefined) return null;
  const code = sampleFor('instance-key', 'curl', { url, apiKey: undefined, payload: {} });
  return <CodeSample label="the first trigger" code={code} />;
}

/** Teaches whoever has triggered nothing yet how that is done. */
export function FirstTrigger({ organizationId }: { organizationId: string }) {
  const { data } = useAsked('instances.list', { organizationId, limit: 1 });
  const [instance] = data?.instances ?? [];
  if (data === undefined) return null;
  if (instance === undefined) {
    return (
      <EmptyState
        title="Nothing has been triggered yet"
        action={
          <PageLink to="/o/$organizationId/instances" params={{ organizationId }}>
            Make an instance
          </PageLink>
        }
      >
        An execution is one run of a workflow. Make an instance first: it has workflows, and a key that
        triggers them.
      </EmptyState>
    );
  }
  const { processInstanceId, title } = instance;
  return (
    <EmptyState title="Trigger your first workflow">
      <Stack w="100%">
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
