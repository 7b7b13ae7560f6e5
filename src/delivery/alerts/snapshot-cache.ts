import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AlertLog } from '../../alerting/log/alert-log.js';
import { AlertMessages } from './messages.js';
import type { AlertView } from './view.js';
import type { FrameEncoding } from './frame-encoding.js';
import type { SnapshotReason } from './resume.js';

/** Snapshots kept. They can be large: further ones are built again. */
const MAX_KEPT = 8;

/** What fires, as one frame. Sessions with the same view at the same head share one buffer, however large it is. */
@Injectable()
export class SnapshotCache implements OnModuleInit {
  private readonly kept = new Map<string, Buffer>();
  private keptHead = -1;

  constructor(
    private readonly log: AlertLog,
    private readonly messages: AlertMessages,
  ) {}

  onModuleInit(): void {
    this.log.onRewritten(() => this.kept.clear());
  }

  /** What `view` accepts of the alerts that fire at the head of the log. */
  frame(reason: SnapshotReason, view: AlertView, encoding: FrameEncoding): Buffer {
    const { head } = this.log;
    if (head !== this.keptHead || this.kept.size >= MAX_KEPT) this.kept.clear();
    this.keptHead = head;
    const key = `${reason}/${encoding.name}/${view.key}`;
    const known = this.kept.get(key);
    if (known) return known;
    const standing = this.log.standing().filter((event) => view.accepts(event));
    const frame = encoding.encode(this.messages.snapshot(reason, head, standing));
    this.kept.set(key, frame);
    return frame;
  }
}
