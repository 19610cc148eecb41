import { Code, Group, Stack, Text } from '@mantine/core';
import { Dialog } from '../../components/dialog.tsx';
import { ActButton } from '../../components/form/act-button.tsx';
import { Problem } from '../../components/problem.tsx';
import type { AuditEvent, Names } from './use-audit.ts';
import { saveTable, useExport } from './use-export.ts';

/** Saves the chain, or what is shown of it, and says what each is good for. */
export function ExportDialog({
  organizationId,
  events,
  names,
  onClose,
}: {
  organizationId: string;
  events: readonly AuditEvent[];
  names: Names;
  onClose: () => void;
}) {
  const chain = useExport(organizationId);
  return (
    <Dialog title="Export the audit trail" onClose={onClose}>
      <Stack>
        <Text>
          The whole chain has every event since the first, whatever is chosen in the filters: only so can
          anybody check that nothing was changed or left out. It has one event per line (JSON Lines); check it
          with <Code>latchkey audit verify audit.jsonl</Code>.
        </Text>
        <Text>
          The table has the {events.length} events that are shown now, for a spreadsheet. It cannot be
          verified.
        </Text>
        {chain.error !== null && <Problem error={chain.error} />}
        <Group>
          <ActButton loading={chain.isPending} onClick={() => chain.mutate()}>
            Save the whole chain
          </ActButton>
          <ActButton
            variant="default"
            disabled={events.length === 0}
            onClick={() => saveTable(events, names)}
          >
            Save what is shown as CSV
          </ActButton>
          <ActButton variant="default" onClick={onClose} data-autofocus>
            Close
          </ActButton>
        </Group>
      </Stack>
    </Dialog>
  );
}
