export { CodecError } from './codecError.ts';
export {
  type ChannelFrame,
  DOOR_PROTOBUF,
  type DoorAnswer,
  type DoorRequest,
  decodeDoorMessage,
  decodeDoorRequest,
  encodeDoorAnswer,
  encodeDoorFrame,
  encodeDoorRequest,
  type Units,
} from './door/doorFrames.ts';
