import type { ChannelState, DeadLetter, PreparedMessage } from '../../domain/notifications/channel-state.js';
import { IdRanges } from '../../domain/notifications/id-ranges.js';
import type { Backlog } from './backlog.js';
import type { DeadLetters } from './dead-letters.js';
import type { MessageSource } from './message-source.js';
import type { ChannelLease } from './channel-lease.js';

/** The dead letters that somebody wants tried again, in the order of their events. */
export class RedriveSource implements MessageSource {
  /** News go first: whoever has old ones tried again waits. */
  readonly first = Infinity;
  private letter: DeadLetter | undefined;
  private after: string | undefined;

  constructor(
    private readonly keeper: ChannelLease,
    private readonly letters: DeadLetters,
    private readonly backlog: Backlog,
  ) {}

  waitMs(): number {
    return this.keeper.state.redrive === undefined ? Infinity : 0;
  }

  async next(): Promise<PreparedMessage | undefined> {
    const { redrive } = this.keeper.state;
    if (redrive === undefined) return undefined;
    this.letter ??= await this.find(redrive.before, redrive.letter);
    if (this.letter === undefined) {
      this.after = undefined;
      await this.keeper.write({ redrive: undefined });
    }
    return this.letter;
  }

  async settle(message: PreparedMessage, change: Partial<ChannelState>): Promise<void> {
    // Told by now: what follows its raises is told as usual.
    for (const id of IdRanges.parse(message.ids)) this.backlog.buried.delete(id);
    await this.keeper.write({ ...this.backlog.progress(), ...change });
    if (this.letter) await this.letters.remove(this.letter);
    this.goOn();
  }

  async giveUp(message: PreparedMessage, reason: string, change: Partial<ChannelState>): Promise<void> {
    await this.letters.bury(message, reason);
    await this.keeper.write(change);
    this.goOn();
  }

  private goOn(): void {
    this.after = this.letter?.key;
    this.letter = undefined;
  }

  private async find(before: number, key: string | undefined): Promise<DeadLetter | undefined> {
    if (key === undefined) return this.letters.following(this.after, before);
    return this.after === undefined ? this.letters.get(key) : undefined;
  }
}
