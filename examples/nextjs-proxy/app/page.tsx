import { connection } from 'next/server';
import { readSettings } from '../lib/settings.ts';
import { RunForm } from './run-form.tsx';

export default async function Page() {
  // The settings are those of the running server, not of the build.
  await connection();
  return (
    <main>
      <h1>Count words</h1>
      <RunForm workflowIds={readSettings().workflowIds} />
    </main>
  );
}
