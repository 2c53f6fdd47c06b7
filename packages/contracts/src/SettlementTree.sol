// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title SettlementTree
/// @notice Checks that a payload stands at one position of a list whose root is known.
/// @dev SHA-256 over a full binary tree:
///   leaf  = sha256(0x00 || uint64 position || payload), 32 zero bytes where the list has ended
///   node  = sha256(0x01 || left || right)
///   root  = sha256(0x04 || uint64 count || node at the top), 32 zero bytes at the top of an empty list
/// with 2^depth leaves, depth the smallest with 2^depth >= max(count, 1).
///
/// What each part is for:
/// - The tags keep an inner node from being read as a leaf, whatever length a payload has.
/// - The position inside the leaf and the left/right order taken from its bits leave one proof per leaf: nobody can
///   make a second proof of the same payload and be paid twice with it.
/// - The count inside the root fixes depth, and with it the exact length of every proof, and the first padded position.
/// - A padded leaf is 32 zero bytes, which is nobody's hash; a position at or above count is refused anyway.
library SettlementTree {
    /// @notice Hash of a payload at its place.
    function leafHash(uint64 position, bytes memory payload) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x00), position, payload));
    }

    /// @notice Hash of two neighbours, in order.
    function nodeHash(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x01), left, right));
    }

    /// @notice Root that stands for the list and for its length.
    function boundRoot(uint64 count, bytes32 treeRoot) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x04), count, treeRoot));
    }

    /// @notice Levels between leaf and top, which is also the only length a proof may have.
    function depthOf(uint64 count) internal pure returns (uint256 depth) {
        // At most 64 rounds: a uint64 count needs no deeper tree.
        while ((uint256(1) << depth) < count) ++depth;
    }

    /// @notice Whether `payload` is element `position` of the `count` elements behind `root`.
    /// @param siblings From the leaf upwards.
    /// @return False for every proof that is not the one proof of that element; never reverts.
    function verify(bytes32 root, uint64 count, uint64 position, bytes memory payload, bytes32[] calldata siblings)
        internal
        pure
        returns (bool)
    {
        if (position >= count) return false;
        uint256 depth = depthOf(count);
        if (siblings.length != depth) return false;
        bytes32 hash = leafHash(position, payload);
        for (uint256 level = 0; level < depth; ++level) {
            bool isRight = (position >> level) & 1 == 1;
            hash = isRight ? nodeHash(siblings[level], hash) : nodeHash(hash, siblings[level]);
        }
        return boundRoot(count, hash) == root;
    }
}
