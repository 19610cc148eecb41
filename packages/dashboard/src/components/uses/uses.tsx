import { Box, Skeleton, Stack, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { type Bucket, bucketsOf, type Counts, type HourOfUse, outcomes, totalOf } from './outcomes.ts';
import classes from './uses.module.css';

function NoChart() {
  return <Text size="sm">The chart could not be loaded. Its numbers stand in the table.</Text>;
}

const UsesChart = lazy(() =>
  import('./uses-chart.tsx').then(
    (module) => ({ default: module.UsesChart }),
    () => ({ default: NoChart }),
  ),
);

/** The same numbers as the chart has, for whoever does not see it. */
function UsesTable({ label, buckets }: { label: string; buckets: readonly Bucket[] }) {
  const shown = outcomes.filter(({ name }) => buckets.some((bucket) => bucket[name] > 0));
  return (
    <details>
      <summary>The numbers as a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <section className={classes.scrolled} tabIndex={0} aria-label={`${label}, as a table`}>
        <table className={classes.numbers}>
          <thead>
            <tr>
              <th>From</th>
              {shown.map(({ name, label }) => (
                <th key={name}>{label}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {buckets.map((bucket) => (
              <tr key={bucket.label}>
                <th scope="row">{bucket.label}</th>
                {shown.map(({ name }) => (
                  <td key={name}>{bucket[name].toLocaleString('en')}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

/** All in a sentence: what a chart says at a glance. */
function Total({ total }: { total: Counts }) {
  const refused = total.ended + total.forbidden + total.limited;
  return (
    <Text>
      <strong>{total.accepted.toLocaleString('en')}</strong> accepted,{' '}
      <strong>{refused.toLocaleString('en')}</strong> refused
      {total.request > 0 && (
        <>
          , <strong>{total.request.toLocaleString('en')}</strong> refused for what was asked, not for the key
        </>
      )}
      .
    </Text>
  );
}

/**
 * How often keys were used, by outcome: in a sentence, drawn, and as a table. `lastHours` is up to 24, or whole days;
 * `none` stands where there was no use.
 */
export function Uses({
  label,
  hours,
  lastHours,
  none,
}: {
  label: string;
  hours: readonly HourOfUse[];
  lastHours: number;
  none: string;
}) {
  const buckets = bucketsOf(hours, lastHours);
  const total = totalOf(buckets);
  if (outcomes.every(({ name }) => total[name] === 0)) return <Text>{none}</Text>;
  return (
    <Stack gap="xs" component="figure" m={0} aria-label={label}>
      <Total total={total} />
      <Box aria-hidden mih={260}>
        <Suspense fallback={<Skeleton h={260} />}>
          <UsesChart buckets={buckets} />
        </Suspense>
      </Box>
      <UsesTable label={label} buckets={buckets} />
    </Stack>
  );
}
