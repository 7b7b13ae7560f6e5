import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';

/** The identity of this run of the process among the instances. */
@Injectable()
export class ThisInstance {
  readonly id: string = randomUUID();
  readonly host: string = hostname();
  readonly pid: number = process.pid;
}
