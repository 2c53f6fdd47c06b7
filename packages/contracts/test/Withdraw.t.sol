// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {KeelSettlement} from "../src/KeelSettlement.sol";
import {SettlementTree} from "../src/SettlementTree.sol";
import {ReentrantToken} from "./fixtures/HostileTokens.sol";
import {SettlementFixture} from "./fixtures/SettlementFixture.sol";
import {TreeBuilder} from "./fixtures/TreeBuilder.sol";

contract WithdrawTest is SettlementFixture {
    bytes internal invalidProof = abi.encodeWithSelector(KeelSettlement.SettlementInvalidProof.selector);
    bytes[] internal paid;

    /// @notice 100 USDC in; one batch that pays 10 and 30 to Alice and 20 to Bob.
    function setUp() public override {
        super.setUp();
        depositAs(ALICE, 100 * USDC);
        paid.push(withdrawalPayload(0, ALICE, 10 * USDC));
        paid.push(withdrawalPayload(1, BOB, 20 * USDC));
        paid.push(withdrawalPayload(2, ALICE, 30 * USDC));
        submit(nextHeader(paid));
    }

    function proofOf(uint256 position) internal view returns (bytes32[] memory) {
        return TreeBuilder.proof(paid, position);
    }

    function test_withdraw_byAnybody_paysTheRecipient() public {
        vm.expectEmit(address(settlement));
        emit KeelSettlement.Withdrawn(1, 0, BOB, 0, 20 * USDC);
        vm.prank(address(0xBAD));
        settlement.withdraw(0, 1, BOB, 0, 20 * USDC, 1, proofOf(1));
        same("paid", usdc.balanceOf(BOB), 20 * USDC);
        same("marked", settlement.isWithdrawn(1), true);
        same("neighbour untouched", settlement.isWithdrawn(0), false);
        same("total", settlement.assetAt(0).paidAtoms, 20 * USDC);
    }

    function test_withdraw_allInAnyOrder_paysEach() public {
        settlement.withdraw(0, 2, ALICE, 0, 30 * USDC, 2, proofOf(2));
        settlement.withdraw(0, 0, ALICE, 0, 10 * USDC, 0, proofOf(0));
        settlement.withdraw(0, 1, BOB, 0, 20 * USDC, 1, proofOf(1));
        same("left", usdc.balanceOf(address(settlement)), 40 * USDC);
    }

    function test_withdraw_secondTime_reverts() public {
        bytes32[] memory siblings = proofOf(1);
        settlement.withdraw(0, 1, BOB, 0, 20 * USDC, 1, siblings);
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementAlreadyWithdrawn.selector, 1));
        settlement.withdraw(0, 1, BOB, 0, 20 * USDC, 1, siblings);
    }

    function test_withdraw_sameIndexUnderLaterBatch_reverts() public {
        bytes32[] memory siblings = proofOf(1);
        settlement.withdraw(0, 1, BOB, 0, 20 * USDC, 1, siblings);
        submit(nextHeader(paid));
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementWrongWithdrawalIndex.selector, 1, 4));
        settlement.withdraw(1, 1, BOB, 0, 20 * USDC, 1, siblings);
        // The later batch's own index 4 is not what its leaf says, so that leaf can be paid by nobody.
        vm.expectRevert(invalidProof);
        settlement.withdraw(1, 4, BOB, 0, 20 * USDC, 1, siblings);
    }

    function testFuzz_withdraw_unknownBatch_reverts(uint64 batchIndex) public {
        vm.assume(batchIndex != 0);
        bytes32[] memory siblings = proofOf(1);
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementUnknownBatch.selector, batchIndex));
        settlement.withdraw(batchIndex, 1, BOB, 0, 20 * USDC, 1, siblings);
    }

    function testFuzz_withdraw_otherAmount_reverts(uint64 amountAtoms) public {
        vm.assume(amountAtoms != 20 * USDC);
        bytes32[] memory siblings = proofOf(1);
        vm.expectRevert(invalidProof);
        settlement.withdraw(0, 1, BOB, 0, amountAtoms, 1, siblings);
    }

    function testFuzz_withdraw_otherAsset_reverts(uint16 assetId) public {
        vm.assume(assetId != 0);
        depositWethAs(ALICE, WETH);
        bytes32[] memory siblings = proofOf(1);
        vm.expectRevert(invalidProof);
        settlement.withdraw(0, 1, BOB, assetId, 20 * USDC, 1, siblings);
    }

    function testFuzz_withdraw_otherRecipient_reverts(address recipient) public {
        vm.assume(recipient != BOB && recipient != address(0) && recipient != address(settlement));
        bytes32[] memory siblings = proofOf(1);
        vm.expectRevert(invalidProof);
        settlement.withdraw(0, 1, recipient, 0, 20 * USDC, 1, siblings);
    }

    function testFuzz_withdraw_wrongPosition_reverts(uint64 position) public {
        vm.assume(position != 1);
        bytes32[] memory siblings = proofOf(1);
        vm.expectRevert(
            abi.encodeWithSelector(KeelSettlement.SettlementWrongWithdrawalIndex.selector, 1, uint256(position))
        );
        settlement.withdraw(0, 1, BOB, 0, 20 * USDC, position, siblings);
    }

    function testFuzz_withdraw_indexBesidePosition_reverts(uint64 withdrawalIndex) public {
        vm.assume(withdrawalIndex != 1);
        bytes32[] memory siblings = proofOf(1);
        vm.expectRevert(
            abi.encodeWithSelector(KeelSettlement.SettlementWrongWithdrawalIndex.selector, withdrawalIndex, uint256(1))
        );
        settlement.withdraw(0, withdrawalIndex, BOB, 0, 20 * USDC, 1, siblings);
    }

    function test_withdraw_paddedPosition_reverts() public {
        bytes32[] memory siblings = new bytes32[](2);
        siblings[0] = SettlementTree.leafHash(2, paid[2]);
        siblings[1] = proofOf(2)[1];
        vm.expectRevert(invalidProof);
        settlement.withdraw(0, 3, BOB, 0, 20 * USDC, 3, siblings);
    }

    function test_withdraw_longerProof_reverts() public {
        bytes32[] memory siblings = new bytes32[](3);
        (siblings[0], siblings[1]) = (proofOf(1)[0], proofOf(1)[1]);
        vm.expectRevert(invalidProof);
        settlement.withdraw(0, 1, BOB, 0, 20 * USDC, 1, siblings);
    }

    function test_withdraw_zeroRecipient_reverts() public {
        bytes[] memory bad = new bytes[](1);
        bad[0] = withdrawalPayload(3, address(0), USDC);
        submit(nextHeader(bad));
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementInvalidRecipient.selector, address(0)));
        settlement.withdraw(1, 3, address(0), 0, USDC, 0, new bytes32[](0));
    }

    function test_withdraw_settlementAsRecipient_reverts() public {
        bytes[] memory bad = new bytes[](1);
        bad[0] = withdrawalPayload(3, address(settlement), USDC);
        submit(nextHeader(bad));
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementInvalidRecipient.selector, address(settlement)));
        settlement.withdraw(1, 3, address(settlement), 0, USDC, 0, new bytes32[](0));
    }

    function test_withdraw_moreThanDeposited_reverts() public {
        // USDC sent to the contract without a deposit is nobody's claim and must not be payable.
        usdc.mint(address(settlement), 1000 * USDC);
        bytes[] memory bad = new bytes[](1);
        bad[0] = withdrawalPayload(3, BOB, 100 * USDC + 1);
        submit(nextHeader(bad));
        vm.expectRevert(
            abi.encodeWithSelector(KeelSettlement.SettlementExceedsDeposits.selector, 0, 100 * USDC + 1, 100 * USDC)
        );
        settlement.withdraw(1, 3, BOB, 0, 100 * USDC + 1, 0, new bytes32[](0));
    }

    function test_withdraw_largestAmount_reverts() public {
        bytes[] memory bad = new bytes[](1);
        bad[0] = withdrawalPayload(3, BOB, type(uint64).max);
        submit(nextHeader(bad));
        settlement.withdraw(0, 1, BOB, 0, 20 * USDC, 1, proofOf(1));
        vm.expectRevert(
            abi.encodeWithSelector(
                KeelSettlement.SettlementExceedsDeposits.selector, 0, uint256(type(uint64).max) + 20 * USDC, 100 * USDC
            )
        );
        settlement.withdraw(1, 3, BOB, 0, type(uint64).max, 0, new bytes32[](0));
    }

    function test_withdraw_reentrantToken_paysOnce() public {
        ReentrantToken token = new ReentrantToken();
        KeelSettlement attacked = new KeelSettlement(address(token), OPERATOR);
        token.mint(ALICE, 100 * USDC);
        vm.startPrank(ALICE);
        token.approve(address(attacked), type(uint256).max);
        attacked.deposit(100 * USDC);
        vm.stopPrank();
        settlement = attacked;
        submit(nextHeader(paid));
        bytes32[] memory siblings = proofOf(1);
        token.arm(attacked, abi.encodeCall(KeelSettlement.withdraw, (0, 1, BOB, 0, 20 * USDC, 1, siblings)));
        attacked.withdraw(0, 1, BOB, 0, 20 * USDC, 1, siblings);
        same("paid once", token.balanceOf(BOB), 20 * USDC);
        same(
            "inner call",
            keccak256(token.lastRevertData()),
            keccak256(abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector))
        );
    }
}
