'use client';

import { useActionState } from 'react';
import { runWorkflow } from '../lib/run-workflow.ts';

async function run(_previous: string, form: FormData): Promise<string> {
  try {
    const execution = await runWorkflow(String(form.get('workflowId')), { text: form.get('text') });
    return `${execution.status}: ${execution.errorDetails?.message ?? JSON.stringify(execution.resultData)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Starts one of these workflows and shows what came of it. */
export function RunForm({ workflowIds }: { readonly workflowIds: readonly string[] }) {
  const [outcome, action, running] = useActionState(run, '');
  return (
    <form action={action}>
      <p>
        <label>
          Workflow{' '}
          <select name="workflowId">
            {workflowIds.map((id) => (
              <option key={id}>{id}</option>
            ))}
          </select>
        </label>
      </p>
      <p>
        <label>
          Text <textarea name="text" required />
        </label>
      </p>
      <button type="submit" disabled={running}>
        Run
      </button>
      <p>
        <output>{running ? 'Running…' : outcome}</output>
      </p>
    </form>
  );
}
