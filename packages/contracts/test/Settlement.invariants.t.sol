// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {KeelSettlement} from "../src/KeelSettlement.sol";
import {TestUsdc} from "../src/devnet/TestUsdc.sol";
import {TestWeth} from "../src/devnet/TestWeth.sol";
import {KeelTest} from "./fixtures/Vm.sol";
import {TreeBuilder} from "./fixtures/TreeBuilder.sol";

/// @notice What customers, the operator and an attacker do, in any order, while this keeps its own books.
contract SettlementHandler is KeelTest {
    struct Withdrawal {
        uint64 batchIndex;
        uint64 position;
        uint64 withdrawalIndex;
        address recipient;
        uint16 assetId;
        uint64 amountAtoms;
        uint256 timesPaid;
    }

    address public constant OPERATOR = address(0x0F);

    KeelSettlement public immutable settlement;
    TestUsdc public immutable usdc;
    TestWeth public immutable weth;
    bytes32[] public batchHashes;
    bytes32[] public prevBatchHashes;
    Withdrawal[] public withdrawals;
    /// In counted atoms.
    mapping(uint16 assetId => uint256) public deposited;
    mapping(uint16 assetId => uint256) public paid;
    uint256 public wrongClaimsPaid;
    mapping(uint64 batchIndex => bytes[]) private _payloads;

    constructor() {
        usdc = new TestUsdc();
        settlement = new KeelSettlement(address(usdc), OPERATOR);
        usdc.approve(address(settlement), type(uint256).max);
        weth = new TestWeth();
        weth.approve(address(settlement), type(uint256).max);
        vm.prank(OPERATOR);
        settlement.addAsset(address(weth), 8, 1, 10 ** 15);
    }

    function batchesSeen() external view returns (uint256) {
        return batchHashes.length;
    }

    function withdrawalsSeen() external view returns (uint256) {
        return withdrawals.length;
    }

    function timesPaid(uint256 i) external view returns (uint256) {
        return withdrawals[i].timesPaid;
    }

    function depositSome(uint256 rawAmount, address account) external {
        if (account == address(0)) account = address(1);
        uint64 amountAtoms = uint64(within(rawAmount, 10 ** 6, 10 ** 9));
        usdc.mint(address(this), amountAtoms);
        settlement.depositFor(account, amountAtoms);
        deposited[0] += amountAtoms;
    }

    function depositSomeWeth(uint256 rawAmount, address account) external {
        if (account == address(0)) account = address(1);
        uint64 amountAtoms = uint64(within(rawAmount, 1, 10 ** 9));
        weth.mint(address(this), uint256(amountAtoms) * 10 ** 10);
        settlement.depositAsset(1, account, amountAtoms);
        deposited[1] += amountAtoms;
    }

    /// @notice A batch that pays up to four withdrawals; the operator may promise more than there is.
    function submitNext(uint256 rawCount, uint256 seed) external {
        KeelSettlement.BatchTip memory tip = settlement.batchTip();
        uint64 batchIndex = settlement.batchCount();
        uint64 count = uint64(within(rawCount, 0, 4));
        for (uint64 position = 0; position < count; ++position) {
            _promise(batchIndex, position, tip.nextWithdrawalIndex + position, seed);
        }
        KeelSettlement.BatchHeader memory header;
        header.batchIndex = batchIndex;
        header.prevBatchHash = settlement.lastBatchHash();
        header.firstSequence = tip.lastSequence + 1;
        header.lastSequence = header.firstSequence + uint64(within(seed, 0, 999));
        header.timeMs = tip.timeMs;
        header.withdrawalsRoot = TreeBuilder.root(_payloads[batchIndex]);
        header.withdrawalCount = count;
        header.nextDepositIndex = settlement.depositCount();
        header.nextWithdrawalIndex = tip.nextWithdrawalIndex + count;
        vm.prank(OPERATOR);
        settlement.submitBatch(header);
        batchHashes.push(keccak256(abi.encode(header)));
        prevBatchHashes.push(header.prevBatchHash);
    }

    /// @notice A right claim, perhaps for the second time.
    function claim(uint256 rawWhich) external {
        if (withdrawals.length == 0) return;
        Withdrawal storage chosen = withdrawals[within(rawWhich, 0, withdrawals.length - 1)];
        bytes32[] memory siblings = TreeBuilder.proof(_payloads[chosen.batchIndex], chosen.position);
        try settlement.withdraw(
            chosen.batchIndex,
            chosen.withdrawalIndex,
            chosen.recipient,
            chosen.assetId,
            chosen.amountAtoms,
            chosen.position,
            siblings
        ) {
            chosen.timesPaid += 1;
            paid[chosen.assetId] += chosen.amountAtoms;
        } catch {}
    }

    /// @notice A claim that is wrong in one place: batch, index, amount, position, recipient, asset, or proof.
    function claimWrongly(uint256 rawWhich, uint256 where, uint64 off) external {
        if (withdrawals.length == 0 || off == 0) return;
        Withdrawal memory wrong = withdrawals[within(rawWhich, 0, withdrawals.length - 1)];
        bytes32[] memory siblings = TreeBuilder.proof(_payloads[wrong.batchIndex], wrong.position);
        uint256 place = where % 7;
        if (place == 6 && siblings.length == 0) place = 0;
        unchecked {
            // Wrapping is meant: any other value will do.
            if (place == 0) wrong.batchIndex += off;
            if (place == 1) wrong.withdrawalIndex += off;
            if (place == 2) wrong.amountAtoms += off;
            if (place == 3) wrong.position += off;
            if (place == 4) wrong.recipient = address(uint160(wrong.recipient) + off);
            if (place == 5) wrong.assetId = 1 - wrong.assetId;
            if (place == 6) siblings[off % siblings.length] ^= bytes32(uint256(off));
        }
        try settlement.withdraw(
            wrong.batchIndex,
            wrong.withdrawalIndex,
            wrong.recipient,
            wrong.assetId,
            wrong.amountAtoms,
            wrong.position,
            siblings
        ) {
            wrongClaimsPaid += 1;
        } catch {}
    }

    function _promise(uint64 batchIndex, uint64 position, uint64 withdrawalIndex, uint256 seed) private {
        uint256 chance = uint256(keccak256(abi.encode(seed, position)));
        address recipient = address(uint160(within(chance, 0x1000, 0x1003)));
        uint64 amountAtoms = uint64(within(chance >> 128, 1, 10 ** 9));
        uint16 assetId = uint16((chance >> 64) % 2);
        _payloads[batchIndex].push(abi.encodePacked(withdrawalIndex, recipient, assetId, amountAtoms));
        withdrawals.push(Withdrawal(batchIndex, position, withdrawalIndex, recipient, assetId, amountAtoms, 0));
    }
}

