// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {KeelSettlement} from "../src/KeelSettlement.sol";
import {DecimalsToken, FeeToken, InexactToken, ReentrantToken} from "./fixtures/HostileTokens.sol";
import {SettlementFixture} from "./fixtures/SettlementFixture.sol";

/// @notice Tokens beside USDC: how they are added, taken and paid.
contract AssetsTest is SettlementFixture {
    /// @notice A batch with this one withdrawal, which is then claimed.
    function promiseAndClaim(address recipient, uint16 assetId, uint64 amountAtoms) internal {
        uint64 index = promised(recipient, assetId, amountAtoms);
        claim(index, recipient, assetId, amountAtoms);
    }

    function promised(address recipient, uint16 assetId, uint64 amountAtoms) internal returns (uint64 index) {
        index = settlement.batchTip().nextWithdrawalIndex;
        bytes[] memory withdrawals = new bytes[](1);
        withdrawals[0] = withdrawalPayload(index, recipient, assetId, amountAtoms);
        submit(nextHeader(withdrawals));
    }

    /// @notice A withdrawal that stands alone in the last batch.
    function claim(uint64 index, address recipient, uint16 assetId, uint64 amountAtoms) internal {
        settlement.withdraw(settlement.batchCount() - 1, index, recipient, assetId, amountAtoms, 0, new bytes32[](0));
    }

    function test_constructor_usdc_isAssetZero() public {
        vm.expectEmit();
        emit KeelSettlement.AssetAdded(0, address(usdc), 6, 0, 10 ** 6, 10 ** 15);
        KeelSettlement fresh = new KeelSettlement(address(usdc), OPERATOR);
        same("count", fresh.assetCount(), 1);
        KeelSettlement.Asset memory asset = fresh.assetAt(0);
        same("token", address(asset.token), address(fresh.usdc()));
        same("decimals", asset.decimals, 6);
        same("scale", asset.scaleDecimals, 0);
        same("smallest", asset.minDepositAtoms, fresh.MIN_DEPOSIT_ATOMS());
        same("largest", asset.maxDepositAtoms, fresh.MAX_DEPOSIT_ATOMS());
    }

    function test_addAsset_byOperator_takesTheNextId() public {
        DecimalsToken token = new DecimalsToken(8);
        vm.expectEmit(address(settlement));
        emit KeelSettlement.AssetAdded(2, address(token), 6, 2, 5, 9);
        addAsset(address(token), 6, 5, 9);
        same("count", settlement.assetCount(), 3);
        KeelSettlement.Asset memory asset = settlement.assetAt(2);
        same("token", address(asset.token), address(token));
        same("decimals", asset.decimals, 6);
        same("scale", asset.scaleDecimals, 2);
        same("smallest", asset.minDepositAtoms, 5);
        same("largest", asset.maxDepositAtoms, 9);
        same("deposited", asset.depositedAtoms, 0);
        same("the one before it is as it was", address(settlement.assetAt(1).token), address(weth));
    }

    function testFuzz_addAsset_notOperator_reverts(address caller) public {
        vm.assume(caller != OPERATOR);
        address token = address(new DecimalsToken(18));
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementNotOperator.selector, caller));
        vm.prank(caller);
        settlement.addAsset(token, 8, 1, 2);
    }

    function test_addAsset_secondTime_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementTokenAlreadyAdded.selector, 1));
        addAsset(address(weth), 8, 1, 2);
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementTokenAlreadyAdded.selector, 0));
        addAsset(address(usdc), 6, 1, 2);
    }

    function test_addAsset_zeroAddress_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementZeroAddress.selector));
        addAsset(address(0), 6, 1, 2);
    }

    function test_addAsset_moreThanCanBeListed_reverts() public {
        for (uint256 i = settlement.assetCount(); i < settlement.MAX_ASSETS(); ++i) {
            addAsset(address(new DecimalsToken(18)), 8, 1, 2);
        }
        address token = address(new DecimalsToken(18));
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementTooManyAssets.selector));
        addAsset(token, 8, 1, 2);
    }

    /// @notice Counted in at most 8 decimals, at most the token's own, and a scale of at most 10^18.
    function testFuzz_addAsset_decimals_scaleOrRefusal(uint8 tokenDecimals, uint8 decimals) public {
        decimals = uint8(within(decimals, 0, 12));
        tokenDecimals = uint8(within(tokenDecimals, 0, 36));
        address token = address(new DecimalsToken(tokenDecimals));
        bool fits = decimals <= 8 && decimals <= tokenDecimals && tokenDecimals <= decimals + 18;
        if (!fits) {
            vm.expectRevert(
                abi.encodeWithSelector(KeelSettlement.SettlementDecimalsOutOfRange.selector, tokenDecimals, decimals)
            );
        }
        addAsset(token, decimals, 1, 2);
        if (fits) {
            same("both together", settlement.assetAt(2).scaleDecimals + settlement.assetAt(2).decimals, tokenDecimals);
        }
    }

    function testFuzz_addAsset_depositLimits_orderedAndExact(uint64 low, uint64 high) public {
        address token = address(new DecimalsToken(18));
        bool fits = low > 0 && low <= high && high <= 10 ** 15;
        if (!fits) {
            vm.expectRevert(
                abi.encodeWithSelector(KeelSettlement.SettlementDepositLimitsOutOfRange.selector, low, high)
            );
        }
        addAsset(token, 8, low, high);
    }

    function test_addAsset_depositLimitsAtTheirEdges_succeed() public {
        addAsset(address(new DecimalsToken(18)), 8, 1, 10 ** 15);
        addAsset(address(new DecimalsToken(18)), 8, 10 ** 15, 10 ** 15);
        same("count", settlement.assetCount(), 4);
    }

    function test_depositAsset_weth_takesTheScaledAmount() public {
        vm.expectEmit(address(settlement));
        emit KeelSettlement.Deposited(0, BOB, WETH_ID, 3 * WETH);
        vm.prank(ALICE);
        settlement.depositAsset(WETH_ID, BOB, 3 * WETH);
        same("taken", weth.balanceOf(address(settlement)), 3 ether);
        same("payer pays", weth.balanceOf(ALICE), 997 ether);
        same("of WETH", settlement.assetAt(WETH_ID).depositedAtoms, 3 * WETH);
        same("of USDC", settlement.assetAt(0).depositedAtoms, 0);
    }

    function test_depositAsset_zeroIsUsdc_andIndexesRunOverAllAssets() public {
        depositWethAs(ALICE, WETH);
        vm.expectEmit(address(settlement));
        emit KeelSettlement.Deposited(1, ALICE, 0, 4 * USDC);
        vm.prank(ALICE);
        settlement.depositAsset(0, ALICE, 4 * USDC);
        vm.expectEmit(address(settlement));
        emit KeelSettlement.Deposited(2, ALICE, 0, 5 * USDC);
        depositAs(ALICE, 5 * USDC);
        same("count", settlement.depositCount(), 3);
        same("of USDC", settlement.assetAt(0).depositedAtoms, 9 * USDC);
    }

    function testFuzz_depositAsset_ownLimits_holdExactly(uint64 amountAtoms) public {
        weth.mint(ALICE, type(uint128).max);
        bool fits = amountAtoms >= WETH / 1000 && amountAtoms <= 10_000 * WETH;
        if (!fits) {
            vm.expectRevert(
                abi.encodeWithSelector(KeelSettlement.SettlementDepositOutOfRange.selector, WETH_ID, amountAtoms)
            );
        }
        depositWethAs(ALICE, amountAtoms);
        same("taken", weth.balanceOf(address(settlement)), fits ? uint256(amountAtoms) * WETH_SCALE : 0);
    }

    function testFuzz_depositAsset_inRange_takesExactlyTheScaledAmount(uint64 raw) public {
        uint64 amountAtoms = uint64(within(raw, WETH / 1000, 1000 * WETH));
        depositWethAs(ALICE, amountAtoms);
        same("taken", weth.balanceOf(address(settlement)), uint256(amountAtoms) * WETH_SCALE);
    }

    function testFuzz_unknownAsset_neverTakenNorPaid(uint16 assetId) public {
        vm.assume(assetId > WETH_ID);
        bytes memory unknown = abi.encodeWithSelector(KeelSettlement.SettlementUnknownAsset.selector, assetId);
        vm.expectRevert(unknown);
        vm.prank(ALICE);
        settlement.depositAsset(assetId, ALICE, WETH);
        vm.expectRevert(unknown);
        settlement.assetAt(assetId);
        depositAs(ALICE, 100 * USDC);
        uint64 index = promised(BOB, assetId, USDC);
        uint64 batchIndex = settlement.batchCount() - 1;
        vm.expectRevert(unknown);
        settlement.withdraw(batchIndex, index, BOB, assetId, USDC, 0, new bytes32[](0));
        same("not marked", settlement.isWithdrawn(index), false);
    }

    function test_depositAsset_zeroAccount_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementZeroAddress.selector));
        vm.prank(ALICE);
        settlement.depositAsset(WETH_ID, address(0), WETH);
    }

    function test_depositAsset_feeOnTransfer_reverts() public {
        FeeToken token = new FeeToken();
        addAsset(address(token), 8, 1, WETH);
        token.mint(ALICE, 1 ether);
        vm.startPrank(ALICE);
        token.approve(address(settlement), type(uint256).max);
        vm.expectRevert(
            abi.encodeWithSelector(KeelSettlement.SettlementDepositNotReceived.selector, 0.99 ether, 1 ether)
        );
        settlement.depositAsset(2, ALICE, WETH);
        vm.stopPrank();
    }

    /// @notice What is missing or too much is far less than a counted atom, and still not what was told.
    function test_depositAsset_oneSmallestPartOff_reverts() public {
        assertNotReceived(new InexactToken(false), 1 ether - 1);
        assertNotReceived(new InexactToken(true), 1 ether + 1);
    }

    function assertNotReceived(InexactToken token, uint256 received) internal {
        uint16 assetId = settlement.assetCount();
        addAsset(address(token), 8, 1, WETH);
        token.mint(ALICE, 1 ether);
        vm.startPrank(ALICE);
        token.approve(address(settlement), type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(KeelSettlement.SettlementDepositNotReceived.selector, received, 1 ether));
        settlement.depositAsset(assetId, ALICE, WETH);
        vm.stopPrank();
    }

    /// @notice A token that calls back cannot have USDC taken or paid in the middle of its own transfer either.
    function test_depositAsset_reentrantToken_innerCallOfOtherAssetReverts() public {
        ReentrantToken token = new ReentrantToken();
        addAsset(address(token), 8, 1, WETH);
        token.mint(ALICE, 1 ether);
        token.arm(settlement, abi.encodeCall(KeelSettlement.depositFor, (BOB, USDC)));
        vm.startPrank(ALICE);
        token.approve(address(settlement), type(uint256).max);
        settlement.depositAsset(2, ALICE, WETH);
        vm.stopPrank();
        same("one deposit", settlement.depositCount(), 1);
        same(
            "inner call",
            keccak256(token.lastRevertData()),
            keccak256(abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector))
        );
    }

    function test_withdraw_weth_paysTheScaledAmountOfThatToken() public {
        depositWethAs(ALICE, 3 * WETH);
        depositAs(ALICE, 100 * USDC);
        uint64 index = promised(BOB, WETH_ID, WETH + 1);
        vm.expectEmit(address(settlement));
        emit KeelSettlement.Withdrawn(index, 0, BOB, WETH_ID, WETH + 1);
        claim(index, BOB, WETH_ID, WETH + 1);
        same("paid", weth.balanceOf(BOB), 1 ether + WETH_SCALE);
        same("no USDC", usdc.balanceOf(BOB), 0);
        same("of WETH", settlement.assetAt(WETH_ID).paidAtoms, WETH + 1);
        same("of USDC", settlement.assetAt(0).paidAtoms, 0);
    }

    /// @notice Deposits of one asset never stand for claims on another, in either direction.
    function test_withdraw_moreThanDepositedOfThatAsset_reverts() public {
        depositWethAs(ALICE, 2 * WETH);
        depositAs(ALICE, 100 * USDC);
        weth.mint(address(settlement), 50 ether);
        usdc.mint(address(settlement), 5000 * USDC);
        assertExceeds(WETH_ID, 2 * WETH + 1, 2 * WETH);
        assertExceeds(0, 100 * USDC + 1, 100 * USDC);
        promiseAndClaim(BOB, WETH_ID, 2 * WETH);
        promiseAndClaim(BOB, 0, 100 * USDC);
        assertExceeds(WETH_ID, 1, 2 * WETH);
    }

    /// @notice A claim that cannot be paid now can be once deposits cover it.
    function test_withdraw_coveredLater_isPaidThen() public {
        uint64 index = promised(BOB, WETH_ID, WETH);
        vm.expectRevert(
            abi.encodeWithSelector(KeelSettlement.SettlementExceedsDeposits.selector, WETH_ID, uint256(WETH), 0)
        );
        settlement.withdraw(0, index, BOB, WETH_ID, WETH, 0, new bytes32[](0));
        depositWethAs(ALICE, WETH);
        claim(index, BOB, WETH_ID, WETH);
        same("paid", weth.balanceOf(BOB), 1 ether);
    }

    function test_withdraw_largestAmount_isRefusedNotWrapped() public {
        depositWethAs(ALICE, WETH);
        promiseAndClaim(BOB, WETH_ID, WETH);
        uint64 index = promised(BOB, WETH_ID, type(uint64).max);
        vm.expectRevert(
            abi.encodeWithSelector(
                KeelSettlement.SettlementExceedsDeposits.selector,
                WETH_ID,
                uint256(type(uint64).max) + WETH,
                uint256(WETH)
            )
        );
        settlement.withdraw(1, index, BOB, WETH_ID, type(uint64).max, 0, new bytes32[](0));
    }

    function assertExceeds(uint16 assetId, uint64 amountAtoms, uint64 depositedAtoms) internal {
        uint256 paid = settlement.assetAt(assetId).paidAtoms;
        uint64 index = promised(BOB, assetId, amountAtoms);
        uint64 batchIndex = settlement.batchCount() - 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                KeelSettlement.SettlementExceedsDeposits.selector, assetId, paid + amountAtoms, uint256(depositedAtoms)
            )
        );
        settlement.withdraw(batchIndex, index, BOB, assetId, amountAtoms, 0, new bytes32[](0));
    }
}
