import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsNumber, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { OVERALL_RISKS, type Department, type OverallRisk } from '../../domain/people/department.js';
import type { Employee } from '../../domain/people/employee.js';
import { ListQueryDto } from '../../platform/http/list.dto.js';
import { dimensionsOf } from './patch.js';

const DIMENSIONS = {
  type: 'object',
  additionalProperties: { type: 'number' },
  description: 'Dimension scores, 2 decimals.',
  example: { employee_engagement: 3.5, leadership: 4 },
} as const;

/** A rate that may be absent. */
const ApiRate = (): PropertyDecorator =>
  ApiProperty({ minimum: 0, maximum: 100, nullable: true, type: Number, example: 43.8 });

/** A rate in a PATCH: a percentage, or null to remove it. */
const EditableRate = (): PropertyDecorator =>
  combine(
    ApiPropertyOptional({ minimum: 0, maximum: 100, nullable: true, type: Number, example: 43.8 }),
    IsOptional(),
    IsNumber({ maxDecimalPlaces: 4 }),
    Min(0),
    Max(100),
  );

/** A text in a PATCH, or null to remove it. */
const EditableText = (example: string): PropertyDecorator =>
  combine(
    ApiPropertyOptional({ nullable: true, type: String, minLength: 1, maxLength: 256, example }),
    IsOptional(),
    IsString(),
    MinLength(1),
    MaxLength(256),
  );

function combine(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, key) => {
    for (const decorate of decorators) decorate(target, key);
  };
}

export class EmployeeQueryDto extends ListQueryDto {
  @ApiPropertyOptional({
    description: 'Only this department, by name, letter case ignored.',
    example: 'Sales',
  })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  department?: string;
}

export class DepartmentQueryDto extends ListQueryDto {
  @ApiPropertyOptional({ enum: OVERALL_RISKS, description: 'Only departments with this risk.' })
  @IsOptional()
  @IsIn(OVERALL_RISKS)
  overall_risk?: OverallRisk;
}

/** The roster attributes that can be edited; `department` is the name of the department. */
export class EmployeePatchDto {
  @EditableText('Ada Byron') name?: string | null;
  @EditableText('Account Manager') position?: string | null;
  @EditableText('Sales') department?: string | null;
  @EditableText('G7') job_grade?: string | null;
  @EditableText('1990-12-10') birthdate?: string | null;
  @EditableText('2019-03-01') hire_date?: string | null;
  @EditableText('female') gender?: string | null;
  @EditableText('London') location?: string | null;
  @EditableText('senior') employee_level?: string | null;
  @EditableText('no') union_membership?: string | null;
  @EditableRate() stress_rate?: number | null;
  @EditableRate() engagement_rate?: number | null;
  @EditableRate() attrition_rate?: number | null;
}

export class EmployeeDto {
  @ApiProperty({ example: 'E0042' }) employee_id!: string;
  @ApiProperty({ nullable: true, type: String, example: 'Ada Byron' }) name!: string | null;
  @ApiProperty({ nullable: true, type: String, example: 'Account Manager' }) position!: string | null;
  @ApiProperty({ nullable: true, type: String, example: 'Sales' }) department!: string | null;
  @ApiProperty({ nullable: true, type: String }) job_grade!: string | null;
  @ApiProperty({ nullable: true, type: String }) birthdate!: string | null;
  @ApiProperty({ nullable: true, type: String }) hire_date!: string | null;
  @ApiProperty({ nullable: true, type: String }) gender!: string | null;
  @ApiProperty({ nullable: true, type: String }) location!: string | null;
  @ApiProperty({ nullable: true, type: String }) employee_level!: string | null;
  @ApiProperty({ nullable: true, type: String }) union_membership!: string | null;
  @ApiRate() stress_rate!: number | null;
  @ApiRate() engagement_rate!: number | null;
  @ApiRate() attrition_rate!: number | null;
  @ApiProperty(DIMENSIONS) dimensions!: Record<string, number>;
  @ApiProperty({ nullable: true, type: String, example: '2025-03-14' }) last_submission_date!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' }) metrics_updated_at!: string | null;

  static of({
    employeeId,
    attributes,
    metrics,
    lastSubmissionDate,
    metricsUpdatedAt,
  }: Employee): EmployeeDto {
    return {
      employee_id: employeeId,
      name: attributes.name ?? null,
      position: attributes.position ?? null,
      department: attributes.division ?? null,
      job_grade: attributes.job_grade ?? null,
      birthdate: attributes.birthdate ?? null,
      hire_date: attributes.hire_date ?? null,
      gender: attributes.gender ?? null,
      location: attributes.location ?? null,
      employee_level: attributes.employee_level ?? null,
      union_membership: attributes.union_membership ?? null,
      stress_rate: metrics.rates.stress_rate ?? null,
      engagement_rate: metrics.rates.engagement_rate ?? null,
      attrition_rate: metrics.rates.attrition_rate ?? null,
      dimensions: dimensionsOf(metrics),
      last_submission_date: lastSubmissionDate ?? null,
      metrics_updated_at: metricsUpdatedAt ?? null,
    };
  }
}

export class EmployeeListDto {
  @ApiProperty({ type: [EmployeeDto] }) items!: EmployeeDto[];
  @ApiProperty({ nullable: true, type: String, description: 'Null on the last page.' }) next_cursor!:
    string | null;
}

/** `overall_risk` follows from the rates unless it is given. */
export class DepartmentPatchDto {
  @ApiPropertyOptional({ enum: OVERALL_RISKS })
  @IsOptional()
  @IsIn(OVERALL_RISKS)
  overall_risk?: OverallRisk;

  @EditableRate() stress_rate?: number | null;
  @EditableRate() engagement_rate?: number | null;
  @EditableRate() attrition_rate?: number | null;
}

export class DepartmentDto {
  @ApiProperty({ example: 'dept-sales' }) department_id!: string;
  @ApiProperty({ example: 'Sales' }) department_name!: string;
  @ApiProperty({ nullable: true, type: Number, example: 36 }) respondents!: number | null;
  @ApiProperty({
    description:
      'True while every score and the respondents are null because groups this small are not shown.',
  })
  scores_withheld!: boolean;
  @ApiProperty({
    nullable: true,
    type: String,
    example: 'warning',
    description: 'Null while nothing is known.',
  })
  overall_risk!: string | null;
  @ApiRate() engagement_score!: number | null;
  @ApiRate() stress_rate!: number | null;
  @ApiRate() engagement_rate!: number | null;
  @ApiRate() attrition_rate!: number | null;
  @ApiProperty(DIMENSIONS) dimensions!: Record<string, number>;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' }) metrics_updated_at!: string | null;

  static of(department: Department): DepartmentDto {
    const { rates } = department.metrics;
    return {
      department_id: department.departmentId,
      department_name: department.departmentName,
      respondents: department.respondents ?? null,
      scores_withheld: department.withheld ?? false,
      overall_risk: department.overallRisk ?? null,
      engagement_score: department.engagementScore ?? null,
      stress_rate: rates.stress_rate ?? null,
      engagement_rate: rates.engagement_rate ?? null,
      attrition_rate: rates.attrition_rate ?? null,
      dimensions: dimensionsOf(department.metrics),
      metrics_updated_at: department.metricsUpdatedAt ?? null,
    };
  }
}

export class DepartmentListDto {
  @ApiProperty({ type: [DepartmentDto] }) items!: DepartmentDto[];
  @ApiProperty({ nullable: true, type: String, description: 'Null on the last page.' }) next_cursor!:
    string | null;
}
