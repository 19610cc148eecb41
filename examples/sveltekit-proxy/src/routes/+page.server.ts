import { WORKFLOW_IDS } from '$app/env/private';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = () => ({ workflowIds: WORKFLOW_IDS });
