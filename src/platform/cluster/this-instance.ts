import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';

/** This run of the process, as others know it. */
@Injectable()
export class ThisInstance {
  readonly id: string = randomUUID();
  readonly host: string = hostname();
  readonly pid: number = process.pid;
}
