import { describe, expect, it } from '@jest/globals';
import {
  EMPTY_REPORT,
  type UploadRecord,
  EMPTY_UNDO_REPORT,
  isSettled,
  isUndoable,
} from '../../../../src/domain/uploads/upload.js';

const upload: UploadRecord = {
  id: 'u1',
  revision: 2,
  acceptedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: '2026-01-01T00:00:09.000Z',
  owner: { instance: 'i1', spool: 's1' },
  spoolFile: 'f1',
  bytes: 9,
  options: { mode: 'partial', dryRun: false, dateFormat: 'ISO' },
  status: 'completed',
  stage: 'finished',
  progress: 100,
  message: '',
  report: { ...EMPTY_REPORT, kind: 'survey' },
};
const asked = {
  requestedAt: '2026-01-02T00:00:00.000Z',
  isRepeated: false,
  report: EMPTY_UNDO_REPORT,
};
const done = { ...asked, undoneAt: '2026-01-02T00:00:01.000Z' };
const brokenOff = { ...asked, code: 'storage_unavailable' };

describe('an upload can be taken back', () => {
  it.each<[string, Partial<UploadRecord>, boolean]>([
    ['that is imported', {}, true],
    ['of a roster', { report: { ...EMPTY_REPORT, kind: 'employees' } }, false],
    ['that was only looked at', { options: { ...upload.options, dryRun: true } }, false],
    ['that waits', { status: 'pending' }, false],
    ['whose file is at fault', { status: 'failed', code: 'missing_column' }, false],
    ['whose evaluation failed', { status: 'failed', code: 'evaluation_failed' }, true],
    ['that broke off amid the writing', { status: 'failed', code: 'storage_unavailable' }, true],
    [
      'whose file was lost amid the writing',
      { status: 'failed', code: 'spool_lost', report: EMPTY_REPORT },
      true,
    ],
    [
      'whose file is of no known kind',
      { status: 'failed', code: 'unknown_header', report: EMPTY_REPORT },
      false,
    ],
    [
      'whose file was lost, said to be a roster',
      {
        status: 'failed',
        code: 'spool_lost',
        report: EMPTY_REPORT,
        options: { ...upload.options, kind: 'employees' },
      },
      false,
    ],
    ['whose undo is asked for', { undo: asked }, false],
    ['that is taken back', { undo: done }, false],
    ['whose undo broke off', { undo: brokenOff }, true],
  ])('%s: as it is', (_, changes, expected) => {
    expect(isUndoable({ ...upload, ...changes })).toBe(expected);
  });

  it.each<[string, Partial<UploadRecord>, boolean]>([
    ['imported', {}, true],
    ['waiting for its undo', { undo: asked }, false],
    ['undone', { undo: done }, true],
    ['left by an undo that broke off', { undo: brokenOff }, true],
  ])('and is settled or not when %s', (_, changes, expected) => {
    expect(isSettled({ ...upload, ...changes })).toBe(expected);
  });
});
