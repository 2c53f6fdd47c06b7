// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SettlementTree} from "../src/SettlementTree.sol";
import {KeelTest} from "./fixtures/Vm.sol";
import {TreeBuilder} from "./fixtures/TreeBuilder.sol";

contract SettlementTreeTest is KeelTest {
    /// @notice `verify` reads calldata, so the tests call it through this door.
    function check(bytes32 root, uint64 count, uint64 position, bytes memory payload, bytes32[] calldata siblings)
        external
        pure
        returns (bool)
    {
        return SettlementTree.verify(root, count, position, payload, siblings);
    }

    function payloadsOf(uint256 count) internal pure returns (bytes[] memory payloads) {
        payloads = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) {
            payloads[i] = abi.encodePacked("payload", i);
        }
    }

    function test_depthOf_smallCounts_matchTable() public pure {
        uint8[10] memory depths = [0, 0, 1, 2, 2, 3, 3, 3, 3, 4];
        for (uint64 count = 0; count < depths.length; ++count) {
            same("depth", SettlementTree.depthOf(count), depths[count]);
        }
        same("depth of the longest list", SettlementTree.depthOf(type(uint64).max), 64);
    }

    function testFuzz_verify_everyPosition_succeeds(uint256 rawCount, uint256 rawPosition) public view {
        uint64 count = uint64(within(rawCount, 1, 33));
        uint64 position = uint64(within(rawPosition, 0, count - 1));
        bytes[] memory payloads = payloadsOf(count);
        bytes32[] memory siblings = TreeBuilder.proof(payloads, position);
        same("verdict", this.check(TreeBuilder.root(payloads), count, position, payloads[position], siblings), true);
    }

    function testFuzz_verify_wrongPosition_fails(uint256 rawCount, uint256 rawPosition, uint64 other) public view {
        uint64 count = uint64(within(rawCount, 2, 33));
        uint64 position = uint64(within(rawPosition, 0, count - 1));
        vm.assume(other != position);
        bytes[] memory payloads = payloadsOf(count);
        bytes32 root = TreeBuilder.root(payloads);
        bytes32[] memory siblings = TreeBuilder.proof(payloads, position);
        same("verdict", this.check(root, count, other, payloads[position], siblings), false);
    }

    function testFuzz_verify_wrongCount_fails(uint256 rawCount, uint64 other) public view {
        uint64 count = uint64(within(rawCount, 1, 33));
        vm.assume(other != count);
        bytes[] memory payloads = payloadsOf(count);
        bytes32[] memory siblings = TreeBuilder.proof(payloads, 0);
        same("verdict", this.check(TreeBuilder.root(payloads), other, 0, payloads[0], siblings), false);
    }

    function testFuzz_verify_changedSibling_fails(uint256 rawCount, uint256 rawLevel, bytes32 flip) public view {
        vm.assume(flip != 0);
        uint64 count = uint64(within(rawCount, 2, 33));
        bytes[] memory payloads = payloadsOf(count);
        bytes32[] memory siblings = TreeBuilder.proof(payloads, 1);
        siblings[within(rawLevel, 0, siblings.length - 1)] ^= flip;
        same("verdict", this.check(TreeBuilder.root(payloads), count, 1, payloads[1], siblings), false);
    }

    function testFuzz_verify_changedPayload_fails(bytes calldata payload) public view {
        bytes[] memory payloads = payloadsOf(5);
        vm.assume(keccak256(payload) != keccak256(payloads[3]));
        bytes32[] memory siblings = TreeBuilder.proof(payloads, 3);
        same("verdict", this.check(TreeBuilder.root(payloads), 5, 3, payload, siblings), false);
    }

    function test_verify_innerNodeAsLeaf_fails() public view {
        bytes[] memory payloads = payloadsOf(4);
        bytes32 root = TreeBuilder.root(payloads);
        bytes32 left = SettlementTree.leafHash(0, payloads[0]);
        bytes32 right = SettlementTree.leafHash(1, payloads[1]);
        bytes32[] memory upper = new bytes32[](1);
        upper[0] = TreeBuilder.proof(payloads, 0)[1];
        same("as a shorter list", this.check(root, 2, 0, abi.encodePacked(left, right), upper), false);
        same("with a short proof", this.check(root, 4, 0, abi.encodePacked(left, right), upper), false);
        bytes[] memory forged = new bytes[](2);
        forged[0] = abi.encodePacked(left, right);
        same("forged list has another root", TreeBuilder.root(forged) == root, false);
    }

    function test_verify_paddedLeaf_fails() public view {
        bytes[] memory payloads = payloadsOf(3);
        bytes32[] memory siblings = new bytes32[](2);
        siblings[0] = SettlementTree.leafHash(2, payloads[2]);
        siblings[1] = TreeBuilder.proof(payloads, 2)[1];
        same("position at count", this.check(TreeBuilder.root(payloads), 3, 3, "", siblings), false);
        same("count pushed up", this.check(TreeBuilder.root(payloads), 4, 3, "", siblings), false);
    }

    function test_verify_longOrShortProof_fails() public view {
        bytes[] memory payloads = payloadsOf(4);
        bytes32 root = TreeBuilder.root(payloads);
        bytes32[] memory siblings = TreeBuilder.proof(payloads, 2);
        bytes32[] memory longer = new bytes32[](3);
        (longer[0], longer[1]) = (siblings[0], siblings[1]);
        bytes32[] memory shorter = new bytes32[](1);
        shorter[0] = siblings[0];
        same("one too many", this.check(root, 4, 2, payloads[2], longer), false);
        same("one too few", this.check(root, 4, 2, payloads[2], shorter), false);
        same("none", this.check(root, 4, 2, payloads[2], new bytes32[](0)), false);
    }

    function test_root_lastRepeated_differs() public pure {
        bytes[] memory three = payloadsOf(3);
        bytes[] memory four = new bytes[](4);
        (four[0], four[1], four[2], four[3]) = (three[0], three[1], three[2], three[2]);
        same("same root", TreeBuilder.root(three) == TreeBuilder.root(four), false);
    }

    function test_verify_emptyList_provesNothing() public view {
        bytes32 root = TreeBuilder.root(new bytes[](0));
        same("verdict", this.check(root, 0, 0, "", new bytes32[](0)), false);
    }
}
