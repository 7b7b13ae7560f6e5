import { givenLosesAnswers, startDynamo } from '../support/dynamodb.js';
import { dynamodbContract } from './dynamodb.contract.js';

dynamodbContract('dynalite, or what is given', startDynamo, { losesAnswers: givenLosesAnswers() });
