import type { Request as Asked } from '@latchkey/protocol';
import { Checkbox, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useInputState } from '@mantine/hooks';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { ActForm } from '../../components/act-form.tsx';
import { Dialog } from '../../components/dialog.tsx';
import type { Instance, Workflow } from './trigger-panel.tsx';

type WorkflowInput = NonNullable<Asked<'instances.update'>['workflows']>[number];

const modes = [
  { value: 'sync', label: 'What the target answers is the result' },
  { value: 'callback', label: 'The target reports the result later' },
] as const;
type Mode = (typeof modes)[number]['value'];

/** A workflow as it is, in the form in which it is given. */
export function givenAgain({ triggerUrl: _, inputSchema, ...kept }: Workflow): WorkflowInput {
  return { ...kept, ...(inputSchema !== null && { inputSchema }) };
}

/** What a schema was typed as: nothing where there is none, and `undefined` where it is no JSON object. */
function schemaOf(text: string): Pick<WorkflowInput, 'inputSchema'> | undefined {
  if (text.trim() === '') return {};
  try {
    const schema: unknown = JSON.parse(text);
    const isObject = typeof schema === 'object' && schema !== null && !Array.isArray(schema);
    return isObject ? { inputSchema: schema as Record<string, unknown> } : undefined;
  } catch {
    return undefined;
  }
}

/** What a form of a workflow holds; usual values where there is none yet. */
function useWorkflow(before: Workflow | undefined) {
  const schema = before?.inputSchema ?? null;
  const [workflowId, setWorkflowId] = useInputState(before?.workflowId ?? '');
  const [name, setName] = useInputState(before?.name ?? '');
  const [targetUrl, setTargetUrl] = useInputState(before?.targetUrl ?? '');
  const [mode, setMode] = useInputState<Mode>(before?.mode ?? 'sync');
  const [timeoutSeconds, setTimeoutSeconds] = useInputState<number | string>(before?.timeoutSeconds ?? 300);
  const [idempotent, setIdempotent] = useInputState(before?.idempotent ?? false);
  const [schemaText, setSchemaText] = useInputState(schema === null ? '' : JSON.stringify(schema, null, 2));
  const named = name.trim() === '' ? {} : { name: name.trim() };
  const given = { workflowId: workflowId.trim(), ...named, targetUrl: targetUrl.trim() };
  const settings = { mode, timeoutSeconds: Number(timeoutSeconds), idempotent };
  const inputSchema = schemaOf(schemaText);
  return {
    ...{ workflowId, setWorkflowId, name, setName, targetUrl, setTargetUrl, mode, setMode },
    ...{ timeoutSeconds, setTimeoutSeconds, idempotent, setIdempotent, schemaText, setSchemaText },
    wanted: inputSchema && { ...given, ...settings, ...inputSchema },
  };
}

/** Changes a workflow of an instance, or adds one where none is given. */
export function WorkflowDialog({
  instance: { processInstanceId, workflows },
  workflow: before,
  onClose,
}: {
  instance: Instance;
  workflow?: Workflow;
  onClose: () => void;
}) {
  const update = useAct('instances.update');
  const form = useWorkflow(before);
  const { wanted } = form;
  const [asked, setAsked] = useState(false);
  const isUnreadable = asked && wanted === undefined;
  function save(changed: WorkflowInput): void {
    const all = workflows.map((each) => (each === before ? changed : givenAgain(each)));
    const next = before === undefined ? [...all, changed] : all;
    update.mutate({ processInstanceId, workflows: next }, { onSuccess: onClose });
  }
  return (
    <Dialog
      title={before === undefined ? 'Add a workflow' : `Change ${before.name}`}
      closeOnClickOutside={false}
      onClose={onClose}
    >
      <ActForm
        act={update}
        action={before === undefined ? 'Add workflow' : 'Save workflow'}
        onSubmit={() => {
          setAsked(true);
          if (wanted !== undefined) save(wanted);
        }}
      >
        {before === undefined && (
          <TextInput
            label="Workflow id"
            description="Stands in its URL: letters, digits, - and _"
            value={form.workflowId}
            onChange={form.setWorkflowId}
            maxLength={63}
            required
            data-autofocus
          />
        )}
        <TextInput label="Name" value={form.name} onChange={form.setName} maxLength={100} />
        <TextInput
          label="Target URL"
          type="url"
          value={form.targetUrl}
          onChange={form.setTargetUrl}
          maxLength={2000}
          required
        />
        <NativeSelect label="Result" data={modes} value={form.mode} onChange={form.setMode} />
        <NumberInput
          label="Seconds until it counts as failed"
          value={form.timeoutSeconds}
          onChange={form.setTimeoutSeconds}
          min={1}
          max={86_400}
          allowDecimal={false}
          required
        />
        <Checkbox
          label="The target may be called again"
          description="Where nobody knows what came of a call, as after a crash"
          checked={form.idempotent}
          onChange={form.setIdempotent}
        />
        <Textarea
          label="Input schema"
          description="JSON Schema of the payload: what does not fit is refused, and triggering by hand becomes a form. Empty: any object"
          autosize
          minRows={4}
          maxRows={16}
          spellCheck={false}
          value={form.schemaText}
          onChange={form.setSchemaText}
          error={isUnreadable && 'must be a JSON object: texts and names in double quotes'}
        />
      </ActForm>
    </Dialog>
  );
}
