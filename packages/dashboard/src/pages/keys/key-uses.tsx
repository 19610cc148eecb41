import { SegmentedControl, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useAsked } from '../../api.ts';
import { Section } from '../../components/section.tsx';
import { Uses } from '../../components/uses/uses.tsx';
import { lookEveryMs, usualHours } from './use-activity.ts';

const ranges = [
  { value: '24', label: '24 hours' },
  { value: String(usualHours), label: '7 days' },
  { value: '720', label: '30 days' },
];

/** What a key was used for, over the time that is chosen. */
export function KeyUses({ organizationId, keyId }: { organizationId: string; keyId: string }) {
  const [range, setRange] = useState(String(usualHours));
  const hours = Number(range);
  const { data } = useAsked('keys.activity', { organizationId, keyId, hours }, { every: lookEveryMs });
  const choice = (
    <SegmentedControl
      aria-label="Time shown"
      data={ranges}
      value={range}
      onChange={setRange}
      transitionDuration={0}
    />
  );
  const named = ranges.find(({ value }) => value === range)?.label ?? '';
  return (
    <Section title="What it was used for" aside={choice}>
      {data === undefined ? (
        <Skeleton h={260} />
      ) : (
        <Uses
          label={`Uses in the last ${named}`}
          hours={data.hours}
          lastHours={hours}
          none={`Nobody used it in the last ${named}, as far as this server was asked.`}
        />
      )}
    </Section>
  );
}
