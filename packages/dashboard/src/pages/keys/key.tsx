import { Button, Group, Stack } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { PageHeader } from '../../components/page-header.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { Problem } from '../../components/problem.tsx';
import { Section } from '../../components/section.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { KeyFacts } from './key-facts.tsx';
import { KeyLimits } from './key-limits.tsx';
import { actionNames, actionsOf, type KeyAction } from './key-menu.tsx';
import { KeyRefusals } from './key-refusals.tsx';
import { KeyScopes } from './key-scopes.tsx';
import type { InventoryKey } from './key-state.tsx';
import { KeyUses } from './key-uses.tsx';
import { RefusedRequests } from './refused-requests.tsx';
import { useActivity } from './use-activity.ts';

function Actions({ item, onAct }: { item: InventoryKey; onAct: (action: KeyAction) => void }) {
  return actionsOf(item).map((action) => (
    <Button
      key={action}
      {...(action === 'revoke' ? { color: 'red' } : { variant: 'default' })}
      onClick={() => onAct(action)}
    >
      {actionNames[action]}
    </Button>
  ));
}

/** One key: what it is, what it was used for, why it was refused, and what is left of its limits. */
export function Key() {
  const { organizationId, keyId } = useParams({ from: '/o/$organizationId/keys/$keyId' });
  const { data, error, refetch } = useActivity(organizationId, keyId);
  const [action, setAction] = useState<KeyAction>();
  const item = data?.key;
  return (
    <Stack gap="lg" maw={1000}>
      <Group>
        <PageLink to="/o/$organizationId/keys" params={{ organizationId }}>
          All keys
        </PageLink>
      </Group>
      <PageHeader
        title={item?.name ?? 'Key'}
        actions={item !== undefined && <Actions item={item} onAct={setAction} />}
      />
      {item !== undefined && action !== undefined && (
        <KeyDialog
          organizationId={organizationId}
          item={item}
          action={action}
          onClose={() => setAction(undefined)}
        />
      )}
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <>
          <KeyFacts organizationId={organizationId} item={data.key} />
          <Section title="Last refusals">
            <RefusedRequests hours={data.hours} />
            <KeyRefusals refusals={data.refusals} hasLevel={data.key.level !== null} />
          </Section>
          <KeyUses organizationId={organizationId} keyId={keyId} />
          <Section title="Limits">
            <KeyLimits activity={data} />
          </Section>
          <Section title="What it may do">
            <KeyScopes item={data.key} />
          </Section>
        </>
      )}
    </Stack>
  );
}
