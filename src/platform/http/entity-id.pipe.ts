import { Injectable, type PipeTransform } from '@nestjs/common';
import { MAX_ID_CHARACTERS } from '../../domain/csv/row-reading.js';
import { Problem } from './problem.js';

/** Passes on ids that an entity can have. A longer id names no entity, and stores do not accept it as a key. */
@Injectable()
export class EntityIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (id.length > MAX_ID_CHARACTERS) throw new Problem('not_found', 'No entity has an id this long.');
    return id;
  }
}
