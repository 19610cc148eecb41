import { useAsked } from '../../api.ts';
import { daysFromNow } from '../../components/day.ts';
import { PageLink } from '../../components/page-link.tsx';
import { Time } from '../../components/time.tsx';
import { Card, lookEveryMs } from './card.tsx';
import { KeyList, maxNamed } from './key-list.tsx';

const longDays = 30;

/** Keys that perhaps nobody needs any more: each is one that can be lost. */
export function UnusedKeys({ organizationId }: { organizationId: string }) {
  const asked = { unusedSince: daysFromNow(-longDays), sort: 'lastUsed', order: 'ascending' } as const;
  const question = useAsked(
    'keys.inventory',
    { organizationId, limit: maxNamed, ...asked },
    { every: lookEveryMs },
  );
  const { data } = question;
  return (
    <Card
      title="Keys that nobody uses"
      question={question}
      isEmpty={data?.total === 0}
      none={`Every key that is older than ${longDays} days was used within them.`}
      link={
        <PageLink
          to="/o/$organizationId/keys"
          params={{ organizationId }}
          search={{ unused: String(longDays) }}
        >
          All that nobody uses
        </PageLink>
      }
    >
      {data !== undefined && (
        <KeyList
          organizationId={organizationId}
          label="Keys that nobody uses"
          found={data}
          tell={({ lastUsed }) =>
            lastUsed === null ? (
              'Never used'
            ) : (
              <>
                Last used <Time at={lastUsed.at} />
              </>
            )
          }
        />
      )}
    </Card>
  );
}
