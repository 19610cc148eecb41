import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useAsked } from '../../api.ts';
import { environmentName, everyEnvironment } from '../../components/environments.ts';
import { statusName } from '../../components/execution-state.tsx';
import { DayRange } from '../../components/form/day-range.tsx';
import { fieldsOf } from '../../components/form/fields-of.ts';
import type { Filters } from './filters.ts';
import { methodNames } from './started-by.tsx';

const statuses = [
  { value: '', label: 'Any' },
  ...(['pending', 'success', 'failed'] as const).map((value) => ({ value, label: statusName(value) })),
];
const methods = [
  { value: '', label: 'Any way' },
  ...Object.entries(methodNames).map(([value, label]) => ({ value, label })),
];
const maxInstances = 100;

/** What can be chosen of instances: those that ran last, and the one of the address also where it is none of them. */
function useInstanceChoices(organizationId: string, chosen: string) {
  const { data } = useAsked('instances.list', { organizationId, limit: maxInstances });
  const all = data?.instances ?? [];
  const isListed = all.some((each) => each.processInstanceId === chosen);
  const isAsked = data !== undefined && chosen !== '' && !isListed;
  const named = useAsked('instances.get', { processInstanceId: chosen }, { enabled: isAsked }).data;
  const further = isAsked
    ? [named ?? { processInstanceId: chosen, title: chosen, environment: undefined }]
    : [];
  const choices = [...further, ...all].map(({ processInstanceId, title, environment }) => ({
    value: processInstanceId,
    label: environment === undefined ? title : `${title} (${environmentName(environment)})`,
  }));
  const isCut = data !== undefined && data.total > maxInstances;
  return {
    data: [{ value: '', label: 'Every instance' }, ...choices],
    description: isCut && `The ${maxInstances} that ran last; the page of any other leads here`,
  };
}

/** Which executions are shown. */
export function ExecutionFilters({
  organizationId,
  value,
  onChange,
}: {
  organizationId: string;
  value: Filters;
  onChange: (changed: Partial<Filters>) => void;
}) {
  const instances = useInstanceChoices(organizationId, value.instance);
  const field = fieldsOf(value, onChange);
  return (
    <Group align="end" gap="sm">
      <NativeSelect label="Instance" maw="100%" {...instances} {...field('instance')} />
      <TextInput label="Workflow" placeholder="Its id, as main" maxLength={100} {...field('workflow')} />
      <NativeSelect label="Status" data={statuses} {...field('status')} />
      <NativeSelect label="Environment" data={everyEnvironment} {...field('environment')} />
      <NativeSelect label="Started by" data={methods} {...field('method')} />
      <DayRange from={field('from')} until={field('until')} />
    </Group>
  );
}