contract SettlementInvariants is KeelTest {
    SettlementHandler private _handler;
    KeelSettlement private _settlement;

    function setUp() public {
        _handler = new SettlementHandler();
        _settlement = _handler.settlement();
    }

    /// @notice Read by forge: whom to call at random.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_payments_neverExceedDepositsOfTheirAsset() public view {
        uint256 usdcHeld = _handler.usdc().balanceOf(address(_settlement));
        uint256 wethHeld = _handler.weth().balanceOf(address(_settlement));
        _checkAsset(0, usdcHeld);
        _checkAsset(1, wethHeld / 10 ** 10);
        same("whole counted atoms", wethHeld % 10 ** 10, 0);
    }

    function _checkAsset(uint16 assetId, uint256 heldAtoms) private view {
        KeelSettlement.Asset memory asset = _settlement.assetAt(assetId);
        (uint256 deposited, uint256 paid) = (_handler.deposited(assetId), _handler.paid(assetId));
        same("own total of payments", asset.paidAtoms, paid);
        same("own total of deposits", asset.depositedAtoms, deposited);
        same("paid at most what was deposited", paid <= deposited, true);
        same("the rest is there", heldAtoms, deposited - paid);
    }

    function invariant_withdrawals_paidAtMostOnce() public view {
        same("wrong claims paid", _handler.wrongClaimsPaid(), 0);
        for (uint64 i = 0; i < _handler.withdrawalsSeen(); ++i) {
            same("at most once", _handler.timesPaid(i) <= 1, true);
            same("marked exactly when paid", _settlement.isWithdrawn(i), _handler.timesPaid(i) == 1);
        }
    }

    function invariant_batches_formOneChain() public view {
        uint256 count = _handler.batchesSeen();
        same("count", _settlement.batchCount(), count);
        bytes32 previous = bytes32(0);
        for (uint64 i = 0; i < count; ++i) {
            same("kept hash", _settlement.batchAt(i).batchHash, _handler.batchHashes(i));
            same("link", _handler.prevBatchHashes(i), previous);
            previous = _handler.batchHashes(i);
        }
        same("last", _settlement.lastBatchHash(), previous);
    }
}
