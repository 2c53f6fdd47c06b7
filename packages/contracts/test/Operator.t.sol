// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {KeelSettlement} from "../src/KeelSettlement.sol";
import {SettlementFixture} from "./fixtures/SettlementFixture.sol";

contract OperatorTest is SettlementFixture {
    function test_operator_offeredAndAccepted_changes() public {
        vm.prank(OPERATOR);
        settlement.offerOperator(BOB);
        same("not before it is accepted", settlement.operator(), OPERATOR);
        vm.expectEmit(address(settlement));
        emit KeelSettlement.OperatorChanged(OPERATOR, BOB);
        vm.prank(BOB);
        settlement.acceptOperator();
        same("operator", settlement.operator(), BOB);
        same("offer used up", settlement.pendingOperator(), address(0));

        KeelSettlement.BatchHeader memory header = nextHeader();
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementNotOperator.selector, OPERATOR));
        submit(header);
    }

    function testFuzz_offerOperator_notOperator_reverts(address caller) public {
        vm.assume(caller != OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementNotOperator.selector, caller));
        vm.prank(caller);
        settlement.offerOperator(caller);
    }

    function testFuzz_acceptOperator_notOffered_reverts(address caller) public {
        vm.assume(caller != BOB);
        vm.prank(OPERATOR);
        settlement.offerOperator(BOB);
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementNotPendingOperator.selector, caller));
        vm.prank(caller);
        settlement.acceptOperator();
    }

    function test_acceptOperator_offerTakenBack_reverts() public {
        vm.startPrank(OPERATOR);
        settlement.offerOperator(BOB);
        settlement.offerOperator(address(0));
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementNotPendingOperator.selector, BOB));
        vm.prank(BOB);
        settlement.acceptOperator();
    }
}
