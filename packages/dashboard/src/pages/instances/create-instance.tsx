import { NativeSelect } from '@mantine/core';
import { useInputState } from '@mantine/hooks';
import { useAct } from '../../api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { environments } from '../../components/environments.ts';
import { ActForm } from '../../components/form/act-form.tsx';
import { webAddress, workflowIdShape } from '../../components/form/field-rules.ts';
import { TextField } from '../../components/form/text-field.tsx';
import { NewInstance } from './new-instance.tsx';

type Environment = (typeof environments)[number]['value'];

function Form({ organizationId, create }: FormProps) {
  const [title, setTitle] = useInputState('');
  const [environment, setEnvironment] = useInputState<Environment>('dev');
  const [workflowId, setWorkflowId] = useInputState('main');
  const [targetUrl, setTargetUrl] = useInputState('');
  return (
    <ActForm
      act={create}
      action="Create instance"
      onSubmit={() => {
        const workflows = [{ workflowId: workflowId.trim(), targetUrl: targetUrl.trim() }];
        create.mutate({ organizationId, title: title.trim(), environment, workflows });
      }}
    >
      <TextField
        label="Title"
        name="title"
        description="What people call it, such as Orders"
        value={title}
        onChange={setTitle}
        maxLength={100}
        required
        data-autofocus
      />
      <NativeSelect label="Environment" data={environments} value={environment} onChange={setEnvironment} />
      <TextField
        label="Workflow id"
        name="workflows.0.workflowId"
        description="Stands in its URL: letters, digits, - and _"
        value={workflowId}
        onChange={setWorkflowId}
        maxLength={63}
        shape={workflowIdShape}
        required
      />
      <TextField
        label="Target URL"
        name="workflows.0.targetUrl"
        about={['TARGET_NOT_ALLOWED']}
        description="Where the workflow runs: Latchkey calls it with what was sent, and keeps what it answers"
        placeholder="https://orders.example.com/run"
        type="url"
        value={targetUrl}
        onChange={setTargetUrl}
        maxLength={2000}
        shape={webAddress}
        required
      />
    </ActForm>
  );
}

interface FormProps {
  readonly organizationId: string;
  readonly create: ReturnType<typeof useAct<'instances.create'>>;
}

/** Makes an instance with one workflow, and shows its key. */
export function CreateInstance({ organizationId, onClose }: { organizationId: string; onClose: () => void }) {
  const create = useAct('instances.create');
  return (
    <Dialog title="New instance" closeOnClickOutside={false} onClose={onClose}>
      {create.data === undefined ? (
        <Form organizationId={organizationId} create={create} />
      ) : (
        <NewInstance organizationId={organizationId} instance={create.data} />
      )}
    </Dialog>
  );
}
