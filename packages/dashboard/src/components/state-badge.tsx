import { Badge } from '@mantine/core';

/** How a state is meant: as it should be, on its way, to be looked at, or gone. */
export type Tone = 'good' | 'pending' | 'warning' | 'bad' | 'over';

const colors: Readonly<Record<Tone, string>> = {
  good: 'green.6',
  pending: 'blue.6',
  warning: 'orange.6',
  bad: 'red.6',
  over: 'gray.6',
};

/** A state in words, in the colour of text; the dot beside it only helps the eye. */
export function StateBadge({ tone, label }: { tone: Tone; label: string }) {
  return (
    <Badge variant="dot" color={colors[tone]} tt="none" fw={500}>
      {label}
    </Badge>
  );
}
