import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

export type Phase = 'starting' | 'running' | 'draining';

/** Where the process is between its start and its end. */
@Injectable()
export class Lifecycle implements OnApplicationBootstrap, OnModuleDestroy {
  private current: Phase = 'starting';

  /** `running` once every module has started; `draining` from the first moment of a stop. */
  get phase(): Phase {
    return this.current;
  }

  onApplicationBootstrap(): void {
    this.current = 'running';
  }

  onModuleDestroy(): void {
    this.current = 'draining';
  }
}
