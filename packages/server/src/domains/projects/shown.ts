import type { Output } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import type { ProjectRow } from './projects.sql.ts';

/** A project as lists show it: exactly the keys that published clients count (contract/codika.md D.23). */
export function shownProject(row: ProjectRow): Output<'projects.list'>['projects'][number] {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    status: row.status,
    hasPublishedProcess: Number(row.published) > 0,
    createdBy: row.created_by,
    createdAt: toIso(row.created_at),
    archived: row.archived_at !== null,
  };
}
