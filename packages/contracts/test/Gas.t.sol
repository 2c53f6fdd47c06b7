// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SettlementFixture} from "./fixtures/SettlementFixture.sol";
import {TreeBuilder} from "./fixtures/TreeBuilder.sol";

/// @notice The usual calls, three times each in USDC and three times in another asset, so that `forge test --gas-report --match-contract GasTest` shows what they
/// cost on a contract in use. The README's figures come from here.
contract GasTest is SettlementFixture {
    uint64 internal constant COUNT = 1000;

    function test_gas_usualCalls_areReported() public {
        vm.startPrank(ALICE);
        for (uint256 i = 0; i < 3; ++i) {
            settlement.deposit(100 * USDC);
        }
        for (uint256 i = 0; i < 3; ++i) {
            settlement.depositAsset(WETH_ID, ALICE, WETH);
        }
        vm.stopPrank();

        bytes[] memory withdrawals = new bytes[](COUNT);
        for (uint64 i = 0; i < COUNT; ++i) {
            withdrawals[i] = i < 503 ? withdrawalPayload(i, BOB, USDC) : withdrawalPayload(i, BOB, WETH_ID, WETH / 4);
        }
        submit(nextHeader(withdrawals));
        submit(nextHeader());
        submit(nextHeader());

        for (uint64 position = 500; position < 503; ++position) {
            settlement.withdraw(0, position, BOB, 0, USDC, position, TreeBuilder.proof(withdrawals, position));
        }
        same("paid", usdc.balanceOf(BOB), 3 * USDC);
        for (uint64 position = 600; position < 603; ++position) {
            settlement.withdraw(0, position, BOB, WETH_ID, WETH / 4, position, TreeBuilder.proof(withdrawals, position));
        }
    }
}
