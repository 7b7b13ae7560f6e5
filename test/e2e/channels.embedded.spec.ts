import { INSTALLATIONS } from '../support/storage/storages.js';
import { channelsSuite } from './channels.js';

const install = INSTALLATIONS['embedded storage'];
if (!install) throw new Error('There is no such storage');
channelsSuite(install);
