import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import { Group, Text } from '@mantine/core';
import { type Bucket, type OutcomeName, outcomes } from './outcomes.ts';

/** Each stands out from both backgrounds (WCAG 2.2, 1.4.11). */
const colors: Readonly<Record<OutcomeName, string>> = {
  accepted: 'blue.6',
  ended: 'gray.6',
  forbidden: 'orange.8',
  limited: 'grape.6',
  request: 'cyan.7',
};

function fillOf(name: string): string {
  return `url(#uses-${name})`;
}

/** How the bars are told apart by whoever does not see colours: plain, dotted, striped, crossed, or lined. */
const marks: Readonly<Record<OutcomeName, string>> = {
  accepted: '',
  ended: 'M2 2h3v3H2z',
  forbidden: 'M-2 2l4-4M0 8l8-8M6 10l4-4',
  limited: 'M0 0l8 8M8 0l-8 8',
  request: 'M0 2h8M0 6h8',
};

function Patterns() {
  return (
    <svg width={0} height={0} style={{ position: 'absolute' }}>
      <title>Patterns of the bars</title>
      <defs>
        {outcomes.map(({ name }) => (
          <pattern key={name} id={`uses-${name}`} width={8} height={8} patternUnits="userSpaceOnUse">
            <rect width={8} height={8} fill={`var(--mantine-color-${colors[name].replace('.', '-')})`} />
            <path d={marks[name]} stroke="var(--mantine-color-body)" strokeWidth={2} />
          </pattern>
        ))}
      </defs>
    </svg>
  );
}

function Legend({ shown }: { shown: readonly (typeof outcomes)[number][] }) {
  return (
    <Group gap="md">
      {shown.map(({ name, label }) => (
        <Group key={name} gap={6}>
          <svg width={16} height={16}>
            <title>{label}</title>
            <rect width={16} height={16} fill={fillOf(name)} />
          </svg>
          <Text size="sm">{label}</Text>
        </Group>
      ))}
    </Group>
  );
}

/**
 * Uses over time. Only for the eye: what it shows stands in a table beside it. The pages load it when there is something
 * to draw, since it is as large as the rest of them together.
 */
export function UsesChart({ buckets }: { buckets: readonly Bucket[] }) {
  const shown = outcomes.filter(({ name }) => buckets.some((bucket) => bucket[name] > 0));
  return (
    <>
      <Patterns />
      <BarChart
        // One that comes later is otherwise put below those that were there.
        key={shown.map(({ name }) => name).join(' ')}
        h={220}
        data={buckets.map((bucket) => ({ ...bucket }))}
        dataKey="label"
        type="stacked"
        series={shown.map(({ name, label }) => ({ name, label, color: colors[name] }))}
        barProps={({ name }) => ({ fill: fillOf(name) })}
        accessibilityLayer={false}
        yAxisProps={{ allowDecimals: false, width: 44 }}
      />
      <Legend shown={shown} />
    </>
  );
}
