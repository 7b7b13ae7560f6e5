import { isDeepStrictEqual } from 'node:util';
import type { Frame } from '../support/clients/ws-client.js';
import { EVENT_TYPES, Follower, type Connection, type FollowerContext } from './follower.js';
import type { LiveServer } from './server-lives.js';

/** Opens a connection that resumes after an id, or from `earliest`. */
export type Resume = (server: LiveServer, lastId: string) => Promise<Connection>;

/** How a connection that resumes says that what follows is live. */
const BEGINNINGS = ['replay_complete', 'snapshot'];

/** A v1 client that always resumes where it left off: it must get the whole log, each event once. */
export class ResumingFollower extends Follower {
  private readonly received: Frame[] = [];
  private readonly snapshots: Frame[] = [];
  private lastId = 'earliest';
  /** Everything after this id must be received. */
  private begin = 0;

  /** `oldId`: the last event that may be gone before it was read. */
  constructor(
    context: FollowerContext,
    private readonly resume: Resume,
    private readonly oldId = 0,
  ) {
    super(context);
  }

  /** Compares what it received with the whole log. */
  compare(log: readonly Frame[]): void {
    const due = log.filter(({ id }) => Number(id) > this.begin);
    for (const snapshot of this.snapshots) this.compareSnapshot(snapshot, log);
    const { received } = this;
    if (isDeepStrictEqual(received, due)) return;
    const at = due.findIndex((event, index) => !isDeepStrictEqual(event, received[index]));
    const place = at === -1 ? due.length : at;
    const [mine, theirs] = [received[place], due[place]].map((frame) => JSON.stringify(frame));
    this.complain(`${received.length} events of ${due.length}; at ${place} got ${mine} instead of ${theirs}`);
  }

  protected override connect(server: LiveServer): Promise<Connection> {
    return this.resume(server, this.lastId);
  }

  protected override reaches(frames: readonly Frame[], id: string): boolean {
    if (!frames.some(({ type }) => BEGINNINGS.includes(type))) return false;
    const last = frames.findLast(({ type }) => [...EVENT_TYPES, ...BEGINNINGS].includes(type))?.id;
    return Number(last) >= Number(id);
  }

  protected override take(frames: readonly Frame[]): void {
    const end = frames.findIndex(({ type }) => BEGINNINGS.includes(type));
    let replayed = 0;
    for (const [index, frame] of frames.entries()) {
      if (EVENT_TYPES.includes(frame.type)) {
        const isReplay = frame.replayed === true;
        if (isReplay) replayed += 1;
        if (isReplay !== (end === -1 || index < end))
          this.complain(`wrongly marked: ${JSON.stringify(frame)}`);
        this.takeEvent(frame);
      } else this.takeOther(frame, index, replayed);
    }
  }

  private takeEvent({ replayed: _, ...event }: Frame & { replayed?: unknown }): void {
    const id = event.id ?? '';
    if (!/^[1-9]\d*$/.test(id) || this.isOutOfOrder(id))
      this.complain(`the id ${id} came after ${this.lastId}`);
    this.lastId = id;
    if (Number(id) > this.oldId) this.received.push(event);
  }

  private takeOther(frame: Frame, index: number, replayed: number): void {
    switch (frame.type) {
      case 'connection':
        if (index !== 0) this.complain('a greeting in the middle');
        return;
      case 'replay_complete':
        if (frame.count !== replayed) this.complain(`${replayed} replayed, but ${JSON.stringify(frame)}`);
        return;
      case 'position':
        if (this.lastId !== 'earliest' && Number(frame.id) < Number(this.lastId))
          this.complain(`the position ${frame.id} after the event ${this.lastId}`);
        return;
      case 'snapshot':
        this.takeSnapshot(frame);
        return;
      case 'pong':
        return;
      default:
        this.complain(`unexpected: ${JSON.stringify(frame).slice(0, 300)}`);
    }
  }

  /** True where an event with this id would be a repeat, or out of order. */
  private isOutOfOrder(id: string): boolean {
    return this.lastId !== 'earliest' && Number(id) <= Number(this.lastId);
  }

  /** Only where what comes next is past its retention is a snapshot in its place. */
  private takeSnapshot(frame: Frame): void {
    const isLost = this.lastId === 'earliest' ? this.oldId > 0 : Number(this.lastId) < this.oldId;
    if (!isLost || frame.reason !== 'trimmed_id')
      this.complain(`after ${this.lastId} a snapshot: ${JSON.stringify(frame).slice(0, 200)}`);
    this.snapshots.push(frame);
    this.lastId = frame.id ?? '';
    this.begin = Number(this.lastId);
  }

  private compareSnapshot({ id, data }: Frame, log: readonly Frame[]): void {
    const before = log.filter((event) => Number(event.id) <= Number(id));
    const over = new Set(before.map((event) => event.data?.raised_id));
    const due = before.filter(({ type, id: raised }) => type !== 'alert_cleared' && !over.has(raised));
    const active = Array.isArray(data?.active) ? (data.active as Frame[]) : [];
    const shown = active.filter((event) => Number(event.id) > this.oldId);
    if (!isDeepStrictEqual(shown, due)) this.complain(`the snapshot at ${id} is not what fired`);
  }
}
