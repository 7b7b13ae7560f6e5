import { Injectable, type PipeTransform } from '@nestjs/common';
import { MAX_ID_CHARACTERS } from '../../domain/csv/row-reading.js';
import { Problem } from './problem.js';

/** Lets ids through that an entity can have. A longer one names nothing, and no store could be asked for it. */
@Injectable()
export class EntityIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (id.length > MAX_ID_CHARACTERS) throw new Problem('not_found', 'Nothing has an id this long.');
    return id;
  }
}
