import { expect, it } from 'vitest';
import * as intake from '../src/index.ts';

it('exports these names and no others', () => {
  expect(Object.keys(intake).sort()).toEqual([
    'IntakeClient',
    'IntakeHandingOver',
    'IntakeNotAllowed',
    'IntakeOutcomeUnknown',
    'IntakeOverloaded',
    'IntakePaused',
    'IntakeServer',
    'IntakeSignatureInvalid',
    'IntakeUnavailable',
    'IntakeVersionUnknown',
    'ROLE_OF_COMMAND',
    'createSubmitUntil',
  ]);
});
