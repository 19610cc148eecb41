import { Text } from '@mantine/core';
import { whenText } from './when.ts';

const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** An instant as people say it, and exactly on request; `none` stands where there is none. */
export function Time({ at, none = '–' }: { at: string | null; none?: string }) {
  if (at === null)
    return (
      <Text span c="dimmed" size="sm">
        {none}
      </Text>
    );
  return (
    <time dateTime={at} title={exact.format(new Date(at))}>
      {whenText(at)}
    </time>
  );
}
