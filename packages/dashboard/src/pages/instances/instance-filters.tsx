import { Group, NativeSelect, TextInput } from '@mantine/core';
import { everyEnvironment } from '../../components/environments.ts';
import { fieldsOf } from '../../components/form/fields-of.ts';
import type { Filters } from './filters.ts';

const states = [
  { value: '', label: 'Active or paused' },
  { value: 'active', label: 'Active' },
  { value: 'paused', label: 'Paused' },
  { value: 'archived', label: 'Archived' },
];

/** Which instances are shown. */
export function InstanceFilters({
  value,
  onChange,
}: {
  value: Filters;
  onChange: (changed: Partial<Filters>) => void;
}) {
  // What is found begins on its first page.
  const field = fieldsOf(value, (changed) => onChange({ ...changed, page: '1' }));
  return (
    <Group align="end" gap="sm">
      <TextInput
        type="search"
        label="Search"
        placeholder="Title, workflow or id"
        w={300}
        maw="100%"
        maxLength={100}
        {...field('text')}
      />
      <NativeSelect label="State" data={states} {...field('state')} />
      <NativeSelect label="Environment" data={everyEnvironment} {...field('environment')} />
    </Group>
  );
}
