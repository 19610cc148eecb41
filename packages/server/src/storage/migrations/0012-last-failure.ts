import type { Writer } from '../store.ts';

/** Whoever waits for an execution is told what became of its last attempt. */
export async function up({ schema }: Writer): Promise<void> {
  await schema.alterTable('executions').addColumn('last_failure', 'text').execute();
}
