// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title TestWeth
/// @notice WETH of a private development chain: eighteen decimals, and anybody may mint. Worth nothing by construction.
contract TestWeth is ERC20 {
    constructor() ERC20("Keel Test WETH", "tWETH") {}

    /// @notice Makes `amount` of its smallest parts, 10^-18 of a unit each, out of nothing.
    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }
}
