import { Inject, Injectable } from '@nestjs/common';
import type { SurveyResponse } from '../domain/surveys/survey-response.js';
import type { ChangedKeys } from '../platform/events/event-map.js';
import { Lifecycle } from '../platform/lifecycle/lifecycle.js';
import { SurveyResponseStore } from '../storage/ports/survey-response.store.js';
import { ChangedKeyCollector } from './changed-keys.js';

/** What became of Survey_Response. */
export interface SweptResponses {
  readonly count: number;
  readonly keys: ChangedKeys;
}

/** Goes over all responses and takes some away. The end of a stop's grace breaks it off between two pages; repeating it does what is left. */
@Injectable()
export class ResponseSweep {
  constructor(
    @Inject(SurveyResponseStore) private readonly responses: SurveyResponseStore,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** Removes what `isMeant`; where `instead` is given, each leaves in its place what that answers. Throws StorageError. */
  async remove(
    isMeant: (response: SurveyResponse) => boolean,
    instead?: (response: SurveyResponse) => SurveyResponse,
  ): Promise<SweptResponses> {
    const changed = new ChangedKeyCollector();
    let count = 0;
    for await (const page of this.responses.scan()) {
      this.lifecycle.halting.throwIfAborted();
      const meant = page.filter(isMeant);
      // Before the old ones go: a crash in between must not lose a score.
      if (instead && meant.length > 0) await this.responses.putMany(meant.map(instead));
      const ids = meant.map(({ responseId }) => responseId);
      await this.responses.deleteMany(ids);
      for (const id of ids) changed.add(id);
      count += ids.length;
    }
    return { count, keys: changed.collected };
  }
}
