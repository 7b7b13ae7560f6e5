import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** The query parameters of every list. */
export class ListQueryDto {
  // A property without a type annotation has the metadata type Object, so the type is named here.
  @ApiPropertyOptional({
    type: 'integer',
    description: 'The maximum number of items.',
    minimum: 1,
    maximum: 500,
    default: 50,
  })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 50;

  @ApiPropertyOptional({ description: '`next_cursor` of the previous page.' })
  @IsOptional()
  @IsString()
  @MaxLength(4096)
  cursor?: string;
}
