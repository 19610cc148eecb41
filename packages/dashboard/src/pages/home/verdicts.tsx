import { useAsked } from '../../api.ts';
import { PageLink } from '../../components/page-link.tsx';
import { Uses } from '../../components/uses/uses.tsx';
import { Card } from './card.tsx';

/** What was used is written down about as often. */
const lookEveryMs = 10_000;

const none =
  'No key was used in the last 24 hours. Each request of a program with a key shows up here within seconds.';

/** What came of the uses of all keys, hour by hour. */
export function Verdicts({ organizationId }: { organizationId: string }) {
  const question = useAsked('organizations.activity', { organizationId, hours: 24 }, { every: lookEveryMs });
  const hours = question.data?.hours ?? [];
  return (
    <Card
      title="Keys in the last 24 hours"
      question={question}
      isEmpty={hours.length === 0}
      none={none}
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
      <Uses label="Uses of keys in the last 24 hours" hours={hours} lastHours={24} none={none} />
    </Card>
  );
}
