import { callAndReport } from '../../call.ts';
import type { Context, Values } from '../../command.ts';
import type { callFlags } from '../../flags.ts';
import { type Colour, paint, writeLabels } from '../../output.ts';
import { instanceIdOf } from '../ids.ts';

/** One of the two switches of an instance, in the words of contract/codika.md G.7.7. */
export interface Switch {
  readonly operation: 'instances.activate' | 'instances.deactivate';
  readonly colour: Colour;
  readonly heading: string;
  /** What became of its workflows. */
  readonly done: string;
}

/** Lets an instance be triggered, or not; answers the exit code. */
export function switchInstance(
  context: Context,
  values: Values<typeof callFlags>,
  argument: string | undefined,
  { operation, colour, heading, done }: Switch,
): Promise<number> {
  const { out } = context.terminal;
  const input = { processInstanceId: instanceIdOf(context, argument) };
  return callAndReport(context, values, operation, input, ({ processInstanceId, workflowCount }) => {
    out.line(`\n${paint(out, colour, heading)}\n`);
    writeLabels(out, [
      ['Instance ID', processInstanceId],
      ['Workflows', `${workflowCount} ${done}`],
    ]);
    out.line('');
  });
}
