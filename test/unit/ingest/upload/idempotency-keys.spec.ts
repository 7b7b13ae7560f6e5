import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express, { type Request } from 'express';
import { rememberAdmission } from '../../../../src/platform/auth/request-identity.js';
import { loadConfig } from '../../../../src/config/load-config.js';
import { LOCAL_OPERATOR } from '../../../../src/domain/access/access.js';
import type { UploadOptions } from '../../../../src/domain/uploads/upload.js';
import { IdempotencyKeyRetention, IdempotencyKeys } from '../../../../src/ingest/upload/idempotency-keys.js';
import { UploadHarness } from '../../../support/app/upload-harness.js';

const DAY = 86_400_000;
const OPTIONS: UploadOptions = { mode: 'partial', dryRun: false, dateFormat: 'ISO' };
const config = loadConfig({});

let room: UploadHarness;
let keys: IdempotencyKeys;
beforeEach(async () => {
  room = await UploadHarness.open();
  keys = new IdempotencyKeys(room.storage.idempotencyKeys, room.queue, room.registry, room.clock, config);
});
afterEach(() => room.close());

function request(key = 'k'): Request {
  const made = Object.create(express.request, { headers: { value: { 'idempotency-key': key } } }) as Request;
  rememberAdmission(made, { caller: LOCAL_OPERATOR });
  return made;
}
const fileOf = (id: string, sha256 = 's') => ({ id, bytes: 1, sha256 });
const inUse = expect.objectContaining({ code: 'idempotency_key_in_use' });

/** Another process comes as far with a request as naming its upload. */
async function nameUploadElsewhere(instance: string): Promise<void> {
  const elsewhere = { id: instance } as typeof room.registry;
  const others = new IdempotencyKeys(room.storage.idempotencyKeys, room.queue, elsewhere, room.clock, config);
  const theirs = request();
  await others.hold(theirs);
  await others.earlierUpload(theirs, fileOf('theirs'), OPTIONS);
}

describe('an idempotency key that another process holds', () => {
  it('is in use while that is up, and free when it is gone without an upload', async () => {
    await room.storage.instances.beat({ instance: 'other', host: 'elsewhere', pid: 7, beat: 1 });
    await nameUploadElsewhere('other');
    await expect(keys.hold(request())).rejects.toEqual(inUse);
    await room.storage.instances.remove({ instance: 'other', host: 'elsewhere', pid: 7, beat: 1 });
    const ours = request();
    await keys.hold(ours);
    expect(await keys.earlierUpload(ours, fileOf('ours', 'another'), OPTIONS)).toBeUndefined();
  });

  it('stands for its upload when that is there, gone or not', async () => {
    await nameUploadElsewhere('gone');
    await room.queue.accept({ id: 'theirs', bytes: 1, uploadedBy: 'local', options: OPTIONS });
    const ours = request();
    await keys.hold(ours);
    expect(await keys.earlierUpload(ours, fileOf('ours'), OPTIONS)).toBe('theirs');
    await keys.release(ours);
    await expect(keys.earlierUpload(ours, fileOf('ours', 'other'), OPTIONS)).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
  });
});

describe('an idempotency key', () => {
  it('is forgotten a day after its request, and removed', async () => {
    const first = request();
    await keys.hold(first);
    await keys.earlierUpload(first, fileOf('u1'), OPTIONS);
    await room.queue.accept({ id: 'u1', bytes: 1, uploadedBy: 'local', options: OPTIONS });
    await keys.release(first);

    const expiry = new IdempotencyKeyRetention(
      room.storage.idempotencyKeys,
      room.lifecycle,
      room.clock,
      config,
    );
    const names = async (uploadId: string) => {
      const again = request();
      await keys.hold(again);
      const earlier = await keys.earlierUpload(again, fileOf(uploadId), OPTIONS);
      await keys.release(again);
      return earlier;
    };
    room.clock.advance(DAY - 1);
    await expiry.removeExpired();
    expect(await names('u2')).toBe('u1');
    room.clock.advance(2);
    expect(await names('u2')).toBeUndefined();
    await room.storage.idempotencyKeys.put(
      { key: 'old', holder: 'h', instance: 'i', since: room.clock.now() - DAY - 1 },
      undefined,
    );
    await expiry.removeExpired();
    expect(await room.storage.idempotencyKeys.get('old')).toBeUndefined();
  });

  it('is held by one of two requests that arrive at once', async () => {
    const both = await Promise.allSettled([keys.hold(request()), keys.hold(request())]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: inUse });
  });

  it('is not asked for, and nothing is kept, where a request has none', async () => {
    const none = Object.create(express.request, { headers: { value: {} } }) as Request;
    await keys.hold(none);
    expect(await keys.earlierUpload(none, fileOf('u1'), OPTIONS)).toBeUndefined();
    await keys.release(none);
  });
});
