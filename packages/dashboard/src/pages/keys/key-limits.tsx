import type { Output } from '@latchkey/protocol';
import { Progress, Stack, Text } from '@mantine/core';
import { Time } from '../../components/time.tsx';

type Activity = Output<'keys.activity'>;

const units: readonly [seconds: number, name: string][] = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** As `hour` or `90 seconds`. */
function windowName(seconds: number): string {
  const [unitSeconds, name] = units.find(([each]) => seconds % each === 0) ?? [1, 'second'];
  const count = seconds / unitSeconds;
  return count === 1 ? name : `${count} ${name}s`;
}

interface Left {
  readonly name: string;
  readonly total: number;
  readonly used: number;
  readonly remaining: number;
  readonly resetsAt: string | null;
}

function leftOf({ limits, budget }: Activity): Left[] {
  const windows = limits.map(({ windowSeconds, limit, ...left }) => ({
    ...left,
    name: `Uses in one ${windowName(windowSeconds)}`,
    total: limit,
  }));
  return budget === null ? windows : [...windows, { ...budget, name: 'Uses in all', resetsAt: null }];
}

function count(value: number): string {
  return value.toLocaleString('en');
}

/** What is left of each limit of a key, and of its budget. */
export function KeyLimits({ activity }: { activity: Activity }) {
  const all = leftOf(activity);
  if (all.length === 0) return <Text>It may be used as often as it likes.</Text>;
  return (
    <Stack gap="md">
      {all.map(({ name, total, used, remaining, resetsAt }) => (
        <Stack key={name} gap={4}>
          <Text>
            {name}: <strong>{count(remaining)}</strong> of {count(total)} left
            {resetsAt !== null && (
              <>
                , all of them again <Time at={resetsAt} />
              </>
            )}
            .
          </Text>
          <Progress
            value={(used / total) * 100}
            color={remaining === 0 ? 'red.6' : 'blue.6'}
            aria-label={`${name}: ${count(used)} of ${count(total)} used`}
          />
        </Stack>
      ))}
    </Stack>
  );
}
