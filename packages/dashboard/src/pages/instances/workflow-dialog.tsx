import { Checkbox, NativeSelect } from '@mantine/core';
import { Dialog } from '../../components/dialog.tsx';
import { ActForm } from '../../components/form/act-form.tsx';
import { type TextShape, webAddress, workflowIdShape } from '../../components/form/field-rules.ts';
import { fieldsOf } from '../../components/form/fields-of.ts';
import { NumberField } from '../../components/form/number-field.tsx';
import { type Refused, refusedFields } from '../../components/form/refused-fields.ts';
import { LongTextField, TextField } from '../../components/form/text-field.tsx';
import { useDraft } from '../../components/form/use-draft.ts';
import { fieldsNow, inputOf, schemaOf, useWorkflowChange, type WorkflowFields } from './change-workflows.ts';
import type { Instance, Workflow } from './trigger-panel.tsx';

const modes = [
  { value: 'sync', label: 'What the target answers is the result' },
  { value: 'callback', label: 'The target reports the result later' },
] as const;

const jsonObject: TextShape = {
  says: 'A JSON object: names and texts in double quotes, no comma at the end',
  fits: (text) => schemaOf(text) !== undefined,
};

const usualFields: WorkflowFields = {
  workflowId: '',
  name: '',
  targetUrl: '',
  mode: 'sync',
  timeoutSeconds: '300',
  idempotent: false,
  schemaText: '',
};

/** By the fields of one workflow; the request holds all of them. */
function refusedOf(error: unknown): Refused {
  const all = [...refusedFields(error)];
  return new Map(all.map(([name, said]) => [name.replace(/^workflows[.]\d+[.]/, ''), said]));
}

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
  function save(): void {
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
        refused={refusedOf(act.error)}
        onSubmit={save}
      >
        {before === undefined && (
          <TextField
            label="Workflow id"
            description="Stands in its URL: letters, digits, - and _"
            maxLength={63}
            shape={workflowIdShape}
            required
            data-autofocus
            {...field('workflowId')}
          />
        )}
        <TextField label="Name" maxLength={100} {...field('name')} />
        <TextField
          label="Target URL"
          type="url"
          about={['TARGET_NOT_ALLOWED']}
          maxLength={2000}
          shape={webAddress}
          required
          {...field('targetUrl')}
        />
        <NativeSelect
          label="Result"
          data={modes}
          value={whole.mode}
          onChange={(event) => change({ mode: event.currentTarget.value as WorkflowFields['mode'] })}
        />
        <NumberField
          label="Seconds until it counts as failed"
          name="timeoutSeconds"
          value={whole.timeoutSeconds}
          onChange={(timeoutSeconds) => change({ timeoutSeconds })}
          min={1}
          max={86_400}
          required
        />
        <Checkbox
          label="The target may be called again"
          description="Where nobody knows what came of a call, as after a crash"
          checked={whole.idempotent}
          onChange={(event) => change({ idempotent: event.currentTarget.checked })}
        />
        <LongTextField
          label="Input schema"
          description="JSON Schema of the payload: what does not fit is refused, and triggering by hand becomes a form. Empty: any object"
          autosize
          minRows={4}
          maxRows={16}
          spellCheck={false}
          about={['INVALID_INPUT_SCHEMA']}
          shape={jsonObject}
          {...field('schemaText')}
        />
      </ActForm>
    </Dialog>
  );
}
