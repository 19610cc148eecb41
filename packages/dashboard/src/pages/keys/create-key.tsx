import { organizationScopes, scopes as scopeInfo } from '@latchkey/protocol/permissions';
import { Button, Checkbox, Modal, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';
import { SecretOnce } from '../../components/secret-once.tsx';

/** What a scope is, beside its box. */
function ScopeChoice({ value, onChange }: { value: string[]; onChange: (value: string[]) => void }) {
  return (
    <Checkbox.Group label="What it may do" description="At least one" value={value} onChange={onChange}>
      <Stack gap="xs" mt="xs">
        {organizationScopes.map((scope) => (
          <Checkbox key={scope} value={scope} label={scope} description={scopeInfo[scope].description} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

const maxExpiryDays = 365;

function Form({ organizationId, onDone }: { organizationId: string; onDone: () => void }) {
  const create = useAct('keys.createForOrganization');
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>([]);
  const [days, setDays] = useState<number | string>(90);
  if (create.data !== undefined) return <SecretOnce secret={create.data.apiKey} onDone={onDone} />;
  const expiry = typeof days === 'number' ? { expiresInDays: days } : {};
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate({ organizationId, name, scopes, ...expiry });
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          description="What it is for; nobody sees it but you and your team"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={100}
          required
          data-autofocus
        />
        <NumberInput
          label="Days until it expires"
          description="Leave it empty for a key that does not"
          value={days}
          onChange={setDays}
          min={1}
          max={maxExpiryDays}
          allowDecimal={false}
        />
        <ScopeChoice value={scopes} onChange={setScopes} />
        {create.error !== null && <Problem error={create.error} />}
        <Button type="submit" loading={create.isPending} disabled={name.trim() === '' || scopes.length === 0}>
          Create key
        </Button>
        <Text size="sm">It can do no more than you can yourself.</Text>
      </Stack>
    </form>
  );
}

/** Makes an organization key. */
export function CreateKey({
  organizationId,
  opened,
  onClose,
}: {
  organizationId: string;
  opened: boolean;
  onClose: () => void;
}) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="New organization key"
      size="lg"
      closeOnClickOutside={false}
    >
      {opened && <Form organizationId={organizationId} onDone={onClose} />}
    </Modal>
  );
}
