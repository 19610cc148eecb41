import { useAsked } from '../../api.ts';
import { PageLink } from '../../components/page-link.tsx';
import { Uses } from '../../components/uses/uses.tsx';
import { Card } from './card.tsx';

/** What was used is written down about as often. */
const lookEveryMs = 10_000;

const soon = 'Each request of a program with a key shows up here within seconds.';
const none = `No key was used in the last 24 hours. ${soon}`;
const noneOfYours = `No environment key and none of your own was used in the last 24 hours. ${soon} The keys of others are for owners and admins to see.`;

/** What came of the uses of all keys, or of those that the person may see, hour by hour. */
export function Verdicts({ organizationId, isAdmin }: { organizationId: string; isAdmin: boolean }) {
  const question = useAsked('organizations.activity', { organizationId, hours: 24 }, { every: lookEveryMs });
  const hours = question.data?.hours ?? [];
  return (
    <Card
      title={isAdmin ? 'Keys in the last 24 hours' : 'Keys that you may see, in the last 24 hours'}
      question={question}
      isEmpty={hours.length === 0}
      none={isAdmin ? none : noneOfYours}
      link={
        <PageLink
          to="/o/$organizationId/keys"
          params={{ organizationId }}
          search={{ order: 'lastUsed descending' }}
        >
          Those used last
        </PageLink>
      }
    >
      <Uses
        label="Uses of keys in the last 24 hours"
        hours={hours}
        lastHours={24}
        none={isAdmin ? none : noneOfYours}
      />
    </Card>
  );
}
