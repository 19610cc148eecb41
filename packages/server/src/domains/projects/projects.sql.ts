import { expressionBuilder, type Selectable } from 'kysely';
import type { ProjectsTable, Reader, Tables, Writer } from '../../storage/index.ts';

/** A project with what is known of its instances. */
export interface ProjectRow extends Selectable<ProjectsTable> {
  /** How many instances of prod it has had. */
  readonly published: number | string | bigint | null;
}

export async function insertProject(trx: Writer, row: Selectable<ProjectsTable>): Promise<void> {
  await trx.insertInto('projects').values(row).execute();
}

function countPublished() {
  const eb = expressionBuilder<Tables, 'projects'>();
  return eb
    .selectFrom('process_instances')
    .select((each) => each.fn.countAll().as('published'))
    .whereRef('process_instances.project_id', '=', 'projects.id')
    .where('process_instances.environment', '=', 'prod');
}

export async function findProject(db: Reader, id: string): Promise<ProjectRow | undefined> {
  return db
    .selectFrom('projects')
    .selectAll()
    .select(countPublished().as('published'))
    .where('id', '=', id)
    .executeTakeFirst();
}

/** The newest instance of a project, archived or not. */
export async function newestInstance(
  db: Reader,
  projectId: string,
): Promise<{ version: string; created_at: number } | undefined> {
  return db
    .selectFrom('process_instances')
    .select(['version', 'created_at'])
    .where('project_id', '=', projectId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst();
}

export interface ProjectFilter {
  readonly organizationId: string;
  readonly archived: boolean;
  /** Whose projects; null for nobody's, undefined for everybody's. */
  readonly createdBy: string | null | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function findProjects(db: Reader, filter: ProjectFilter): Promise<ProjectRow[]> {
  const { createdBy } = filter;
  return db
    .selectFrom('projects')
    .selectAll()
    .select(countPublished().as('published'))
    .where('organization_id', '=', filter.organizationId)
    .where('archived_at', filter.archived ? 'is not' : 'is', null)
    .$if(createdBy !== undefined, (query) => query.where('created_by', '=', createdBy ?? null))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit)
    .execute();
}

/** The organization of a project, for those who have nothing else to do with it. */
export async function organizationOfProject(db: Reader, id: string): Promise<string | null> {
  const row = await db
    .selectFrom('projects')
    .select('organization_id')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.organization_id ?? null;
}
