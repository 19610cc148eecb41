import { daysFromNow } from '../../components/day.ts';
import { Time } from '../../components/time.tsx';
import { KeysCard } from './keys-card.tsx';

const longDays = 30;

/** Keys that perhaps nobody needs any more: each is one that can be lost. */
export function UnusedKeys({ organizationId, isAdmin }: { organizationId: string; isAdmin: boolean }) {
  return (
    <KeysCard
      organizationId={organizationId}
      title="Keys that nobody uses"
      which={{ unusedSince: daysFromNow(-longDays), sort: 'lastUsed', order: 'ascending' }}
      none={`Every key ${isAdmin ? '' : 'that you may see '}was used in the last ${longDays} days, or is newer than that.`}
      all="All that nobody uses"
      filters={{ unused: String(longDays) }}
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
  );
}
