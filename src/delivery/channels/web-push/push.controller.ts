import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Request } from 'express';
import { Audited } from '../../../platform/audit/audit-context.js';
import { AccessScopes } from '../../../platform/auth/access-scopes.js';
import { callerOf } from '../../../platform/auth/request-identity.js';
import { Requires } from '../../../platform/auth/requires.decorator.js';
import type { WebPushReceiver } from './push-receiver.js';
import { seesEverything } from '../../../domain/access/access.js';
import {
  MAX_SUBSCRIPTIONS,
  MAX_SUBSCRIPTIONS_OF_SUBJECT,
} from '../../../domain/notifications/push-subscription.js';
import { EntityIdPipe } from '../../../platform/http/entity-id.pipe.js';
import { ApiProblems } from '../../../platform/http/problem.dto.js';
import { Problem } from '../../../platform/http/problem.js';
import { endpointProblem } from './subscription-keys.js';
import { PushReceivers, PushSubscriptions } from './push-subscriptions.js';
import {
  PushReceiverDto,
  PushReceiverListDto,
  PushSubscriptionBodyDto,
  PushSubscriptionDto,
} from './push.dto.js';

const WHO =
  'A receiver is notified of every department, so only roles that see everything may subscribe: `admin` and `hr`.';

/** The subscriptions of devices for push messages. */
@ApiTags('Push')
@Requires('read_alerts')
@Controller('push')
export class PushController {
  constructor(
    private readonly receivers: PushReceivers,
    private readonly subscriptions: PushSubscriptions,
    private readonly scopes: AccessScopes,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List the receivers that the caller may subscribe to',
    description: `The list is empty where no \`web_push\` receiver is configured. ${WHO}`,
  })
  @ApiOkResponse({ type: PushReceiverListDto })
  list(@Req() request: Request): PushReceiverListDto {
    const receivers = this.maySubscribe(request) ? this.receivers.all : [];
    return { items: receivers.map((receiver) => PushReceiverDto.of(receiver)) };
  }

  @Get(':receiver')
  @ApiOperation({ summary: 'The key to subscribe to a receiver with', description: WHO })
  @ApiOkResponse({ type: PushReceiverDto })
  @ApiProblems('forbidden', 'not_found')
  one(@Param('receiver') name: string, @Req() request: Request): PushReceiverDto {
    return PushReceiverDto.of(this.receiverFor(request, name));
  }

  @Post(':receiver/subscriptions')
  @Audited('push.subscribe', 'push/:receiver/subscriptions/:id')
  @ApiOperation({
    summary: 'Subscribe a device',
    description: `The body is the result of \`PushSubscription.toJSON()\`. The same device again replaces its subscription. A subscription is removed when its push service reports it as gone. ${WHO}`,
  })
  @ApiCreatedResponse({ type: PushSubscriptionDto })
  @ApiProblems('validation_failed', 'forbidden', 'not_found', 'too_many_subscriptions', 'storage_unavailable')
  async subscribe(
    @Param('receiver') name: string,
    @Body() { endpoint, keys: { p256dh, auth } }: PushSubscriptionBodyDto,
    @Req() request: Request,
  ): Promise<PushSubscriptionDto> {
    const { name: receiver, allowPrivate } = this.receiverFor(request, name);
    const message = endpointProblem(endpoint, allowPrivate);
    if (message !== undefined)
      throw new Problem('validation_failed', 'Correct the fields listed in "errors".', {
        errors: [{ field: 'endpoint', message }],
      });
    const { subject } = callerOf(request);
    const answer = await this.subscriptions.subscribe({ receiver, endpoint, p256dh, auth, subject });
    switch (answer.outcome) {
      case 'kept':
        return PushSubscriptionDto.of(answer.subscription);
      case 'subject_full':
        throw new Problem(
          'too_many_subscriptions',
          `You have ${MAX_SUBSCRIPTIONS_OF_SUBJECT} devices here already. Unsubscribe one of them first.`,
        );
      case 'receiver_full':
        throw new Problem(
          'too_many_subscriptions',
          `${MAX_SUBSCRIPTIONS} devices are subscribed to this receiver. Ask an administrator for another one.`,
        );
    }
  }

  @Get(':receiver/subscriptions/:id')
  @ApiOperation({
    summary: 'Whether a device is still subscribed',
    description: 'A subscription of the caller; an `admin` may ask for any.',
  })
  @ApiOkResponse({ type: PushSubscriptionDto })
  @ApiProblems('not_found', 'storage_unavailable')
  async find(
    @Param('receiver') receiver: string,
    @Param('id', EntityIdPipe) id: string,
    @Req() request: Request,
  ): Promise<PushSubscriptionDto> {
    const found = await this.subscriptions.find(receiver, id, callerOf(request));
    if (!found) throw noSubscription();
    return PushSubscriptionDto.of(found);
  }

  @Delete(':receiver/subscriptions/:id')
  @HttpCode(204)
  @Audited('push.unsubscribe', 'push/:receiver/subscriptions/:id')
  @ApiOperation({
    summary: 'Unsubscribe a device',
    description:
      'A subscription of the caller, whatever the role of the caller is now; an `admin` may end any. The audit log records the id.',
  })
  @ApiNoContentResponse()
  @ApiProblems('not_found', 'storage_unavailable')
  async unsubscribe(
    @Param('receiver') receiver: string,
    @Param('id', EntityIdPipe) id: string,
    @Req() request: Request,
  ): Promise<void> {
    if (!(await this.subscriptions.unsubscribe(receiver, id, callerOf(request)))) throw noSubscription();
  }

  private maySubscribe(request: Request): boolean {
    return seesEverything(this.scopes.ofRequest(request));
  }

  private receiverFor(request: Request, name: string): WebPushReceiver {
    if (!this.maySubscribe(request)) throw new Problem('forbidden', WHO.replaceAll('`', ''));
    const receiver = this.receivers.find(name);
    if (!receiver)
      throw new Problem('not_found', 'There is no such receiver for push messages: GET /push lists them.');
    return receiver;
  }
}

function noSubscription(): Problem {
  return new Problem('not_found', 'You have no such subscription. It may have ended.');
}
