// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {SettlementTree} from "./SettlementTree.sol";

/// @title KeelSettlement
/// @notice Holds the exchange's USDC: takes deposits, keeps the chain of batches, pays withdrawals that a batch proves.
/// @dev No proxy, no pause, no owner who could move funds; every function is closed to inheritance. What the operator
/// may do is append batches. What a batch claims is not yet checked on-chain: `withdraw` trusts the withdrawals root of
/// the operator, within the total that was deposited.
///
/// An amount is in atoms of USDC, 10^-6 of a dollar. Times are milliseconds since 1970-01-01 UTC.
contract KeelSettlement is ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using BitMaps for BitMaps.BitMap;

    /// @notice One batch of the exchange's command log, as it is hashed: keccak256(abi.encode(header)).
    struct BatchHeader {
        /// From 0, without gaps.
        uint64 batchIndex;
        /// Hash of the batch before; zero for the first.
        bytes32 prevBatchHash;
        /// Sequences of its first and last command; batches neither overlap nor leave a command out.
        uint64 firstSequence;
        uint64 lastSequence;
        /// Time of its last command.
        uint64 timeMs;
        /// Root of the exchange's state after its last command.
        bytes32 stateRoot;
        /// SettlementTree root of the command hashes.
        bytes32 commandsRoot;
        /// SettlementTree root of the withdrawals, of which there are withdrawalCount.
        bytes32 withdrawalsRoot;
        uint64 withdrawalCount;
        /// Deposits below this index are in the state.
        uint64 nextDepositIndex;
        /// Index that the next withdrawal will have: the previous batch's plus withdrawalCount.
        uint64 nextWithdrawalIndex;
    }

    /// @notice What a withdrawal proof is checked against.
    struct Batch {
        bytes32 batchHash;
        bytes32 withdrawalsRoot;
        uint64 withdrawalCount;
        uint64 firstWithdrawalIndex;
    }

    /// @notice How far the chain of batches has come.
    struct BatchTip {
        uint64 lastSequence;
        uint64 timeMs;
        uint64 nextDepositIndex;
        uint64 nextWithdrawalIndex;
    }

    error SettlementZeroAddress();
    error SettlementNotOperator(address caller);
    error SettlementNotPendingOperator(address caller);
    error SettlementDepositOutOfRange(uint64 amountAtoms);
    error SettlementDepositNotReceived(uint256 receivedAtoms, uint64 amountAtoms);
    error SettlementWrongBatchIndex(uint64 given, uint64 expected);
    error SettlementWrongPrevBatchHash(bytes32 given, bytes32 expected);
    error SettlementWrongFirstSequence(uint64 given, uint64 expected);
    error SettlementEmptyBatch(uint64 firstSequence, uint64 lastSequence);
    error SettlementTimeBackwards(uint64 given, uint64 previous);
    error SettlementWrongNextDeposit(uint64 given, uint64 previous, uint64 depositCount);
    error SettlementWrongNextWithdrawal(uint64 given, uint256 expected);
    error SettlementUnknownBatch(uint64 batchIndex);
    error SettlementWrongWithdrawalIndex(uint64 given, uint256 expected);
    error SettlementAlreadyWithdrawn(uint64 withdrawalIndex);
    error SettlementInvalidRecipient(address recipient);
    error SettlementInvalidProof();
    error SettlementExceedsDeposits(uint256 paidAtoms, uint256 depositedAtoms);

    event Deposited(uint64 indexed depositIndex, address indexed account, uint64 amountAtoms);
    event BatchSubmitted(uint64 indexed batchIndex, bytes32 batchHash, bytes32 stateRoot, uint64 lastSequence);
    event Withdrawn(
        uint64 indexed withdrawalIndex, uint64 indexed batchIndex, address indexed recipient, uint64 amountAtoms
    );
    event OperatorOffered(address indexed operator, address indexed pendingOperator);
    event OperatorChanged(address indexed previousOperator, address indexed operator);

    /// @notice Smallest deposit, 1 USDC: a deposit costs the exchange an account and a command.
    uint64 public constant MIN_DEPOSIT_ATOMS = 10 ** 6;
    /// @notice Largest deposit, 10^9 USDC: far inside the 2^53 that off-chain integers hold exactly.
    uint64 public constant MAX_DEPOSIT_ATOMS = 10 ** 15;

    /// @notice The token that is taken and paid.
    IERC20 public immutable usdc;
    /// @notice May append batches and offer this right to another; nothing else.
    address public operator;
    /// @notice Who was offered to be the next operator; zero if nobody.
    address public pendingOperator;
    /// @notice Deposits so far; also the index of the next one.
    uint64 public depositCount;
    /// @notice Batches so far; also the index of the next one.
    uint64 public batchCount;
    /// @notice Hash of the last batch; zero before the first.
    bytes32 public lastBatchHash;
    /// @notice Sum of all deposits, and of all payments; the second never exceeds the first.
    uint256 public depositedAtoms;
    uint256 public paidAtoms;

    BatchTip private _tip;
    mapping(uint64 batchIndex => Batch) private _batches;
    BitMaps.BitMap private _withdrawn;

    modifier onlyOperator() {
        if (msg.sender != operator) revert SettlementNotOperator(msg.sender);
        _;
    }

    constructor(address usdc_, address operator_) {
        if (usdc_ == address(0) || operator_ == address(0)) revert SettlementZeroAddress();
        usdc = IERC20(usdc_);
        operator = operator_;
        emit OperatorChanged(address(0), operator_);
    }

    /// @notice Deposits for the caller's own account. See `depositFor`.
    function deposit(uint64 amountAtoms) external {
        depositFor(msg.sender, amountAtoms);
    }

    /// @notice Takes `amountAtoms` from the caller; the exchange credits them to `account` after its confirmations.
    /// @dev A token that takes a fee on the way would credit money that never came: exactly the amount must arrive.
    /// A token that calls back cannot nest a second deposit inside the two balance readings.
    function depositFor(address account, uint64 amountAtoms) public nonReentrant {
        if (account == address(0)) revert SettlementZeroAddress();
        if (amountAtoms < MIN_DEPOSIT_ATOMS || amountAtoms > MAX_DEPOSIT_ATOMS) {
            revert SettlementDepositOutOfRange(amountAtoms);
        }
        uint64 depositIndex = depositCount;
        depositCount = depositIndex + 1;
        depositedAtoms += amountAtoms;
        emit Deposited(depositIndex, account, amountAtoms);

        uint256 balanceBefore = usdc.balanceOf(address(this));
        usdc.safeTransferFrom(msg.sender, address(this), amountAtoms);
        uint256 received = usdc.balanceOf(address(this)) - balanceBefore;
        if (received != amountAtoms) revert SettlementDepositNotReceived(received, amountAtoms);
    }

    /// @notice Appends the next batch.
    /// @dev Every field that a later claim leans on is checked against the batch before, so that the chain of headers is
    /// one line: no gap, no overlap, no second batch with the same index, no deposit credited that was never made.
    function submitBatch(BatchHeader calldata header) external onlyOperator {
        BatchTip memory tip = _tip;
        _checkSuccession(header, tip);

        bytes32 batchHash = keccak256(abi.encode(header));
        _batches[header.batchIndex] =
            Batch(batchHash, header.withdrawalsRoot, header.withdrawalCount, tip.nextWithdrawalIndex);
        _tip = BatchTip(header.lastSequence, header.timeMs, header.nextDepositIndex, header.nextWithdrawalIndex);
        lastBatchHash = batchHash;
        batchCount = header.batchIndex + 1;
        emit BatchSubmitted(header.batchIndex, batchHash, header.stateRoot, header.lastSequence);
    }

    /// @notice Pays one withdrawal of a batch to its recipient, once. Anybody may call; only the recipient is paid.
    /// @param batchIndex Batch that holds the withdrawal.
    /// @param withdrawalIndex Its index over the whole exchange; what is marked as paid is this index, which follows from
    /// batch and position, never the bytes of the proof.
    /// @param position Its place among the withdrawals of the batch, from 0.
    /// @param siblings Its proof, from the leaf upwards; exactly as many as the tree of the batch is deep.
    function withdraw(
        uint64 batchIndex,
        uint64 withdrawalIndex,
        address recipient,
        uint64 amountAtoms,
        uint64 position,
        bytes32[] calldata siblings
    ) external nonReentrant {
        if (batchIndex >= batchCount) revert SettlementUnknownBatch(batchIndex);
        Batch memory batch = _batches[batchIndex];
        // A batch may only pay indexes of its own range: otherwise a false leaf in one batch could use up another's.
        uint256 expectedIndex = uint256(batch.firstWithdrawalIndex) + position;
        if (withdrawalIndex != expectedIndex) revert SettlementWrongWithdrawalIndex(withdrawalIndex, expectedIndex);
        if (_withdrawn.get(withdrawalIndex)) revert SettlementAlreadyWithdrawn(withdrawalIndex);
        // Paying zero burns, and paying itself would strand the money here for good.
        if (recipient == address(0) || recipient == address(this)) revert SettlementInvalidRecipient(recipient);
        bytes memory payload = abi.encodePacked(withdrawalIndex, recipient, amountAtoms);
        if (!SettlementTree.verify(batch.withdrawalsRoot, batch.withdrawalCount, position, payload, siblings)) {
            revert SettlementInvalidProof();
        }
        uint256 paid = paidAtoms + amountAtoms;
        if (paid > depositedAtoms) revert SettlementExceedsDeposits(paid, depositedAtoms);

        _withdrawn.set(withdrawalIndex);
        paidAtoms = paid;
        emit Withdrawn(withdrawalIndex, batchIndex, recipient, amountAtoms);
        usdc.safeTransfer(recipient, amountAtoms);
    }

    /// @notice Offers the operator's right to another address, which has to take it; zero takes an offer back.
    function offerOperator(address pendingOperator_) external onlyOperator {
        pendingOperator = pendingOperator_;
        emit OperatorOffered(msg.sender, pendingOperator_);
    }

    /// @notice Takes the right that was offered. Two steps, because a right given to a mistyped address is lost.
    function acceptOperator() external {
        if (msg.sender != pendingOperator) revert SettlementNotPendingOperator(msg.sender);
        address previousOperator = operator;
        operator = msg.sender;
        pendingOperator = address(0);
        emit OperatorChanged(previousOperator, msg.sender);
    }

    /// @notice What the contract keeps of a batch.
    function batchAt(uint64 batchIndex) external view returns (Batch memory) {
        if (batchIndex >= batchCount) revert SettlementUnknownBatch(batchIndex);
        return _batches[batchIndex];
    }

    /// @notice How far the chain of batches has come; all zero before the first.
    function batchTip() external view returns (BatchTip memory) {
        return _tip;
    }

    /// @notice Whether the withdrawal with this index has been paid.
    function isWithdrawn(uint64 withdrawalIndex) external view returns (bool) {
        return _withdrawn.get(withdrawalIndex);
    }

    function _checkSuccession(BatchHeader calldata header, BatchTip memory tip) private view {
        if (header.batchIndex != batchCount) revert SettlementWrongBatchIndex(header.batchIndex, batchCount);
        if (header.prevBatchHash != lastBatchHash) {
            revert SettlementWrongPrevBatchHash(header.prevBatchHash, lastBatchHash);
        }
        uint64 expectedFirst = tip.lastSequence + 1;
        if (header.firstSequence != expectedFirst) {
            revert SettlementWrongFirstSequence(header.firstSequence, expectedFirst);
        }
        if (header.lastSequence < header.firstSequence) {
            revert SettlementEmptyBatch(header.firstSequence, header.lastSequence);
        }
        if (header.timeMs < tip.timeMs) revert SettlementTimeBackwards(header.timeMs, tip.timeMs);
        if (header.nextDepositIndex < tip.nextDepositIndex || header.nextDepositIndex > depositCount) {
            revert SettlementWrongNextDeposit(header.nextDepositIndex, tip.nextDepositIndex, depositCount);
        }
        // In uint256, so that a count near 2^64 cannot wrap round to an index already used.
        uint256 expectedNext = uint256(tip.nextWithdrawalIndex) + header.withdrawalCount;
        if (header.nextWithdrawalIndex != expectedNext) {
            revert SettlementWrongNextWithdrawal(header.nextWithdrawalIndex, expectedNext);
        }
    }
}
