import { Checkbox, Group, NativeSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useInputState } from '@mantine/hooks';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { ActForm } from '../../components/act-form.tsx';
import type { Instance } from './trigger-panel.tsx';

type Sharing = Instance['sharedWith'];

/** The same people see an instance of `admins` and of `owner_only`; the older word stays where it stands. */
const whoSees: Readonly<Record<Sharing, string>> = {
  everyone: 'Everyone in the organization',
  admins: 'Owners, admins and whoever made it',
  owner_only: 'Owners, admins and whoever made it',
};

function sharingsFor(current: Sharing) {
  const offered: readonly Sharing[] = ['everyone', current === 'owner_only' ? 'owner_only' : 'admins'];
  return offered.map((value) => ({ value, label: whoSees[value] }));
}

/** A limit counts only where both numbers are there. */
function rateLimitOf(requests: number | string, windowSeconds: number | string): Instance['rateLimit'] {
  return typeof requests === 'number' && typeof windowSeconds === 'number'
    ? { requests, windowSeconds }
    : null;
}

/** How an instance is set, to be read or changed. */
export function InstanceSettings({ instance, canManage }: { instance: Instance; canManage: boolean }) {
  const { processInstanceId } = instance;
  const update = useAct('instances.update');
  const [title, setTitle] = useInputState(instance.title);
  const [sharedWith, setSharedWith] = useInputState<Sharing>(instance.sharedWith);
  const [queryKeys, setQueryKeys] = useInputState(instance.queryKeys);
  const [maxConcurrency, setMaxConcurrency] = useState<number | string>(instance.maxConcurrency);
  const [requests, setRequests] = useState<number | string>(instance.rateLimit?.requests ?? '');
  const [windowSeconds, setWindowSeconds] = useState<number | string>(
    instance.rateLimit?.windowSeconds ?? '',
  );
  const wholeNumber = { min: 1, allowDecimal: false, readOnly: !canManage };
  return (
    <Stack maw={620}>
      {!canManage && <Text>Developers, admins and owners can change what stands here.</Text>}
      <ActForm
        act={update}
        action={canManage ? 'Save' : undefined}
        isReady={title.trim() !== ''}
        beside={
          <Text role="status" size="sm">
            {update.isSuccess ? 'Saved, and in force.' : ''}
          </Text>
        }
        onSubmit={() => {
          const rateLimit = rateLimitOf(requests, windowSeconds);
          const limits = { rateLimit, maxConcurrency: Number(maxConcurrency) };
          update.mutate({ processInstanceId, title: title.trim(), sharedWith, queryKeys, ...limits });
        }}
      >
        <TextInput
          label="Title"
          value={title}
          onChange={setTitle}
          maxLength={100}
          readOnly={!canManage}
          required
        />
        <NativeSelect
          label="Who sees it"
          data={sharingsFor(instance.sharedWith)}
          value={sharedWith}
          onChange={setSharedWith}
          disabled={!canManage}
        />
        <Checkbox
          label="The key may stand in the URL"
          description="For senders that cannot set headers; it then shows in their logs"
          checked={queryKeys}
          onChange={setQueryKeys}
          disabled={!canManage}
        />
        <NumberInput
          label="Calls at once"
          description="Calls of targets under way, per server process"
          value={maxConcurrency}
          onChange={setMaxConcurrency}
          max={1000}
          required
          {...wholeNumber}
        />
        <Group align="end" grow>
          <NumberInput
            label="At most so many triggers"
            description="Empty: no limit"
            value={requests}
            onChange={setRequests}
            max={1_000_000}
            {...wholeNumber}
          />
          <NumberInput
            label="In so many seconds"
            value={windowSeconds}
            onChange={setWindowSeconds}
            max={86_400}
            required={requests !== ''}
            {...wholeNumber}
          />
        </Group>
      </ActForm>
    </Stack>
  );
}
