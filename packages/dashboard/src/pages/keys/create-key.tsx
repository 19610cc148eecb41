import { Radio, Stack } from '@mantine/core';
import { useIsMutating } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../../components/dialog.tsx';
import { SecretOnce } from '../../components/secret-once.tsx';
import { CreateEnvironmentKey } from './create-environment-key.tsx';
import { CreateScopedKey } from './create-scoped-key.tsx';
import { LostSecret, type OnMade } from './lost-secret.tsx';
import type { Grants } from './use-grants.ts';

const kinds = [
  {
    value: 'organization',
    label: 'Organization key',
    description: 'For CI and servers: calls the API, triggers',
  },
  {
    value: 'environment',
    label: 'Environment key',
    description: 'For your own APIs in one environment, which verify it; can be rotated',
  },
  { value: 'personal', label: 'Personal key', description: 'For your own scripts: acts as you' },
] as const;
type Kind = (typeof kinds)[number]['value'];

function FormOf({
  kind,
  organizationId,
  grants,
  onMade,
}: {
  kind: Kind;
  organizationId: string;
  grants: Grants;
  onMade: OnMade;
}) {
  if (kind === 'environment') {
    const greatest = grants.levels.at(-1) ?? 'read-only';
    return <CreateEnvironmentKey organizationId={organizationId} greatest={greatest} onMade={onMade} />;
  }
  return (
    <CreateScopedKey
      key={kind}
      organizationId={kind === 'organization' ? organizationId : undefined}
      offered={grants[kind]}
      onMade={onMade}
    />
  );
}

interface Making {
  readonly organizationId: string;
  readonly grants: Grants;
}

/** What is asked before a key is made. While it is, nothing puts away the form that its secret comes back to. */
function Questions({ isMaking, onMade, ...making }: Making & { isMaking: boolean; onMade: OnMade }) {
  const { grants } = making;
  const offered = kinds.filter(({ value }) => value !== 'organization' || grants.organization.length > 0);
  const [kind, setKind] = useState<Kind>(offered[0]?.value ?? 'personal');
  return (
    <Stack>
      <Radio.Group label="Kind" value={kind} onChange={(value) => setKind(value as Kind)} disabled={isMaking}>
        <Stack gap="xs" mt="xs">
          {offered.map((each) => (
            <Radio key={each.value} {...each} />
          ))}
        </Stack>
      </Radio.Group>
      <FormOf kind={kind} {...making} onMade={onMade} />
    </Stack>
  );
}

/** Makes a key of a family that the person may make, for as long as it is rendered. */
export function CreateKey({ onClose, ...making }: Making & { onClose: () => void }) {
  const [made, setMade] = useState<Parameters<OnMade>[0]>();
  const isMaking = useIsMutating() > 0;
  return (
    <Dialog title="New key" isBusy={isMaking} closeOnClickOutside={false} onClose={onClose}>
      {made === undefined && <Questions {...making} isMaking={isMaking} onMade={setMade} />}
      {made?.apiKey !== undefined && <SecretOnce secret={made.apiKey} onDone={onClose} />}
      {made !== undefined && made.apiKey === undefined && <LostSecret onClose={onClose} />}
    </Dialog>
  );
}
