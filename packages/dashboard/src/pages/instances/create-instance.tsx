import { Button, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Problem } from '../../components/problem.tsx';
import { environments } from '../keys/environments.ts';
import { NewInstance } from './new-instance.tsx';

type Environment = (typeof environments)[number]['value'];

function Form({ organizationId, create }: FormProps) {
  const [title, setTitle] = useState('');
  const [environment, setEnvironment] = useState<Environment>('dev');
  const [workflowId, setWorkflowId] = useState('main');
  const [targetUrl, setTargetUrl] = useState('');
  const isFilled = [title, workflowId, targetUrl].every((text) => text.trim() !== '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const workflows = [{ workflowId: workflowId.trim(), targetUrl: targetUrl.trim() }];
        create.mutate({ organizationId, title: title.trim(), environment, workflows });
      }}
    >
      <Stack>
        <TextInput
          label="Title"
          description="What people call it, such as Orders"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          maxLength={100}
          required
          data-autofocus
        />
        <NativeSelect
          label="Environment"
          data={environments}
          value={environment}
          onChange={(event) => setEnvironment(event.currentTarget.value as Environment)}
        />
        <TextInput
          label="Workflow id"
          description="Stands in its URL: letters, digits, - and _"
          value={workflowId}
          onChange={(event) => setWorkflowId(event.currentTarget.value)}
          maxLength={63}
          required
        />
        <TextInput
          label="Target URL"
          description="Where the workflow runs: Latchkey calls it with what was sent, and keeps what it answers"
          placeholder="https://orders.example.com/run"
          type="url"
          value={targetUrl}
          onChange={(event) => setTargetUrl(event.currentTarget.value)}
          maxLength={2000}
          required
        />
        {create.error !== null && <Problem error={create.error} />}
        <Button type="submit" loading={create.isPending} disabled={!isFilled}>
          Create instance
        </Button>
      </Stack>
    </form>
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
