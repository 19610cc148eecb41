import { Checkbox, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ActForm } from '../../components/act-form.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { fieldsOf } from '../../components/fields-of.ts';
import { useDraft } from '../../components/use-draft.ts';
import { fieldsNow, inputOf, useWorkflowChange, type WorkflowFields } from './change-workflows.ts';
import type { Instance, Workflow } from './trigger-panel.tsx';

const modes = [
  { value: 'sync', label: 'What the target answers is the result' },
  { value: 'callback', label: 'The target reports the result later' },
] as const;

const usualFields: WorkflowFields = {
  workflowId: '',
  name: '',
  targetUrl: '',
  mode: 'sync',
  timeoutSeconds: 300,
  idempotent: false,
  schemaText: '',
};

/** Changes a workflow of an instance, or adds one where none is given. */
export function WorkflowDialog({
  instance: { processInstanceId },
  workflow: before,
  onClose,
}: {
  instance: Instance;
  workflow?: Workflow;
  onClose: () => void;
}) {
  const act = useWorkflowChange(processInstanceId);
  const draft = useDraft(before === undefined ? usualFields : fieldsNow(before));
  const { whole, changed, change } = draft;
  const { workflowId, name, targetUrl, schemaText } = whole;
  const field = fieldsOf({ workflowId, name, targetUrl, schemaText }, change);
  const wanted = inputOf(whole);
  const [asked, setAsked] = useState(false);
  function save(): void {
    setAsked(true);
    if (wanted === undefined) return;
    act.mutate(
      before === undefined
        ? { kind: 'add', workflow: wanted }
        : { kind: 'change', workflowId: before.workflowId, changed },
      { onSuccess: onClose },
    );
  }
  return (
    <Dialog
      title={before === undefined ? 'Add a workflow' : `Change ${before.name}`}
      closeOnClickOutside={false}
      onClose={onClose}
    >
      <ActForm
        act={act}
        action={before === undefined ? 'Add workflow' : 'Save workflow'}
        isChanged={draft.isChanged}
        isReady={draft.isChanged}
        onSubmit={save}
      >
        {before === undefined && (
          <TextInput
            label="Workflow id"
            description="Stands in its URL: letters, digits, - and _"
            maxLength={63}
            required
            data-autofocus
            {...field('workflowId')}
          />
        )}
        <TextInput label="Name" maxLength={100} {...field('name')} />
        <TextInput label="Target URL" type="url" maxLength={2000} required {...field('targetUrl')} />
        <NativeSelect
          label="Result"
          data={modes}
          value={whole.mode}
          onChange={(event) => change({ mode: event.currentTarget.value as WorkflowFields['mode'] })}
        />
        <NumberInput
          label="Seconds until it counts as failed"
          value={whole.timeoutSeconds}
          onChange={(timeoutSeconds) => change({ timeoutSeconds })}
          min={1}
          max={86_400}
          allowDecimal={false}
          required
        />
        <Checkbox
          label="The target may be called again"
          description="Where nobody knows what came of a call, as after a crash"
          checked={whole.idempotent}
          onChange={(event) => change({ idempotent: event.currentTarget.checked })}
        />
        <Textarea
          label="Input schema"
          description="JSON Schema of the payload: what does not fit is refused, and triggering by hand becomes a form. Empty: any object"
          autosize
          minRows={4}
          maxRows={16}
          spellCheck={false}
          error={asked && wanted === undefined && 'must be a JSON object: texts and names in double quotes'}
          {...field('schemaText')}
        />
      </ActForm>
    </Dialog>
  );
}
