import { Code, Group, Text } from '@mantine/core';
import { Row, Rows } from '../../components/rows.tsx';
import { Time } from '../../components/time.tsx';
import { helpFor, type KeyRefusal, missingOf } from './refusal-help.ts';

function whereFrom({ address, client }: KeyRefusal): string {
  return `${address === null ? '' : ` from ${address}`}${client === null ? '' : ` by ${client}`}`;
}

function RefusalRow({ refusal, hasLevel }: { refusal: KeyRefusal; hasLevel: boolean }) {
  const missing = missingOf(refusal);
  return (
    <Row>
      <Group gap="xs">
        <Text fw={600}>{refusal.message}</Text>
        <Code>{refusal.code}</Code>
      </Group>
      {missing !== undefined && <Text size="sm">{missing}</Text>}
      <Text size="sm">{helpFor(refusal, hasLevel)}</Text>
      <Text size="sm" c="dimmed">
        <Time at={refusal.at} />
        {whereFrom(refusal)}
      </Text>
    </Row>
  );
}

/** Uses are written down a few seconds late; what a verifier decides by itself never is. */
function Completeness() {
  return (
    <Text size="sm" c="dimmed">
      The last seconds may be missing: this page looks again by itself.
    </Text>
  );
}

/** Why a key was refused last, each with what to do about it. */
export function KeyRefusals({ refusals, hasLevel }: { refusals: readonly KeyRefusal[]; hasLevel: boolean }) {
  if (refusals.length === 0) {
    return (
      <>
        <Text>The key itself was not refused, as far as this server was asked.</Text>
        <Completeness />
      </>
    );
  }
  return (
    <>
      <Completeness />
      <Rows label="Refusals">
        {refusals.map((refusal, at) => (
          // Nothing else tells two of one instant apart.
          // biome-ignore lint/suspicious/noArrayIndexKey: newest first, and shown as they are
          <RefusalRow key={`${refusal.at} ${at}`} refusal={refusal} hasLevel={hasLevel} />
        ))}
      </Rows>
    </>
  );
}
