import type { Request as Asked, Output } from '@latchkey/protocol';
import { Button, Group, NativeSelect, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';

type Size = NonNullable<Asked<'organizations.update'>['size']>;

const nameLength = { min: 2, max: 100 };
const sizes = [
  { value: '', label: 'Not said' },
  { value: 'solo', label: 'Just me' },
  ...['2-10', '11-50', '51-200', '201-1000', '1000+'].map((value) => ({ value, label: `${value} people` })),
];

/** Name, description and size of an organization. */
export function OrganizationForm({
  organization,
  isReadOnly,
}: {
  organization: Output<'organizations.get'>;
  isReadOnly: boolean;
}) {
  const { organizationId } = organization;
  const update = useAct('organizations.update');
  const [name, setName] = useState(organization.name);
  const [description, setDescription] = useState(organization.description);
  const [size, setSize] = useState(organization.size ?? '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        // The choices are those that the server knows.
        const chosen = size === '' ? null : (size as Size);
        update.mutate({ organizationId, name: name.trim(), description, size: chosen });
      }}
    >
      <Stack>
        <Title order={2} size="h4">
          Organization
        </Title>
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          minLength={nameLength.min}
          maxLength={nameLength.max}
          readOnly={isReadOnly}
          required
        />
        <Textarea
          label="Description"
          description="What it does; your team sees it"
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          maxLength={500}
          readOnly={isReadOnly}
          rows={3}
        />
        <NativeSelect
          label="Size"
          data={sizes}
          value={size}
          onChange={(event) => setSize(event.currentTarget.value)}
          disabled={isReadOnly}
        />
        {update.error !== null && <Problem error={update.error} />}
        {!isReadOnly && (
          <Group>
            <Button type="submit" loading={update.isPending} disabled={name.trim().length < nameLength.min}>
              Save
            </Button>
            <Text role="status" size="sm">
              {update.isSuccess ? 'Saved.' : ''}
            </Text>
          </Group>
        )}
      </Stack>
    </form>
  );
}
