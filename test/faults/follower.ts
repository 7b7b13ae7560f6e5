import type { Frame } from '../support/clients/ws-client.js';
import type { LiveServer, ServerLives } from './server-lives.js';

export const EVENT_TYPES = ['employee_stress', 'department_critical', 'alert_cleared'];

/** A connection that keeps every frame, over whatever protocol. */
export interface Connection {
  readonly frames: readonly Frame[];
  /** Resolves when the frames satisfy; rejects when the connection ends before. */
  until(satisfied: (frames: readonly Frame[]) => boolean): Promise<unknown>;
  /** Resolves when it has ended, with the close code where there is one. */
  readonly ended: Promise<number | undefined>;
  /** Breaks it off, as a network does. */
  drop(): void;
  /** Resolves when everything that was sent until now has come. */
  flush?(): Promise<unknown>;
}

/** Where one of the clients goes, and how it is to be told apart from the others. */
export interface FollowerContext {
  readonly name: string;
  readonly lives: ServerLives;
  /** After how many frames the next connection breaks off. */
  readonly patience: () => number;
  /** Is called when something came. */
  readonly onFrames: () => void;
}

/**
 * A subscriber that comes and goes: after some frames it breaks off, and when the server goes it waits for the next.
 * What each connection brought goes to {@link take}.
 */
export abstract class Follower {
  /** What it was sent that it must not be sent. */
  readonly problems: string[] = [];
  frames = 0;
  /** With which code, where there is one, the server closed a connection, and in which life. */
  readonly closings: { readonly life: number; readonly code: number | undefined }[] = [];
  /** How often it broke off by itself. */
  disconnects = 0;
  private wantedId: string | undefined;
  private announce: () => void = () => undefined;
  private readonly finishing = new Promise<void>((resolve) => {
    this.announce = resolve;
  });

  constructor(protected readonly context: FollowerContext) {}

  /** Follows until {@link finish} was called and everything up to that id has come. */
  async run(): Promise<void> {
    for (let life = 0; ;) {
      const server = await this.context.lives.listening(life);
      let connection: Connection;
      try {
        connection = await this.connect(server);
      } catch {
        // Only a server that goes away refuses.
        life = server.life;
        continue;
      }
      const isDone = await this.follow(connection, server);
      this.frames += connection.frames.length;
      this.take(connection.frames);
      if (isDone) return;
    }
  }

  /** From now on it only waits for this event; an empty text means that there is none. */
  finish(lastId: string): void {
    this.wantedId = lastId;
    this.announce();
  }

  protected abstract connect(server: LiveServer): Promise<Connection>;

  /** What one connection brought, once it has ended. */
  protected abstract take(frames: readonly Frame[]): void;

  /** True when these frames, after all before, reach this id. */
  protected abstract reaches(frames: readonly Frame[], id: string): boolean;

  protected complain(problem: string): void {
    this.problems.push(`${this.context.name}: ${problem}`);
  }

  private async follow(connection: Connection, { life }: LiveServer): Promise<boolean> {
    let isDropped = false;
    const ended = connection.ended.then((code) => {
      if (!isDropped) this.closings.push({ life, code });
    });
    const { patience, onFrames } = this.context;
    const wanted = patience();
    const enough = connection.until((frames) => {
      onFrames();
      return frames.length >= wanted;
    });
    await Promise.race([enough.catch(() => undefined), this.finishing]);
    const id = this.wantedId;
    let isDone = false;
    if (id !== undefined) {
      try {
        await connection.until((frames) => this.reaches(frames, id));
        await connection.flush?.();
        isDone = true;
      } catch {
        // It ended before; the next connection goes on.
      }
    }
    if (id === undefined && connection.frames.length >= wanted) this.disconnects += 1;
    isDropped = true;
    connection.drop();
    await ended;
    return isDone;
  }
}
