// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {SettlementTree} from "./SettlementTree.sol";

/// @title KeelSettlement
/// @notice Holds the exchange's USDC and other collateral: takes deposits, keeps the chain of batches, pays withdrawals
/// that a batch proves.
/// @dev No proxy, no pause, no owner who could move funds; every function is closed to inheritance. What the operator
/// may do is append batches and assets. What a batch claims is not yet checked on-chain: `withdraw` trusts the
/// withdrawals root of the operator, within the total that was deposited of each asset.
///
/// An amount is in counted atoms of its asset, 10^-decimals of a unit; one is 10^scaleDecimals of the token's own
/// smallest parts. For asset 0, USDC, both are 10^-6 of a dollar. Times are milliseconds since 1970-01-01 UTC.
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

    /// @notice A token that is taken and paid. All but the totals is fixed when it is added.
    /// @dev Two words, both of which every deposit and every payment reads.
    struct Asset {
        IERC20 token;
        uint64 maxDepositAtoms;
        /// Of a counted atom.
        uint8 decimals;
        /// What the token has beyond these: one counted atom is 10^scaleDecimals of its smallest parts.
        uint8 scaleDecimals;
        uint64 minDepositAtoms;
        /// Sum of all deposits, and of all payments; the second never exceeds the first.
        uint96 depositedAtoms;
        uint96 paidAtoms;
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
    error SettlementUnknownAsset(uint16 assetId);
    error SettlementTooManyAssets();
    error SettlementTokenAlreadyAdded(uint16 assetId);
    error SettlementDecimalsOutOfRange(uint8 tokenDecimals, uint8 decimals);
    error SettlementDepositLimitsOutOfRange(uint64 minDepositAtoms, uint64 maxDepositAtoms);
    error SettlementDepositOutOfRange(uint16 assetId, uint64 amountAtoms);
    error SettlementDepositNotReceived(uint256 received, uint256 expected);
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
    error SettlementExceedsDeposits(uint16 assetId, uint256 paidAtoms, uint256 depositedAtoms);

    event AssetAdded(
        uint16 indexed assetId,
        address indexed token,
        uint8 decimals,
        uint8 scaleDecimals,
        uint64 minDepositAtoms,
        uint64 maxDepositAtoms
    );
    event Deposited(uint64 indexed depositIndex, address indexed account, uint16 indexed assetId, uint64 amountAtoms);
    event BatchSubmitted(uint64 indexed batchIndex, bytes32 batchHash, bytes32 stateRoot, uint64 lastSequence);
    event Withdrawn(
        uint64 indexed withdrawalIndex,
        uint64 indexed batchIndex,
        address indexed recipient,
        uint16 assetId,
        uint64 amountAtoms
    );
    event OperatorOffered(address indexed operator, address indexed pendingOperator);
    event OperatorChanged(address indexed previousOperator, address indexed operator);

    /// @notice Smallest deposit of USDC, 1: a deposit costs the exchange an account and a command.
    uint64 public constant MIN_DEPOSIT_ATOMS = 10 ** 6;
    /// @notice Largest deposit of any asset, 10^9 USDC: far inside the 2^53 that off-chain integers hold exactly.
    uint64 public constant MAX_DEPOSIT_ATOMS = 10 ** 15;
    /// @notice Most assets, USDC among them: what the exchange can list.
    uint16 public constant MAX_ASSETS = 17;
    /// @notice Most decimals that are counted, so that what there is of an asset fits those integers as well.
    uint8 public constant MAX_DECIMALS = 8;

    /// @notice Asset 0.
    IERC20 public immutable usdc;
    /// @notice May append batches and assets, and offer this right to another; nothing else.
    address public operator;
    /// @notice Who was offered to be the next operator; zero if nobody.
    address public pendingOperator;
    /// @notice Deposits so far; also the index of the next one.
    uint64 public depositCount;
    /// @notice Batches so far; also the index of the next one.
    uint64 public batchCount;
    /// @notice Hash of the last batch; zero before the first.
    bytes32 public lastBatchHash;
    /// @notice Assets so far, USDC among them; also the id of the next one.
    uint16 public assetCount;

    mapping(uint16 assetId => Asset) private _assets;
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
        // Counted in its own smallest parts: the exchange's unit of account.
        _append(Asset(usdc, MAX_DEPOSIT_ATOMS, 6, 0, MIN_DEPOSIT_ATOMS, 0, 0));
    }

    /// @notice Adds a token with the next id, for good: nothing of it can be changed, nor can it be removed.
    /// @dev Its decimals are the token's own word, taken once. The exchange should know the asset before this does:
    /// until then it credits no deposit that comes after one of an asset it does not know.
    /// @param decimals Of the atoms that the exchange counts it in: at most the token's, and at most MAX_DECIMALS.
    function addAsset(address token, uint8 decimals, uint64 minDepositAtoms, uint64 maxDepositAtoms)
        external
        onlyOperator
    {
        if (token == address(0)) revert SettlementZeroAddress();
        if (assetCount >= MAX_ASSETS) revert SettlementTooManyAssets();
        // What is here of a token can be held against its totals only while it has one id.
        for (uint16 assetId = 0; assetId < assetCount; ++assetId) {
            if (address(_assets[assetId].token) == token) revert SettlementTokenAlreadyAdded(assetId);
        }
        uint8 tokenDecimals = IERC20Metadata(token).decimals();
        // 18 decimals more than are counted leave no product of amount and scale near 2^256.
        if (decimals > MAX_DECIMALS || tokenDecimals < decimals || tokenDecimals - decimals > 18) {
            revert SettlementDecimalsOutOfRange(tokenDecimals, decimals);
        }
        if (minDepositAtoms == 0 || minDepositAtoms > maxDepositAtoms || maxDepositAtoms > MAX_DEPOSIT_ATOMS) {
            revert SettlementDepositLimitsOutOfRange(minDepositAtoms, maxDepositAtoms);
        }
        uint8 scaleDecimals = tokenDecimals - decimals;
        _append(Asset(IERC20(token), maxDepositAtoms, decimals, scaleDecimals, minDepositAtoms, 0, 0));
    }

    /// @notice Deposits USDC for the caller's own account. See `depositAsset`.
    function deposit(uint64 amountAtoms) external {
        depositAsset(0, msg.sender, amountAtoms);
    }

    /// @notice Deposits USDC. See `depositAsset`.
    function depositFor(address account, uint64 amountAtoms) external {
        depositAsset(0, account, amountAtoms);
    }

    /// @notice Takes `amountAtoms` from the caller; the exchange credits them to `account` after its confirmations.
    /// @dev A token that takes a fee on the way would credit money that never came: exactly the amount must arrive.
    /// A token that calls back cannot nest a second deposit inside the two balance readings.
    function depositAsset(uint16 assetId, address account, uint64 amountAtoms) public nonReentrant {
        if (account == address(0)) revert SettlementZeroAddress();
        Asset storage asset = _assetOf(assetId);
        if (amountAtoms < asset.minDepositAtoms || amountAtoms > asset.maxDepositAtoms) {
            revert SettlementDepositOutOfRange(assetId, amountAtoms);
        }
        uint64 depositIndex = depositCount;
        depositCount = depositIndex + 1;
        asset.depositedAtoms += amountAtoms;
        emit Deposited(depositIndex, account, assetId, amountAtoms);

        IERC20 token = asset.token;
        uint256 expected = amountAtoms * 10 ** uint256(asset.scaleDecimals);
        uint256 balanceBefore = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), expected);
        uint256 received = token.balanceOf(address(this)) - balanceBefore;
        if (received != expected) revert SettlementDepositNotReceived(received, expected);
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
    /// @param assetId The asset it is paid in; the proof covers it, like recipient and amount.
    /// @param position Its place among the withdrawals of the batch, from 0.
    /// @param siblings Its proof, from the leaf upwards; exactly as many as the tree of the batch is deep.
    function withdraw(
        uint64 batchIndex,
        uint64 withdrawalIndex,
        address recipient,
        uint16 assetId,
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
        bytes memory payload = abi.encodePacked(withdrawalIndex, recipient, assetId, amountAtoms);
        if (!SettlementTree.verify(batch.withdrawalsRoot, batch.withdrawalCount, position, payload, siblings)) {
            revert SettlementInvalidProof();
        }
        _withdrawn.set(withdrawalIndex);
        emit Withdrawn(withdrawalIndex, batchIndex, recipient, assetId, amountAtoms);
        _pay(assetId, recipient, amountAtoms);
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

    /// @notice An asset, with what was deposited and paid of it.
    function assetAt(uint16 assetId) external view returns (Asset memory) {
        return _assetOf(assetId);
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

    function _append(Asset memory asset) private {
        uint16 assetId = assetCount;
        assetCount = assetId + 1;
        _assets[assetId] = asset;
        emit AssetAdded(
            assetId,
            address(asset.token),
            asset.decimals,
            asset.scaleDecimals,
            asset.minDepositAtoms,
            asset.maxDepositAtoms
        );
    }

    function _assetOf(uint16 assetId) private view returns (Asset storage asset) {
        asset = _assets[assetId];
        if (address(asset.token) == address(0)) revert SettlementUnknownAsset(assetId);
    }

    function _pay(uint16 assetId, address recipient, uint64 amountAtoms) private {
        Asset storage asset = _assetOf(assetId);
        (uint256 paid, uint256 deposited) = (uint256(asset.paidAtoms) + amountAtoms, asset.depositedAtoms);
        if (paid > deposited) revert SettlementExceedsDeposits(assetId, paid, deposited);
        // forge-lint: disable-next-line(unsafe-typecast) -- at most `deposited`, which has 96 bits.
        asset.paidAtoms = uint96(paid);
        asset.token.safeTransfer(recipient, amountAtoms * 10 ** uint256(asset.scaleDecimals));
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
