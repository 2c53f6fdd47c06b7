// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title TestUsdc
/// @notice USDC of a private development chain: six decimals, and anybody may mint. Worth nothing by construction.
contract TestUsdc is ERC20 {
    constructor() ERC20("Keel Test USDC", "tUSDC") {}

    /// @notice Six, as the real one.
    function decimals() public pure override returns (uint8) {
        return 6;
    }

    /// @notice Makes `amountAtoms` out of nothing.
    function mint(address account, uint256 amountAtoms) external {
        _mint(account, amountAtoms);
    }
}
