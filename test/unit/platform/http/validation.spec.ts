import { describe, expect, it } from '@jest/globals';
import { ListQueryDto } from '../../../../src/platform/http/list.dto.js';
import { Problem } from '../../../../src/platform/http/problem.js';
import { parseDto, validationPipe } from '../../../../src/platform/http/validation.js';

async function problemOf(value: unknown): Promise<Problem> {
  try {
    await parseDto(ListQueryDto, value);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('It was accepted');
}

describe('parseDto', () => {
  it('converts numbers and fills in defaults', async () => {
    expect(await parseDto(ListQueryDto, { limit: '7' })).toEqual({ limit: 7 });
    expect(await parseDto(ListQueryDto, {})).toEqual({ limit: 50 });
  });

  it.each([['0'], ['501'], ['-1'], ['1.5'], ['ten'], [''], [['1', '2']], [{ a: 1 }]])(
    'refuses the limit %j',
    async (limit) => {
      expect((await problemOf({ limit })).extras.errors).toEqual(
        expect.arrayContaining([expect.objectContaining({ field: 'limit' })]),
      );
    },
  );

  it('lists every field that is wrong, known or not', async () => {
    const { code, extras } = await problemOf({ limit: '0', colour: 'red' });
    expect([code, extras.errors?.map(({ field }) => field).sort()]).toEqual([
      'validation_failed',
      ['colour', 'limit'],
    ]);
  });
});

describe('validationPipe', () => {
  const body = { type: 'body', metatype: ListQueryDto } as const;

  it('does not take a body that nobody parsed for an empty one', async () => {
    await expect(validationPipe().transform(undefined, body)).rejects.toMatchObject({
      code: 'unsupported_media_type',
    });
  });

  it('refuses a body nested so deeply that checking it would overflow', async () => {
    const deep: unknown = JSON.parse(`{"limit":${'['.repeat(50_000)}${']'.repeat(50_000)}}`);
    await expect(validationPipe().transform(deep, body)).rejects.toMatchObject({ code: 'bad_request' });
  });
});
