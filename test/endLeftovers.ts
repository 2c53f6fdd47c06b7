import { endLeftovers } from '@keel/test-servers';
import { afterAll } from 'vitest';

afterAll(endLeftovers);
