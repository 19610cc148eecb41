import { Paper, Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Problem } from '../../components/problem.tsx';
import { Section } from '../../components/section.tsx';

/** How often what the home page shows is asked for again. */
export const lookEveryMs = 30_000;

/** What is asked for, as far as it matters here. */
interface Question {
  readonly data: unknown;
  readonly error: Error | null;
  refetch(): unknown;
}

/**
 * One thing that deserves a look. `link` leads to its page; where `isEmpty`, `none` stands in place of `children`. What
 * is known stays where it could not be asked for anew.
 */
export function Card({
  title,
  question,
  isEmpty,
  none,
  link,
  children,
}: {
  title: string;
  question: Question;
  isEmpty: boolean;
  none: string;
  link: ReactNode;
  children: ReactNode;
}) {
  const isKnown = question.data !== undefined;
  return (
    <Paper withBorder p="md">
      <Section title={title} aside={link}>
        {question.error !== null && (
          <Problem error={question.error} onRetry={() => void question.refetch()} />
        )}
        {!isKnown && question.error === null && <Skeleton h={80} />}
        {isKnown && (isEmpty ? <Text>{none}</Text> : <Stack gap="xs">{children}</Stack>)}
      </Section>
    </Paper>
  );
}
