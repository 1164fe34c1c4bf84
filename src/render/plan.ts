import type { PlannedLaunch } from '../launch/plan-launch.ts';
import type { CreateRequest } from '../runtime/runtime.ts';
import { withoutValues } from './conceal.ts';
import { explanationText } from './explanation.ts';
import type { Rendering, RenderOptions } from './rendering.ts';

/** The forms that a plan can be written in: `offshoot plan --as`. */
export type PlanForm = 'text' | 'json' | 'docker-run' | 'compose';

/** What a form needs beside us is loaded for that alone. */
export async function renderPlan(planned: PlannedLaunch, form: PlanForm, options: RenderOptions): Promise<Rendering> {
  const { explanation } = planned;
  switch (form) {
    case 'text':
      return { text: explanationText(explanation), notes: [] };
    case 'json':
      return { text: `${JSON.stringify(explanation)}\n`, notes: [] };
    case 'docker-run': {
      const { dockerRun } = await import('./docker-run.ts');
      return rendered(planned, dockerRun, options);
    }
    case 'compose': {
      const { compose } = await import('./compose.ts');
      return rendered(planned, compose, options);
    }
    default:
      return form satisfies never;
  }
}

type Renderer = (request: CreateRequest, options: RenderOptions) => Rendering | Promise<Rendering>;

async function rendered(
  { createRequest }: PlannedLaunch,
  render: Renderer,
  options: RenderOptions,
): Promise<Rendering> {
  const shown = options.showValues ? { request: createRequest, notes: [] } : withoutValues(createRequest);
  const { text, notes } = await render(shown.request, options);
  return { text, notes: [...notes, ...shown.notes] };
}
