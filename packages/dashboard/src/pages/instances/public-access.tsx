import { Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useInputState } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { CodeSample } from '../../components/code-sample.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { InstanceKey } from './instance-key.tsx';
import { gapsText } from './samples/gaps.ts';
import { samplePayload } from './samples/payload.ts';
import { type Language, languages, sampleFor, statusSampleFor, type Way, ways } from './samples/samples.ts';
import type { Instance } from './trigger-panel.tsx';

function hintFor(way: Way, { queryKeys }: Instance): string {
  if (way === 'instance-key') return 'For programs that call this instance alone.';
  if (way === 'organization-key')
    return 'For CI and servers that call several: a key from Keys that may trigger workflows, in LATCHKEY_API_KEY.';
  if (way === 'signature')
    return 'For senders that sign: paste their secret under API Access. Here by Standard Webhooks, with the secret in WEBHOOK_SECRET.';
  return queryKeys
    ? 'For senders that cannot set headers. The key then shows in their logs: prefer a header where you can.'
    : 'This is switched off for this instance: such a request is refused. Switch it on under Settings.';
}

/** Where others trigger an instance, with what, and programs that do. */
export function PublicAccess({ instance, isAdmin }: { instance: Instance; isAdmin: boolean }) {
  const { workflows, processInstanceId } = instance;
  const [apiKey, setApiKey] = useState<string>();
  const [workflowId, setWorkflowId] = useInputState(workflows[0]?.workflowId);
  const [way, setWay] = useInputState<Way>('instance-key');
  const [language, setLanguage] = useInputState<Language>('curl');
  const workflow = workflows.find((each) => each.workflowId === workflowId);
  const sample = useMemo(() => samplePayload(workflow?.inputSchema ?? null), [workflow]);
  const called = workflow && { url: workflow.triggerUrl, apiKey, ...sample };
  // Both stand at the same address of the server.
  const statusUrl = `${workflow?.triggerUrl.split('/webhook/')[0]}/status/${processInstanceId}/`;
  return (
    <Stack gap="xl">
      <Text>
        For your own programs: the URLs, the key, and samples that are ready to run. Services that sign what
        they send, such as Stripe and GitHub, belong under{' '}
        <PageLink from="/o/$organizationId/instances/$instanceId" search={{ tab: 'api' }} replace>
          API Access
        </PageLink>
        .
      </Text>
      <Stack gap="sm">
        <Title order={2} size="h5">
          URLs
        </Title>
        {workflows.map(({ workflowId: id, name, triggerUrl }) => (
          <CodeSample key={id} label={`URL of ${name}`} code={triggerUrl} />
        ))}
      </Stack>
      <InstanceKey instance={instance} apiKey={apiKey} isAdmin={isAdmin} onKey={setApiKey} />
      <Stack gap="sm">
        <Title order={2} size="h5">
          Ready to run
        </Title>
        <Group align="end">
          {workflows.length > 1 && (
            <NativeSelect
              label="Workflow"
              data={workflows.map(({ workflowId: value, name: label }) => ({ value, label }))}
              value={workflowId}
              onChange={setWorkflowId}
            />
          )}
          <NativeSelect label="Way in" data={ways} value={way} onChange={setWay} />
          <NativeSelect label="Language" data={languages} value={language} onChange={setLanguage} />
        </Group>
        <Text size="sm">{hintFor(way, instance)}</Text>
        {way !== 'organization-key' && apiKey === undefined && (
          <Text size="sm">
            The key of the instance is not shown, so it is taken from the variable LATCHKEY_INSTANCE_KEY.{' '}
            {isAdmin ? 'Show the key above to have it filled in.' : 'Ask an owner or admin for it.'}
          </Text>
        )}
        {sample.gaps.length > 0 && (
          <Text size="sm">
            The sample does not run as it stands: no value could be made up that fits the input schema at{' '}
            {gapsText(sample.gaps)}. Put one of yours there.
          </Text>
        )}
        {called !== undefined && (
          <>
            <CodeSample label="Sample" code={sampleFor(way, language, called)} />
            <Text size="sm">
              Its answer has an executionId. With that in the variable EXECUTION_ID, this reads what came of
              it:
            </Text>
            <CodeSample label="Result sample" code={statusSampleFor(way, language, { statusUrl, apiKey })} />
          </>
        )}
      </Stack>
    </Stack>
  );
}
