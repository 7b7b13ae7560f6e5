/** Decisions to raise an employee's stress, `count` of them, as the risk monitor makes them. */
export function stressDecisions(count, at, from = 0) {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    const entityId = `E${String(number).padStart(6, '0')}`;
    const department = `Department ${number % 11}`;
    const data = {
      employee_id: entityId,
      employee_name: `Employee ${String(number).padStart(6, '0')}`,
      department,
      position: 'Account Manager',
      stress_rate: 45 + (number % 50),
      engagement_rate: 25,
      attrition_rate: 62.5,
    };
    return { kind: 'raised', alert: 'employee_stress', at, entityId, department, threshold: 40, data };
  });
}
