import { Code, Text } from '@mantine/core';
import { environmentName } from '../../components/environments.ts';
import { Fact, Facts } from '../../components/facts.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { Time } from '../../components/time.tsx';
import { familyNames } from './key-family.ts';
import { type InventoryKey, KeyState } from './key-state.tsx';
import { LastUse } from './last-use.tsx';
import { useEndedBy } from './use-ended-by.ts';

function Creator({ createdBy, createdByDeparted }: InventoryKey) {
  if (createdBy === null) return null;
  return (
    <>
      {' '}
      by {createdBy}
      {createdByDeparted && <strong> (has left the organization)</strong>}
    </>
  );
}

/** When a key ends, or when and by whom it was revoked or disabled. */
function Ending({ organizationId, item }: { organizationId: string; item: InventoryKey }) {
  const { state, endsAt, revokedAt, disabledAt } = item;
  const endedBy = useEndedBy(organizationId, item);
  const by = endedBy === undefined ? '' : ` by ${endedBy}`;
  if (state === 'revoked') {
    return (
      <Fact label="Revoked">
        <Time at={revokedAt} />
        {by}
      </Fact>
    );
  }
  return (
    <>
      {state === 'disabled' && (
        <Fact label="Disabled">
          <Time at={disabledAt} />
          {by}
        </Fact>
      )}
      <Fact label={state === 'expired' ? 'Expired' : 'Ends'}>
        <Time at={endsAt} none="Does not" />
      </Fact>
    </>
  );
}

/** What a key is: everything that stands still. */
export function KeyFacts({ organizationId, item }: { organizationId: string; item: InventoryKey }) {
  const { family, environment, workspace, instance, allowedAddresses, resources } = item;
  return (
    <Facts>
      <Fact label="State">
        <KeyState state={item.state} />
      </Fact>
      <Fact label="Kind">{familyNames[family]}</Fact>
      <Fact label="Recognized by">
        <Code>{item.shown}</Code>
      </Fact>
      <Fact label="Where">
        {environment === null
          ? 'Every environment'
          : [environmentName(environment), workspace].filter(Boolean).join(' / ')}
      </Fact>
      {instance !== null && (
        <Fact label="Instance">
          <PageLink
            to="/o/$organizationId/instances/$instanceId"
            params={{ organizationId, instanceId: instance.id }}
          >
            {instance.title}
          </PageLink>
        </Fact>
      )}
      <Fact label="Made">
        <Time at={item.createdAt} />
        <Creator {...item} />
      </Fact>
      <Ending organizationId={organizationId} item={item} />
      <Fact label="Use">
        <LastUse lastUsed={item.lastUsed} />
      </Fact>
      <Fact label="From">{allowedAddresses === null ? 'Any address' : allowedAddresses.join(', ')}</Fact>
      <Fact label="Resources">{resources === null ? 'All of them' : resources.join(', ')}</Fact>
      {item.description !== '' && (
        <Fact label="Description">
          <Text>{item.description}</Text>
        </Fact>
      )}
    </Facts>
  );
}
