import type { PlannedLaunch } from '../launch/plan-launch.ts';
import { explanationText } from './explanation.ts';
import type { Rendering, RenderOptions } from './rendering.ts';

/** The forms that a plan can be written in: `offshoot plan --as`. */
export type PlanForm = 'text' | 'json' | 'docker-run' | 'compose';

/** What a form needs beside us is loaded for that alone. */
export async function renderPlan(planned: PlannedLaunch, form: PlanForm, options: RenderOptions): Promise<Rendering> {
  const { explanation, createRequest } = planned;
  switch (form) {
    case 'text':
      return { text: explanationText(explanation), notes: [] };
    case 'json':
      return { text: `${JSON.stringify(explanation)}\n`, notes: [] };
    case 'docker-run': {
      const { dockerRun } = await import('./docker-run.ts');
      return dockerRun(createRequest, options);
    }
    case 'compose': {
      const { compose } = await import('./compose.ts');
      return compose(createRequest, options);
    }
    default:
      return form satisfies never;
  }
}
