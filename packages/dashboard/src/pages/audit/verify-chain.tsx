import { type AuditVerdict, verifyAuditLines } from '@latchkey/protocol/audit';
import { Alert, Button, Code, Group, Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../../components/dialog.tsx';
import { Problem } from '../../components/problem.tsx';
import { chainOf } from './chain.ts';

const faults: Readonly<Record<Extract<AuditVerdict, { ok: false }>['fault'], string>> = {
  edited: 'An event was changed after it was written.',
  dropped: 'An event is missing.',
  inserted: 'An event was put in later.',
  reordered: 'An event stands in another place than it was written in.',
  cut: 'The end is missing.',
  'not signed': 'A checkpoint is not signed by the key of this server.',
  unreadable: 'A line is no audit event.',
};

/** Browsers let pages compute hashes and check signatures only where the page came safely. */
async function requireCrypto(): Promise<void> {
  if (!window.isSecureContext) {
    throw new Error('Open this page by https:// to check the chain: a browser does not compute hashes here.');
  }
  await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']).catch(() => {
    throw new Error(
      'This browser is too old to check signatures. Export the chain and run latchkey audit verify.',
    );
  });
}

function Verdict({ verdict }: { verdict: AuditVerdict }) {
  if (!verdict.ok) {
    return (
      <Alert color="red" title="The chain is broken" role="alert">
        <Text>
          {faults[verdict.fault]} It is found at event {verdict.seq}: {verdict.problem}.
        </Text>
        <Text>Export the chain now, keep the file, and tell whoever runs the server.</Text>
      </Alert>
    );
  }
  const { events, checkpoints, publicKey } = verdict;
  return (
    <Stack>
      <Alert color="green" title="The chain is unbroken" role="status">
        Each of the {events} events is what was written, in its place, and none between them is missing. The
        server has signed that {checkpoints === 1 ? 'once' : `${checkpoints} times`}, last for event {events}.
      </Alert>
      <Text size="sm">
        This was computed by your browser, not by the server. It cannot see by itself whether the whole chain
        was written anew and signed with another key: compare this key with what the operator tells you, or
        with an export that you have kept.
      </Text>
      <Code block>{publicKey}</Code>
    </Stack>
  );
}

/** Reads the whole chain and checks it here, for as long as it is shown; closing it ends that. */
export function VerifyChain({ organizationId, onClose }: { organizationId: string; onClose: () => void }) {
  const [read, setRead] = useState(0);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['verify-chain', organizationId],
    queryFn: async ({ signal }) => {
      await requireCrypto();
      return verifyAuditLines(chainOf(organizationId, signal, setRead));
    },
    gcTime: 0,
    staleTime: 0,
  });
  return (
    <Dialog title="Verify the audit chain" onClose={onClose}>
      <Stack>
        {isFetching && (
          <Group role="status">
            <Loader size="sm" />
            <Text>{read === 0 ? 'Reading the chain…' : `${read} events checked…`}</Text>
          </Group>
        )}
        {!isFetching && error !== null && <Problem error={error} onRetry={() => void refetch()} />}
        {!isFetching && data !== undefined && <Verdict verdict={data} />}
        <Button variant="default" onClick={onClose} data-autofocus>
          Close
        </Button>
      </Stack>
    </Dialog>
  );
}
