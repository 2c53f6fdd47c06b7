// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {KeelSettlement} from "../src/KeelSettlement.sol";
import {FeeToken, ReentrantToken} from "./fixtures/HostileTokens.sol";
import {SettlementFixture} from "./fixtures/SettlementFixture.sol";

contract DepositTest is SettlementFixture {
    function test_deposit_ownAccount_succeeds() public {
        vm.expectEmit(address(settlement));
        emit KeelSettlement.Deposited(0, ALICE, 0, 5 * USDC);
        depositAs(ALICE, 5 * USDC);
        same("taken", usdc.balanceOf(address(settlement)), 5 * USDC);
        same("count", settlement.depositCount(), 1);
        same("total", settlement.assetAt(0).depositedAtoms, 5 * USDC);
    }

    function test_depositFor_otherAccount_creditsTheOther() public {
        depositAs(ALICE, USDC);
        vm.expectEmit(address(settlement));
        emit KeelSettlement.Deposited(1, BOB, 0, 7 * USDC);
        vm.prank(ALICE);
        settlement.depositFor(BOB, 7 * USDC);
        same("payer pays", usdc.balanceOf(ALICE), 992 * USDC);
    }

    function testFuzz_deposit_amountInRange_takesExactlyIt(uint256 raw) public {
        uint64 amountAtoms = uint64(within(raw, settlement.MIN_DEPOSIT_ATOMS(), settlement.MAX_DEPOSIT_ATOMS()));
        usdc.mint(ALICE, amountAtoms);
        depositAs(ALICE, amountAtoms);
        same("taken", usdc.balanceOf(address(settlement)), amountAtoms);
    }

    function testFuzz_deposit_amountOutOfRange_reverts(uint64 amountAtoms) public {
        vm.assume(amountAtoms < 10 ** 6 || amountAtoms > 10 ** 15);
        usdc.mint(ALICE, amountAtoms);
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementDepositOutOfRange.selector, 0, amountAtoms));
        depositAs(ALICE, amountAtoms);
    }

    function test_depositFor_zeroAccount_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementZeroAddress.selector));
        vm.prank(ALICE);
        settlement.depositFor(address(0), USDC);
    }

    function test_deposit_feeOnTransfer_reverts() public {
        FeeToken token = new FeeToken();
        KeelSettlement charged = new KeelSettlement(address(token), OPERATOR);
        token.mint(ALICE, 100 * USDC);
        vm.startPrank(ALICE);
        token.approve(address(charged), type(uint256).max);
        vm.expectRevert(
            abi.encodeWithSelector(KeelSettlement.SettlementDepositNotReceived.selector, 99 * USDC, 100 * USDC)
        );
        charged.deposit(100 * USDC);
        vm.stopPrank();
    }

    function test_deposit_reentrantToken_innerCallReverts() public {
        ReentrantToken token = new ReentrantToken();
        KeelSettlement attacked = new KeelSettlement(address(token), OPERATOR);
        token.mint(ALICE, 100 * USDC);
        token.arm(attacked, abi.encodeCall(KeelSettlement.deposit, (USDC)));
        vm.startPrank(ALICE);
        token.approve(address(attacked), type(uint256).max);
        attacked.deposit(USDC);
        vm.stopPrank();
        same("one deposit", attacked.depositCount(), 1);
        same(
            "inner call",
            keccak256(token.lastRevertData()),
            keccak256(abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector))
        );
    }

    function test_constructor_zeroAddresses_revert() public {
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementZeroAddress.selector));
        new KeelSettlement(address(0), OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementZeroAddress.selector));
        new KeelSettlement(address(usdc), address(0));
    }
}
