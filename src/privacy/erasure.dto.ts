import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { ERASURE_MODES, type ErasureCounts, type ErasureMode } from '../domain/privacy/erasure.js';

const MODES = `\`erase\` leaves nothing of the person; \`anonymise\` leaves the scores under a random pseudonym.`;

export class ErasureQueryDto {
  @ApiProperty({
    enum: ERASURE_MODES,
    description: `${MODES} There is no default, for there is no way back.`,
  })
  @IsIn(ERASURE_MODES, { message: 'mode must be anonymise or erase' })
  mode!: ErasureMode;
}

/** What was removed. After an attempt that broke off: by the last one. The pseudonym is told to nobody. */
export class ErasureDto {
  @ApiProperty({
    enum: ERASURE_MODES,
    description: 'As asked for; as first asked for, where an interrupted removal was finished.',
  })
  mode!: ErasureMode;
  @ApiProperty({ example: 4, description: 'Survey responses removed, or anonymous now.' }) responses!: number;
  @ApiProperty({ example: 3, description: 'Messages of the alert log that were overwritten.' })
  alerts!: number;
  @ApiProperty({ example: 0, description: 'Findings and previews overwritten in reports of uploads.' })
  findings!: number;
  @ApiProperty({ example: 0, description: 'By the evaluation that followed.' }) alerts_raised!: number;
  @ApiProperty({ example: 1 }) alerts_cleared!: number;

  static of(mode: ErasureMode, counts: ErasureCounts): ErasureDto {
    const { responses, alerts, findings, alertsRaised, alertsCleared } = counts;
    return { mode, responses, alerts, findings, alerts_raised: alertsRaised, alerts_cleared: alertsCleared };
  }
}
