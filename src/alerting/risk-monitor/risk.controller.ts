import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Audited } from '../../platform/audit/audit-context.js';
import { Requires } from '../../platform/auth/requires.decorator.js';
import { Config } from '../../config/config.js';
import { ALERT_TYPES, type AlertType } from '../../domain/alerts/alert.js';
import { ApiProblems } from '../../platform/http/problem.dto.js';
import { RiskMonitor } from './risk-monitor.js';

class EvaluationDto {
  @ApiProperty({ example: 3 }) alerts_raised!: number;
  @ApiProperty({ example: 1 }) alerts_cleared!: number;
}

class RuleDto {
  @ApiProperty({ enum: ALERT_TYPES }) type!: AlertType;
  @ApiProperty() enabled!: boolean;
  @ApiProperty({ example: 'stress_rate > 40' }) raises_when!: string;
  @ApiProperty({ example: 'stress_rate <= 40' }) clears_when!: string;
  @ApiPropertyOptional({ example: 40 }) threshold?: number;
  @ApiPropertyOptional({ example: 40 }) clear_at?: number;
  @ApiPropertyOptional({ example: 5, description: 'Smaller departments raise nothing.' })
  min_group_size?: number;
}

class RuleListDto {
  @ApiProperty({ type: [RuleDto] }) items!: RuleDto[];
  @ApiProperty({ nullable: true, type: String, example: null }) next_cursor!: string | null;
}

/** Evaluates on request and lists the rules. */
@ApiTags('Risk')
@Requires('read_alerts')
@Controller('risk')
export class RiskController {
  constructor(
    private readonly monitor: RiskMonitor,
    private readonly config: Config,
  ) {}

  @Requires('operate')
  @Post('evaluate')
  @Audited('risk.evaluate', 'risk')
  @HttpCode(200)
  @ApiOperation({ summary: 'Read the tables now and raise or clear what changed' })
  @ApiOkResponse({ type: EvaluationDto })
  @ApiProblems('server_stopping', 'storage_unavailable')
  async evaluate(): Promise<EvaluationDto> {
    const { raised, cleared } = await this.monitor.evaluateAll();
    return { alerts_raised: raised, alerts_cleared: cleared };
  }

  @Get('rules')
  @ApiOperation({ summary: 'The rules in force' })
  @ApiOkResponse({ type: RuleListDto })
  rules(): RuleListDto {
    const { employee_stress: stress, department_critical: department } = this.config.rules;
    return {
      items: [
        {
          type: stress.alert,
          enabled: stress.enabled,
          raises_when: `stress_rate > ${stress.threshold}`,
          clears_when: `stress_rate <= ${stress.clearAt}`,
          threshold: stress.threshold,
          clear_at: stress.clearAt,
        },
        {
          type: department.alert,
          enabled: department.enabled,
          raises_when: 'overall_risk is critical',
          clears_when: 'overall_risk is anything else',
          min_group_size: department.minGroupSize,
        },
      ],
      next_cursor: null,
    };
  }
}
