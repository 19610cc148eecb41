import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useId } from 'react';
import { useAsked } from '../../api.ts';
import { environments as everyPlace } from '../../components/environments.ts';
import { DayRange } from '../../components/form/day-range.tsx';
import { fieldsOf } from '../../components/form/fields-of.ts';
import { actionChoices } from './actions.ts';
import type { Filters } from './filters.ts';

const outcomes = [
  { value: '', label: 'Any' },
  { value: 'done', label: 'Done' },
  { value: 'refused', label: 'Refused' },
  { value: 'failed', label: 'Failed' },
];
const environments = [{ value: '', label: 'Any' }, ...everyPlace];

const everyAction = [{ value: '', label: 'Any' }, ...actionChoices];

/** Narrows what is shown; all that is filled in goes together. */
export function EventFilters({
  organizationId,
  value,
  onChange,
}: {
  organizationId: string;
  value: Filters;
  onChange: (changed: Partial<Filters>) => void;
}) {
  const people = useId();
  const members = useAsked('members.list', { organizationId }).data?.members ?? [];
  const field = fieldsOf(value, onChange);
  return (
    <Group align="end">
      <NativeSelect label="Outcome" data={outcomes} {...field('outcome')} />
      <NativeSelect label="Environment" data={environments} {...field('environment')} />
      <NativeSelect label="Action" data={everyAction} maw="100%" {...field('action')} />
      <TextInput
        label="Who"
        placeholder="Part of an address, or a key's name"
        maxLength={254}
        list={people}
        {...field('actor')}
      />
      <datalist id={people}>
        {members.map(({ memberId, email }) => (
          <option key={memberId} value={email} />
        ))}
      </datalist>
      <DayRange from={field('since')} until={field('until')} />
    </Group>
  );
}
