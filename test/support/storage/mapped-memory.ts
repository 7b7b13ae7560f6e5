/** Embedded stores by what they are told of their memory: makers of what tells it. */
export const MEMORY = {
  'opened once': () => () => 0,
  'opened anew after each operation': () => {
    let told = 0;
    return () => (told += 2 ** 40);
  },
} as const;
