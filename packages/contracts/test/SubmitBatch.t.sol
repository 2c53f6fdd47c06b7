// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {KeelSettlement} from "../src/KeelSettlement.sol";
import {SettlementFixture} from "./fixtures/SettlementFixture.sol";

contract SubmitBatchTest is SettlementFixture {
    function expectRefusal(bytes memory revertData, KeelSettlement.BatchHeader memory header) internal {
        vm.expectRevert(revertData);
        submit(header);
    }

    function test_submitBatch_next_succeeds() public {
        depositAs(ALICE, USDC);
        KeelSettlement.BatchHeader memory header = nextHeader();
        bytes32 batchHash = keccak256(abi.encode(header));
        vm.expectEmit(address(settlement));
        emit KeelSettlement.BatchSubmitted(0, batchHash, header.stateRoot, header.lastSequence);
        submit(header);
        same("hash", settlement.lastBatchHash(), batchHash);
        same("stored hash", settlement.batchAt(0).batchHash, batchHash);
        same("count", settlement.batchCount(), 1);
        same("tip", settlement.batchTip().lastSequence, header.lastSequence);
        submit(nextHeader());
        same("count after a second", settlement.batchCount(), 2);
    }

    function testFuzz_submitBatch_notOperator_reverts(address caller) public {
        vm.assume(caller != OPERATOR);
        KeelSettlement.BatchHeader memory header = nextHeader();
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementNotOperator.selector, caller));
        vm.prank(caller);
        settlement.submitBatch(header);
    }

    function test_submitBatch_replayed_reverts() public {
        KeelSettlement.BatchHeader memory header = nextHeader();
        submit(header);
        expectRefusal(abi.encodeWithSelector(KeelSettlement.SettlementWrongBatchIndex.selector, 0, 1), header);
    }

    function testFuzz_submitBatch_wrongIndex_reverts(uint64 batchIndex) public {
        submit(nextHeader());
        vm.assume(batchIndex != 1);
        KeelSettlement.BatchHeader memory header = nextHeader();
        header.batchIndex = batchIndex;
        expectRefusal(abi.encodeWithSelector(KeelSettlement.SettlementWrongBatchIndex.selector, batchIndex, 1), header);
    }

    function testFuzz_submitBatch_wrongPrevHash_reverts(bytes32 prevBatchHash) public {
        submit(nextHeader());
        KeelSettlement.BatchHeader memory header = nextHeader();
        vm.assume(prevBatchHash != header.prevBatchHash);
        bytes32 expected = header.prevBatchHash;
        header.prevBatchHash = prevBatchHash;
        expectRefusal(
            abi.encodeWithSelector(KeelSettlement.SettlementWrongPrevBatchHash.selector, prevBatchHash, expected),
            header
        );
    }

    function testFuzz_submitBatch_gapOrOverlap_reverts(uint64 firstSequence) public {
        submit(nextHeader());
        vm.assume(firstSequence != 11);
        KeelSettlement.BatchHeader memory header = nextHeader();
        header.firstSequence = firstSequence;
        expectRefusal(
            abi.encodeWithSelector(KeelSettlement.SettlementWrongFirstSequence.selector, firstSequence, 11), header
        );
    }

    function test_submitBatch_noCommands_reverts() public {
        KeelSettlement.BatchHeader memory header = nextHeader();
        header.lastSequence = 0;
        expectRefusal(abi.encodeWithSelector(KeelSettlement.SettlementEmptyBatch.selector, 1, 0), header);
    }

    function test_submitBatch_timeBackwards_reverts() public {
        submit(nextHeader());
        KeelSettlement.BatchHeader memory header = nextHeader();
        header.timeMs = 4999;
        expectRefusal(abi.encodeWithSelector(KeelSettlement.SettlementTimeBackwards.selector, 4999, 5000), header);
        header.timeMs = 5000;
        submit(header);
    }

    function test_submitBatch_depositNeverMade_reverts() public {
        depositAs(ALICE, USDC);
        KeelSettlement.BatchHeader memory header = nextHeader();
        header.nextDepositIndex = 2;
        expectRefusal(abi.encodeWithSelector(KeelSettlement.SettlementWrongNextDeposit.selector, 2, 0, 1), header);
    }

    function test_submitBatch_depositTakenBack_reverts() public {
        depositAs(ALICE, USDC);
        submit(nextHeader());
        KeelSettlement.BatchHeader memory header = nextHeader();
        header.nextDepositIndex = 0;
        expectRefusal(abi.encodeWithSelector(KeelSettlement.SettlementWrongNextDeposit.selector, 0, 1, 1), header);
    }

    function testFuzz_submitBatch_withdrawalIndexesDoNotAddUp_reverts(uint64 count, uint64 next) public {
        KeelSettlement.BatchHeader memory header = nextHeader();
        vm.assume(count != next);
        header.withdrawalCount = count;
        header.nextWithdrawalIndex = next;
        expectRefusal(
            abi.encodeWithSelector(KeelSettlement.SettlementWrongNextWithdrawal.selector, next, count), header
        );
    }

    function test_submitBatch_withdrawalIndexWrapsRound_reverts() public {
        KeelSettlement.BatchHeader memory header = nextHeader();
        header.withdrawalCount = 2;
        header.nextWithdrawalIndex = 2;
        submit(header);
        header = nextHeader();
        header.withdrawalCount = type(uint64).max;
        header.nextWithdrawalIndex = 1;
        expectRefusal(
            abi.encodeWithSelector(KeelSettlement.SettlementWrongNextWithdrawal.selector, 1, uint256(2) ** 64 + 1),
            header
        );
    }

    function testFuzz_batchAt_unknown_reverts(uint64 batchIndex) public {
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementUnknownBatch.selector, batchIndex));
        settlement.batchAt(batchIndex);
    }
}
