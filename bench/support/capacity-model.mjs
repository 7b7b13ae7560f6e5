// What DynamoDB charges for an upload, computed from its items: docs/operations/dynamodb-cost.md says it in words.

/** Bytes of one number: a byte for two digits without the zeros around, and one more (at most 21). */
function numberBytes(number) {
  const digits = Math.abs(number)
    .toString()
    .replace(/e.*$/, '')
    .replace('.', '')
    .replace(/^0+|0+$/g, '');
  return Math.min(21, Math.ceil(digits.length / 2) + 1 + (number < 0 ? 1 : 0));
}

/** Bytes of an item as DynamoDB counts them: the names and the values of its attributes. */
export function itemBytes(item) {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) {
    bytes += Buffer.byteLength(name);
    if (typeof value === 'string') bytes += Buffer.byteLength(value);
    else if (typeof value === 'number') bytes += numberBytes(value);
    else bytes += 1;
  }
  return bytes;
}

/** A unit writes 1 KB. */
const writeUnits = (item) => Math.ceil(itemBytes(item) / 1_024);
/** A unit reads 4 KB, strongly consistent. */
const readUnits = (item) => Math.ceil(itemBytes(item) / 4_096);
const sum = (items, unitsOf) => items.reduce((units, item) => units + unitsOf(item), 0);

/**
 * The units that grow with the rows, for people of whom nothing was known before: each response is put once; each employee
 * is looked for (a look at what is not there costs a unit), written once, and read once to be evaluated; one with an alert
 * once more after that was appended.
 */
export function unitsOfRows({ responses, employees, alerts }) {
  return [
    {
      operation: 'BatchWriteItem',
      table: 'Survey_Response',
      kind: 'write',
      units: sum(responses, writeUnits),
    },
    { operation: 'PutItem', table: 'Employees', kind: 'write', units: sum(employees, writeUnits) },
    {
      operation: 'BatchGetItem',
      table: 'Employees',
      kind: 'read',
      units: employees.length + sum(employees, readUnits) + alerts,
    },
  ];
}
