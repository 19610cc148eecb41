import { Button, Code, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useAddressFilters } from '../../components/address-filters.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ActButton } from '../../components/form/act-button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { EventFilters } from './event-filters.tsx';
import { EventRows } from './event-rows.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { everyEvent } from './filters.ts';
import { questionFrom, useAudit } from './use-audit.ts';
import { VerifyChain } from './verify-chain.tsx';

/** Who changed what and who was refused. */
export function Audit() {
  const { organizationId } = useParams({ from: '/o/$organizationId/audit' });
  const { chosen, settled, change, reset } = useAddressFilters(everyEvent);
  const [isVerifying, setIsVerifying] = useState(false);
  const found = useAudit(questionFrom(organizationId, settled));
  const [isExporting, setIsExporting] = useState(false);
  const events = found.data?.pages.flatMap((page) => page.events) ?? [];
  const names = Object.assign({}, ...(found.data?.pages.map((page) => page.names) ?? []));
  return (
    <Stack>
      <PageHeader
        title="Audit"
        purpose="Every change in this organization and every refusal of one, newest first. Nobody can edit it unseen."
        status={found.data === undefined ? '' : `${events.length} shown`}
        actions={
          <>
            <Button variant="default" onClick={() => setIsExporting(true)}>
              Export…
            </Button>
            <Button onClick={() => setIsVerifying(true)}>Verify in the browser</Button>
          </>
        }
      />
      {isVerifying && <VerifyChain organizationId={organizationId} onClose={() => setIsVerifying(false)} />}
      {isExporting && (
        <ExportDialog
          organizationId={organizationId}
          events={events}
          names={names}
          onClose={() => setIsExporting(false)}
        />
      )}
      <Text size="sm" c="dimmed">
        Making, changing and revoking a personal key is not here, nor is signing in: both reach every
        organization of the person. They stand in the trail of the server, which whoever runs it reads with{' '}
        <Code>latchkey audit --organization server</Code>.
      </Text>
      <EventFilters organizationId={organizationId} value={chosen} onChange={change} />
      {found.error !== null && <Problem error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && events.length === 0 && (
        <EmptyState
          title="No event is like this"
          action={
            <Button variant="default" onClick={reset}>
              Show all events
            </Button>
          }
        >
          Whatever changes keys, people or workflows leaves an event here, and so does each refusal.
        </EmptyState>
      )}
      {events.length > 0 && <EventRows organizationId={organizationId} events={events} names={names} />}
      {found.hasNextPage && (
        <ActButton
          variant="default"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          Show older events
        </ActButton>
      )}
    </Stack>
  );
}
