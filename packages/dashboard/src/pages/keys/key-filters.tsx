import { Group, NativeSelect, TextInput } from '@mantine/core';
import { environments } from './environments.ts';
import type { Filters } from './filters.ts';
import { familyNames } from './key-family.ts';

const states = [
  { value: 'live', label: 'In force' },
  { value: 'disabled', label: 'Disabled' },
  { value: 'ended', label: 'Ended' },
  { value: 'all', label: 'All' },
];
const families = [
  { value: '', label: 'Every kind' },
  ...Object.entries(familyNames).map(([value, label]) => ({ value, label })),
];
const places = [{ value: '', label: 'Every environment' }, ...environments];
const ends = [
  { value: '', label: 'Any time' },
  { value: '7', label: 'Within 7 days' },
  { value: '14', label: 'Within 14 days' },
  { value: '30', label: 'Within 30 days' },
];
const unused = [
  { value: '', label: 'Used or not' },
  { value: '30', label: 'Not for 30 days' },
  { value: '90', label: 'Not for 90 days' },
];
const orders = [
  { value: 'created descending', label: 'Newest first' },
  { value: 'created ascending', label: 'Oldest first' },
  { value: 'name ascending', label: 'By name' },
  { value: 'lastUsed descending', label: 'Last used first' },
  { value: 'ends ascending', label: 'Ending soonest first' },
];

/** Which keys are shown, and in which order. */
export function KeyFilters({
  value,
  onChange,
}: {
  value: Filters;
  onChange: (changed: Partial<Filters>) => void;
}) {
  const choices = [
    ['state', 'State', states],
    ['family', 'Kind', families],
    ['environment', 'Environment', places],
    ['ends', 'Ends', ends],
    ['unused', 'Use', unused],
    ['order', 'Order', orders],
  ] as const;
  return (
    <Group align="end" gap="sm">
      <TextInput
        type="search"
        label="Search"
        placeholder="Name, start of the key, or who made it"
        w={300}
        maw="100%"
        value={value.text}
        maxLength={100}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
      />
      {choices.map(([name, label, data]) => (
        <NativeSelect
          key={name}
          label={label}
          data={data}
          value={value[name]}
          onChange={(event) => onChange({ [name]: event.currentTarget.value })}
        />
      ))}
    </Group>
  );
}
