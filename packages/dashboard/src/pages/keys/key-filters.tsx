import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { everyEnvironment } from '../../components/environments.ts';
import { fieldsOf } from '../../components/form/fields-of.ts';
import type { Filters } from './filters.ts';
import { familyNames } from './key-family.ts';
import classes from './keys.module.css';

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
    ['environment', 'Environment', everyEnvironment],
    ['ends', 'Ends', ends],
    ['unused', 'Use', unused],
    ['order', 'Order', orders],
  ] as const;
  const field = fieldsOf(value, onChange);
  const [isOpen, { toggle }] = useDisclosure(false);
  return (
    <Group align="end" gap="sm">
      <TextInput
        type="search"
        label="Search"
        placeholder="Name, start of the key, or who made it"
        w={350}
        maw="100%"
        maxLength={100}
        {...field('text')}
      />
      {/* They would fill half of a telephone. */}
      <Button variant="default" hiddenFrom="xs" aria-expanded={isOpen} onClick={toggle}>
        {isOpen ? 'Fewer filters' : 'More filters'}
      </Button>
      <Group align="end" gap="sm" className={classes.choices} data-closed={!isOpen || undefined}>
        {choices.map(([name, label, data]) => (
          <NativeSelect key={name} label={label} data={data} {...field(name)} />
        ))}
      </Group>
    </Group>
  );
}
