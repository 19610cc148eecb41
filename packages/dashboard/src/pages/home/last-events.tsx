import { useAsked } from '../../api.ts';
import { PageLink } from '../../components/page-link.tsx';
import { EventRows } from '../audit/event-rows.tsx';
import { Card, lookEveryMs } from './card.tsx';

const maxShown = 5;

/** What was changed last; for owners and admins, who alone may see it. */
export function LastEvents({ organizationId }: { organizationId: string }) {
  const question = useAsked('audit.list', { organizationId, limit: maxShown }, { every: lookEveryMs });
  const events = question.data?.events ?? [];
  return (
    <Card
      title="Last changes"
      question={question}
      isEmpty={events.length === 0}
      none="Nothing was changed yet."
      link={
        <PageLink to="/o/$organizationId/audit" params={{ organizationId }}>
          All changes
        </PageLink>
      }
    >
      <EventRows organizationId={organizationId} events={events} names={question.data?.names ?? {}} />
    </Card>
  );
}
