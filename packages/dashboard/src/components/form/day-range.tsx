import { TextInput } from '@mantine/core';
import type { TextFieldProps } from './fields-of.ts';

/** Two fields for days of the person; says so where nothing can lie between them. */
export function DayRange({ from, until }: { from: TextFieldProps; until: TextFieldProps }) {
  const isBackwards = from.value !== '' && until.value !== '' && until.value < from.value;
  return (
    <>
      <TextInput label="From" type="date" {...from} />
      <TextInput
        label="To"
        type="date"
        error={isBackwards && 'This day is before the one in From'}
        {...until}
      />
    </>
  );
}
