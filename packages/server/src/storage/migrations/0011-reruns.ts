import type { Writer } from '../store.ts';

/** Whoever looks at an execution asks which ones repeat it. */
export async function up({ schema }: Writer): Promise<void> {
  await schema
    .createIndex('executions_of_rerun')
    .on('executions')
    .columns(['rerun_of', 'created_at', 'id'])
    .where('rerun_of', 'is not', null)
    .execute();
}
