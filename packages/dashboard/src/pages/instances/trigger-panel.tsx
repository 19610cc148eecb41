import type { Output } from '@latchkey/protocol';
import { LatchkeyApiError } from '@latchkey/sdk';
import { Alert, NativeSelect, Stack, Text } from '@mantine/core';
import { useInputState } from '@mantine/hooks';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { ActForm } from '../../components/form/act-form.tsx';
import { InputFields } from './input/input-fields.tsx';
import { type Draft, initialDraft, inputForm } from './input/input-form.ts';
import { type Problems, placeProblem, readDraft } from './input/read-draft.ts';
import { LiveResult } from './live-result.tsx';

/** An instance, whole. */
export type Instance = Output<'instances.get'>;

/** A workflow of it. */
export type Workflow = Instance['workflows'][number];

const none: Problems = new Map();

/** What the server says is wrong with a payload; nothing for any other error. */
function payloadProblem(error: unknown): string | undefined {
  if (!(error instanceof LatchkeyApiError) || error.code !== 'PAYLOAD_INVALID') return undefined;
  const { problem } = (error.details ?? {}) as { readonly problem?: unknown };
  return typeof problem === 'string' ? problem : undefined;
}

function Form({ instance, workflow }: { instance: Instance; workflow: Workflow }) {
  const { organizationId, processInstanceId } = instance;
  const trigger = useAct('instances.trigger');
  const [form] = useState(() => inputForm(workflow.inputSchema));
  const [draft, setDraft] = useState<Draft>(() => initialDraft(form));
  const refusal = payloadProblem(trigger.error);
  const { payload, problems } = readDraft(form, draft);
  const fields = form.kind === 'group' ? form.fields : [form];
  return (
    <Stack>
      <ActForm
        act={trigger}
        action="Trigger"
        isReady={instance.isActive}
        refused={refusal === undefined ? none : placeProblem(form, refusal)}
        beside={
          <Text role="status" size="sm">
            {trigger.isSuccess ? 'Triggered. What comes of it is shown below.' : ''}
          </Text>
        }
        onSubmit={() => trigger.mutate({ processInstanceId, workflowId: workflow.workflowId, payload })}
      >
        {workflow.inputSchema === null && (
          <Text size="sm">It has no input schema: send any object. With a schema, this becomes a form.</Text>
        )}
        <InputFields
          fields={fields}
          draft={draft}
          problems={problems}
          onType={(path, text) => setDraft((before) => new Map(before).set(path, text))}
        />
      </ActForm>
      {trigger.data !== undefined && (
        <LiveResult
          organizationId={organizationId}
          processInstanceId={processInstanceId}
          executionId={trigger.data.executionId}
        />
      )}
    </Stack>
  );
}

/** Triggers a workflow as the person who is signed in, by a form of its input schema, and follows what comes of it. */
export function TriggerPanel({ instance, canTrigger }: { instance: Instance; canTrigger: boolean }) {
  const { workflows, isActive, archived } = instance;
  const [workflowId, setWorkflowId] = useInputState(workflows[0]?.workflowId);
  const workflow = workflows.find((each) => each.workflowId === workflowId);
  if (archived) return <Text>It was archived, for good: it cannot be triggered any more.</Text>;
  if (!canTrigger) return <Text>You can look, but not trigger: ask an owner or admin for another role.</Text>;
  return (
    <Stack>
      <Text>It runs as you, and the execution says so. No key is used.</Text>
      {!isActive && (
        <Alert color="yellow" title="It is paused" role="note">
          Activate it to trigger it.
        </Alert>
      )}
      {workflows.length > 1 && (
        <NativeSelect
          label="Workflow"
          data={workflows.map(({ workflowId: value, name: label }) => ({ value, label }))}
          value={workflowId}
          onChange={setWorkflowId}
        />
      )}
      {workflow !== undefined && <Form key={workflow.workflowId} instance={instance} workflow={workflow} />}
    </Stack>
  );
}
