import { Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../../components/dialog.tsx';
import { CreateEnvironmentKey } from './create-environment-key.tsx';
import { CreateScopedKey } from './create-scoped-key.tsx';
import type { Grants } from './use-grants.ts';

const kinds = [
  {
    value: 'organization',
    label: 'Organization key',
    description: 'For CI and servers: calls the API, triggers',
  },
  { value: 'environment', label: 'Environment key', description: 'For one environment; can be rotated' },
  { value: 'personal', label: 'Personal key', description: 'For your own scripts: acts as you' },
] as const;
type Kind = (typeof kinds)[number]['value'];

function FormOf({
  kind,
  organizationId,
  grants,
  onDone,
}: {
  kind: Kind;
  organizationId: string;
  grants: Grants;
  onDone: () => void;
}) {
  if (kind === 'environment') {
    const greatest = grants.levels.at(-1) ?? 'read-only';
    return <CreateEnvironmentKey organizationId={organizationId} greatest={greatest} onDone={onDone} />;
  }
  return (
    <CreateScopedKey
      key={kind}
      organizationId={kind === 'organization' ? organizationId : undefined}
      offered={grants[kind]}
      onDone={onDone}
    />
  );
}

/** Makes a key of a family that the person may make, for as long as it is rendered. */
export function CreateKey(props: { organizationId: string; grants: Grants; onClose: () => void }) {
  const { organizationId, grants, onClose } = props;
  const offered = kinds.filter(({ value }) => value !== 'organization' || grants.organization.length > 0);
  const [kind, setKind] = useState<Kind>(offered[0]?.value ?? 'personal');
  return (
    <Dialog title="New key" closeOnClickOutside={false} onClose={onClose}>
      <Stack>
        <Radio.Group label="Kind" value={kind} onChange={(value) => setKind(value as Kind)}>
          <Stack gap="xs" mt="xs">
            {offered.map((each) => (
              <Radio key={each.value} {...each} />
            ))}
          </Stack>
        </Radio.Group>
        <FormOf kind={kind} organizationId={organizationId} grants={grants} onDone={onClose} />
      </Stack>
    </Dialog>
  );
}
