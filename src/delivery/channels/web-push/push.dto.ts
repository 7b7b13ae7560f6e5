import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsNumber, IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import type { WebPushReceiver } from './push-receiver.js';
import type { PushSubscription } from '../../../domain/notifications/push-subscription.js';
import { IsAuthSecret, IsDeviceKey } from './subscription-keys.js';

const MAX_ENDPOINT = 2_000;

export class PushReceiverDto {
  @ApiProperty({ example: 'phones' }) receiver!: string;
  @ApiProperty({
    example: 'BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U',
    description: 'The `applicationServerKey` of a subscription to it.',
  })
  public_key!: string;

  static of({ name, vapidPublic }: WebPushReceiver): PushReceiverDto {
    return { receiver: name, public_key: vapidPublic };
  }
}

export class PushReceiverListDto {
  @ApiProperty({ type: [PushReceiverDto] }) items!: PushReceiverDto[];
}

export class PushKeysDto {
  @ApiProperty({ description: 'A point on P-256: 65 bytes, base64url.' })
  @IsDeviceKey()
  p256dh!: string;

  @ApiProperty({ description: '16 bytes, base64url.' })
  @IsAuthSecret()
  auth!: string;
}

/** The result of `PushSubscription.toJSON()` in a browser. */
export class PushSubscriptionBodyDto {
  @ApiProperty({ example: 'https://push.example.com/send/…', maxLength: MAX_ENDPOINT })
  @IsString()
  @MaxLength(MAX_ENDPOINT)
  endpoint!: string;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    description: 'Ignored: the push service reports when a subscription has ended.',
  })
  @IsOptional()
  @IsNumber()
  expirationTime?: number | null;

  @ApiProperty({ type: PushKeysDto })
  @IsObject()
  @ValidateNested()
  @Type(() => PushKeysDto)
  keys!: PushKeysDto;
}

/** A subscription without its secrets. */
export class PushSubscriptionDto {
  @ApiProperty({ example: 'XWY0dCM1V7mVbYy1cJ6m2g' }) id!: string;
  @ApiProperty({ example: 'phones' }) receiver!: string;
  @ApiProperty({ format: 'date-time' }) created_at!: string;

  static of({ id, receiver, createdAt }: PushSubscription): PushSubscriptionDto {
    return { id, receiver, created_at: createdAt };
  }
}
