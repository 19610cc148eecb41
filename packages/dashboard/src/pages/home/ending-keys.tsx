import { daysFromNow } from '../../components/day.ts';
import { Time } from '../../components/time.tsx';
import { KeysCard } from './keys-card.tsx';

const soonDays = 14;

/** Keys that somebody has to replace before long. */
export function EndingKeys({ organizationId, isAdmin }: { organizationId: string; isAdmin: boolean }) {
  return (
    <KeysCard
      organizationId={organizationId}
      title="Keys that end soon"
      which={{ endsBefore: daysFromNow(soonDays), sort: 'ends', order: 'ascending' }}
      none={`No key ${isAdmin ? '' : 'that you may see '}ends within ${soonDays} days.`}
      all="All that end soon"
      filters={{ ends: String(soonDays), order: 'ends ascending' }}
      tell={({ endsAt }) => (
        <>
          Ends <Time at={endsAt} />
        </>
      )}
    />
  );
}
