import * as z from 'zod';
import { InternalError } from '../../../errors.ts';
import { readLabel } from '../command/read.ts';

const line = z.object({
  Timestamp: z.string(),
  Namespace: z.string().default(''),
  Topic: z.string(),
  Event: z.string(),
});

const labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((entries): Readonly<Record<string, string>> => entries ?? {});

/** What the events of containerd have that we read, all kinds together. */
const body = z.object({
  id: z.string().default(''),
  container_id: z.string().default(''),
  exec_id: z.string().default(''),
  name: z.string().default(''),
  image: z.string().default(''),
  exit_status: z.number().default(0),
  labels,
});

/** One event as containerd tells it. */
export interface ToldEvent {
  readonly at: Date;
  readonly namespace: string;
  /** `/tasks/start` */
  readonly topic: string;
  /** Of the container; empty where it is about none. */
  readonly id: string;
  /** Of the process that has begun or ended, where that is not the container's own. */
  readonly execId: string | undefined;
  /** Of an image or a namespace. */
  readonly name: string;
  /** What a container is made from. */
  readonly image: string;
  readonly exitCode: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** @throws InternalError for a line that is not understood */
export function readEvent(said: unknown): ToldEvent {
  const parsed = line.safeParse(said);
  const event = parsed.success ? readLabel(parsed.data.Event, body) : undefined;
  if (!parsed.success || event === undefined)
    throw new InternalError('nerdctl told an event in a way that offshoot does not understand');
  const { Timestamp, Namespace, Topic } = parsed.data;
  const id = event.container_id || (Topic.startsWith('/containers/') ? event.id : '');
  // The end of a process has its id in the one place, its beginning in the other.
  const execId = event.exec_id || (Topic === '/tasks/exit' && event.id !== id ? event.id : '');
  return {
    at: new Date(Timestamp),
    namespace: Namespace,
    topic: Topic,
    id,
    execId: execId || undefined,
    name: event.name,
    image: event.image,
    exitCode: event.exit_status,
    labels: event.labels,
  };
}

const ofContainers: Readonly<Record<string, string>> = {
  '/containers/create': 'create',
  '/containers/delete': 'destroy',
  '/tasks/start': 'start',
  '/tasks/exit': 'die',
  '/tasks/paused': 'pause',
  '/tasks/resumed': 'unpause',
  '/tasks/oom': 'oom',
  '/tasks/checkpointed': 'checkpoint',
};
const ofProcesses: Readonly<Record<string, string>> = {
  '/tasks/exec-added': 'exec_create',
  '/tasks/exec-started': 'exec_start',
  '/tasks/exit': 'exec_die',
};
/** Names are all that it tells of them. */
const ofImages: Readonly<Record<string, string>> = {
  '/images/create': 'tag',
  '/images/update': 'tag',
  '/images/delete': 'untag',
};

/** Docker's words for it; `undefined` where Docker has none. */
export function wordsFor({ topic, execId, id }: ToldEvent): { type: string; action: string } | undefined {
  const image = ofImages[topic];
  if (image !== undefined) return { type: 'image', action: image };
  const action = id === '' ? undefined : (execId === undefined ? ofContainers : ofProcesses)[topic];
  return action === undefined ? undefined : { type: 'container', action };
}
