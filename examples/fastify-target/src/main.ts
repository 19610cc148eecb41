import { readSettings } from './settings.ts';
import { buildTarget } from './target.ts';

const settings = readSettings(process.env);
const target = buildTarget(settings);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void target.close());
await target.listen({ host: settings.host, port: settings.port });
