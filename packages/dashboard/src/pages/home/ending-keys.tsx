import { useAsked } from '../../api.ts';
import { daysFromNow } from '../../components/day.ts';
import { PageLink } from '../../components/page-link.tsx';
import { Time } from '../../components/time.tsx';
import { Card, lookEveryMs } from './card.tsx';
import { KeyList, maxNamed } from './key-list.tsx';

const soonDays = 14;

/** Keys that somebody has to replace before long. */
export function EndingKeys({ organizationId }: { organizationId: string }) {
  const asked = { endsBefore: daysFromNow(soonDays), sort: 'ends', order: 'ascending' } as const;
  const question = useAsked(
    'keys.inventory',
    { organizationId, limit: maxNamed, ...asked },
    { every: lookEveryMs },
  );
  const { data } = question;
  return (
    <Card
      title="Keys that end soon"
      question={question}
      isEmpty={data?.total === 0}
      none={`No key ends within ${soonDays} days.`}
      link={
        <PageLink
          to="/o/$organizationId/keys"
          params={{ organizationId }}
          search={{ ends: String(soonDays), order: 'ends ascending' }}
        >
          All that end soon
        </PageLink>
      }
    >
      {data !== undefined && (
        <KeyList
          organizationId={organizationId}
          label="Keys that end soon"
          found={data}
          tell={({ endsAt }) => (
            <>
              Ends <Time at={endsAt} />
            </>
          )}
        />
      )}
    </Card>
  );
}
