// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {KeelSettlement} from "../src/KeelSettlement.sol";
import {SettlementTree} from "../src/SettlementTree.sol";
import {KeelTest} from "./fixtures/Vm.sol";
import {TreeBuilder} from "./fixtures/TreeBuilder.sol";

/// @notice The vectors that the TypeScript side wrote: same limits, leaves, roots, verdicts, payloads and batch
/// hashes here.
contract VectorsTest is KeelTest {
    string private _json;

    function setUp() public {
        _json = vm.readFile("test/vectors/settlement.json");
    }

    function check(bytes32 root, uint64 count, uint64 position, bytes memory payload, bytes32[] calldata siblings)
        external
        pure
        returns (bool)
    {
        return SettlementTree.verify(root, count, position, payload, siblings);
    }

    function test_limits_match() public {
        KeelSettlement settlement = new KeelSettlement(address(1), address(2));
        same("assets", settlement.MAX_ASSETS(), _uint64(_json, ".limits", ".assets"));
        same("decimals", settlement.MAX_DECIMALS(), _uint64(_json, ".limits", ".decimals"));
        same("deposit", settlement.MAX_DEPOSIT_ATOMS(), _uint64(_json, ".limits", ".depositAtoms"));
    }

    function test_lists_leavesAndRoots_match() public view {
        string memory json = _json;
        uint256 seen = 0;
        for (string memory key = _at(".lists", 0); vm.keyExistsJson(json, key); key = _at(".lists", ++seen)) {
            bytes[] memory payloads = vm.parseJsonBytesArray(json, string.concat(key, ".payloads"));
            bytes32[] memory leaves = vm.parseJsonBytes32Array(json, string.concat(key, ".leaves"));
            same("leaves", leaves.length, payloads.length);
            for (uint64 position = 0; position < leaves.length; ++position) {
                same("leaf", SettlementTree.leafHash(position, payloads[position]), leaves[position]);
            }
            same("root", TreeBuilder.root(payloads), vm.parseJsonBytes32(json, string.concat(key, ".root")));
        }
        same("lists", seen, 6);
    }

    function test_proofs_verdicts_match() public view {
        string memory json = _json;
        uint256 seen = 0;
        uint256 valid = 0;
        for (string memory key = _at(".proofs", 0); vm.keyExistsJson(json, key); key = _at(".proofs", ++seen)) {
            bool verdict = this.check(
                vm.parseJsonBytes32(json, string.concat(key, ".root")),
                _uint64(json, key, ".count"),
                _uint64(json, key, ".position"),
                vm.parseJsonBytes(json, string.concat(key, ".payload")),
                vm.parseJsonBytes32Array(json, string.concat(key, ".siblings"))
            );
            same(
                vm.parseJsonString(json, string.concat(key, ".name")),
                verdict,
                vm.parseJsonBool(json, string.concat(key, ".valid"))
            );
            if (verdict) ++valid;
        }
        same("proofs", seen, 19 * 8);
        same("some are valid", valid >= 19, true);
        same("some are not", valid < seen, true);
    }

    function test_withdrawals_payloads_match() public view {
        string memory json = _json;
        uint256 seen = 0;
        for (
            string memory key = _at(".withdrawals", 0); vm.keyExistsJson(json, key); key = _at(".withdrawals", ++seen)) {
            bytes memory payload = abi.encodePacked(
                _uint64(json, key, ".withdrawalIndex"),
                vm.parseJsonAddress(json, string.concat(key, ".recipient")),
                uint16(_uint64(json, key, ".assetId")),
                _uint64(json, key, ".amountAtoms")
            );
            same("payload", keccak256(payload), keccak256(vm.parseJsonBytes(json, string.concat(key, ".payload"))));
        }
        same("withdrawals", seen, 4);
    }

    function test_headers_batchHashes_match() public view {
        string memory json = _json;
        uint256 seen = 0;
        for (string memory key = _at(".headers", 0); vm.keyExistsJson(json, key); key = _at(".headers", ++seen)) {
            KeelSettlement.BatchHeader memory header;
            header.batchIndex = _uint64(json, key, ".batchIndex");
            header.prevBatchHash = vm.parseJsonBytes32(json, string.concat(key, ".prevBatchHash"));
            header.firstSequence = _uint64(json, key, ".firstSequence");
            header.lastSequence = _uint64(json, key, ".lastSequence");
            header.timeMs = _uint64(json, key, ".timeMs");
            header.stateRoot = vm.parseJsonBytes32(json, string.concat(key, ".stateRoot"));
            header.commandsRoot = vm.parseJsonBytes32(json, string.concat(key, ".commandsRoot"));
            header.withdrawalsRoot = vm.parseJsonBytes32(json, string.concat(key, ".withdrawalsRoot"));
            header.withdrawalCount = _uint64(json, key, ".withdrawalCount");
            header.nextDepositIndex = _uint64(json, key, ".nextDepositIndex");
            header.nextWithdrawalIndex = _uint64(json, key, ".nextWithdrawalIndex");
            bytes32 expected = vm.parseJsonBytes32(json, string.concat(key, ".batchHash"));
            same("batch hash", keccak256(abi.encode(header)), expected);
        }
        same("headers", seen, 2);
    }

    function _at(string memory list, uint256 place) private pure returns (string memory) {
        return string.concat(list, "[", vm.toString(place), "]");
    }

    function _uint64(string memory json, string memory key, string memory field) private pure returns (uint64) {
        uint256 value = vm.parseJsonUint(json, string.concat(key, field));
        same("fits 64 bits", value <= type(uint64).max, true);
        // forge-lint: disable-next-line(unsafe-typecast) -- checked on the line above.
        return uint64(value);
    }
}
