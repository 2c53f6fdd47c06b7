// Written by script/writeAbi.ts from src; do not edit.
export const keelSettlementAbi = [
  {
    "type": "constructor",
    "inputs": [
      {
        "name": "usdc_",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "operator_",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "MAX_ASSETS",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint16",
        "internalType": "uint16"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "MAX_DECIMALS",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint8",
        "internalType": "uint8"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "MAX_DEPOSIT_ATOMS",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "MIN_DEPOSIT_ATOMS",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "acceptOperator",
    "inputs": [],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "addAsset",
    "inputs": [
      {
        "name": "token",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "decimals",
        "type": "uint8",
        "internalType": "uint8"
      },
      {
        "name": "minDepositAtoms",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "maxDepositAtoms",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "assetAt",
    "inputs": [
      {
        "name": "assetId",
        "type": "uint16",
        "internalType": "uint16"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "tuple",
        "internalType": "struct KeelSettlement.Asset",
        "components": [
          {
            "name": "token",
            "type": "address",
            "internalType": "contract IERC20"
          },
          {
            "name": "maxDepositAtoms",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "decimals",
            "type": "uint8",
            "internalType": "uint8"
          },
          {
            "name": "scaleDecimals",
            "type": "uint8",
            "internalType": "uint8"
          },
          {
            "name": "minDepositAtoms",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "depositedAtoms",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "paidAtoms",
            "type": "uint96",
            "internalType": "uint96"
          }
        ]
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "assetCount",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint16",
        "internalType": "uint16"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "batchAt",
    "inputs": [
      {
        "name": "batchIndex",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "tuple",
        "internalType": "struct KeelSettlement.Batch",
        "components": [
          {
            "name": "batchHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "withdrawalsRoot",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "withdrawalCount",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "firstWithdrawalIndex",
            "type": "uint64",
            "internalType": "uint64"
          }
        ]
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "batchCount",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "batchTip",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "tuple",
        "internalType": "struct KeelSettlement.BatchTip",
        "components": [
          {
            "name": "lastSequence",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "timeMs",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "nextDepositIndex",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "nextWithdrawalIndex",
            "type": "uint64",
            "internalType": "uint64"
          }
        ]
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "deposit",
    "inputs": [
      {
        "name": "amountAtoms",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "depositAsset",
    "inputs": [
      {
        "name": "assetId",
        "type": "uint16",
        "internalType": "uint16"
      },
      {
        "name": "account",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "amountAtoms",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "depositCount",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "depositFor",
    "inputs": [
      {
        "name": "account",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "amountAtoms",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "isWithdrawn",
    "inputs": [
      {
        "name": "withdrawalIndex",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bool",
        "internalType": "bool"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "lastBatchHash",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "offerOperator",
    "inputs": [
      {
        "name": "pendingOperator_",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "operator",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "pendingOperator",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "submitBatch",
    "inputs": [
      {
        "name": "header",
        "type": "tuple",
        "internalType": "struct KeelSettlement.BatchHeader",
        "components": [
          {
            "name": "batchIndex",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "prevBatchHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "firstSequence",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "lastSequence",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "timeMs",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "stateRoot",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "commandsRoot",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "withdrawalsRoot",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "withdrawalCount",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "nextDepositIndex",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "nextWithdrawalIndex",
            "type": "uint64",
            "internalType": "uint64"
          }
        ]
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "usdc",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "address",
        "internalType": "contract IERC20"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "withdraw",
    "inputs": [
      {
        "name": "batchIndex",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "withdrawalIndex",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "recipient",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "assetId",
        "type": "uint16",
        "internalType": "uint16"
      },
      {
        "name": "amountAtoms",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "position",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "siblings",
        "type": "bytes32[]",
        "internalType": "bytes32[]"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "event",
    "name": "AssetAdded",
    "inputs": [
      {
        "name": "assetId",
        "type": "uint16",
        "indexed": true,
        "internalType": "uint16"
      },
      {
        "name": "token",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "decimals",
        "type": "uint8",
        "indexed": false,
        "internalType": "uint8"
      },
      {
        "name": "scaleDecimals",
        "type": "uint8",
        "indexed": false,
        "internalType": "uint8"
      },
      {
        "name": "minDepositAtoms",
        "type": "uint64",
        "indexed": false,
        "internalType": "uint64"
      },
      {
        "name": "maxDepositAtoms",
        "type": "uint64",
        "indexed": false,
        "internalType": "uint64"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "BatchSubmitted",
    "inputs": [
      {
        "name": "batchIndex",
        "type": "uint64",
        "indexed": true,
        "internalType": "uint64"
      },
      {
        "name": "batchHash",
        "type": "bytes32",
        "indexed": false,
        "internalType": "bytes32"
      },
      {
        "name": "stateRoot",
        "type": "bytes32",
        "indexed": false,
        "internalType": "bytes32"
      },
      {
        "name": "lastSequence",
        "type": "uint64",
        "indexed": false,
        "internalType": "uint64"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Deposited",
    "inputs": [
      {
        "name": "depositIndex",
        "type": "uint64",
        "indexed": true,
        "internalType": "uint64"
      },
      {
        "name": "account",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "assetId",
        "type": "uint16",
        "indexed": true,
        "internalType": "uint16"
      },
      {
        "name": "amountAtoms",
        "type": "uint64",
        "indexed": false,
        "internalType": "uint64"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "OperatorChanged",
    "inputs": [
      {
        "name": "previousOperator",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "operator",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "OperatorOffered",
    "inputs": [
      {
        "name": "operator",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "pendingOperator",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Withdrawn",
    "inputs": [
      {
        "name": "withdrawalIndex",
        "type": "uint64",
        "indexed": true,
        "internalType": "uint64"
      },
      {
        "name": "batchIndex",
        "type": "uint64",
        "indexed": true,
        "internalType": "uint64"
      },
      {
        "name": "recipient",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "assetId",
        "type": "uint16",
        "indexed": false,
        "internalType": "uint16"
      },
      {
        "name": "amountAtoms",
        "type": "uint64",
        "indexed": false,
        "internalType": "uint64"
      }
    ],
    "anonymous": false
  },
  {
    "type": "error",
    "name": "ReentrancyGuardReentrantCall",
    "inputs": []
  },
  {
    "type": "error",
    "name": "SafeERC20FailedOperation",
    "inputs": [
      {
        "name": "token",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementAlreadyWithdrawn",
    "inputs": [
      {
        "name": "withdrawalIndex",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementDecimalsOutOfRange",
    "inputs": [
      {
        "name": "tokenDecimals",
        "type": "uint8",
        "internalType": "uint8"
      },
      {
        "name": "decimals",
        "type": "uint8",
        "internalType": "uint8"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementDepositLimitsOutOfRange",
    "inputs": [
      {
        "name": "minDepositAtoms",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "maxDepositAtoms",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementDepositNotReceived",
    "inputs": [
      {
        "name": "received",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "expected",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementDepositOutOfRange",
    "inputs": [
      {
        "name": "assetId",
        "type": "uint16",
        "internalType": "uint16"
      },
      {
        "name": "amountAtoms",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementEmptyBatch",
    "inputs": [
      {
        "name": "firstSequence",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "lastSequence",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementExceedsDeposits",
    "inputs": [
      {
        "name": "assetId",
        "type": "uint16",
        "internalType": "uint16"
      },
      {
        "name": "paidAtoms",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "depositedAtoms",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementInvalidProof",
    "inputs": []
  },
  {
    "type": "error",
    "name": "SettlementInvalidRecipient",
    "inputs": [
      {
        "name": "recipient",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementNotOperator",
    "inputs": [
      {
        "name": "caller",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementNotPendingOperator",
    "inputs": [
      {
        "name": "caller",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementTimeBackwards",
    "inputs": [
      {
        "name": "given",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "previous",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementTokenAlreadyAdded",
    "inputs": [
      {
        "name": "assetId",
        "type": "uint16",
        "internalType": "uint16"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementTooManyAssets",
    "inputs": []
  },
  {
    "type": "error",
    "name": "SettlementUnknownAsset",
    "inputs": [
      {
        "name": "assetId",
        "type": "uint16",
        "internalType": "uint16"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementUnknownBatch",
    "inputs": [
      {
        "name": "batchIndex",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementWrongBatchIndex",
    "inputs": [
      {
        "name": "given",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "expected",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementWrongFirstSequence",
    "inputs": [
      {
        "name": "given",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "expected",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementWrongNextDeposit",
    "inputs": [
      {
        "name": "given",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "previous",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "depositCount",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementWrongNextWithdrawal",
    "inputs": [
      {
        "name": "given",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "expected",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementWrongPrevBatchHash",
    "inputs": [
      {
        "name": "given",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "expected",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementWrongWithdrawalIndex",
    "inputs": [
      {
        "name": "given",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "expected",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "SettlementZeroAddress",
    "inputs": []
  }
] as const;

export const keelSettlementBytecode =
  '0x60a060405234801561000f575f5ffd5b50604051612fb2380380612fb283398101604081905261002e91610299565b6001600160a01b038216158061004b57506001600160a01b038116155b15610069576040516305150b9360e51b815260040160405180910390fd5b6001600160a01b038281166080525f80546001600160a01b03191691831691821781556040517fd58299b712891143e76310d5e664c4203c940a67db37cf856bdaa3c5c76a802c908290a36040805160e081018252608080516001600160a01b0316825266038d7ea4c6800060208301526006928201929092525f60608201819052620f42409282019290925260a0810182905260c081019190915261010e90610115565b50506102f6565b60045461ffff166101278160016102ca565b6004805461ffff92831661ffff1990911617905581165f81815260056020908152604091829020855181549287015184880151606089015160ff818116600160e81b0260ff60e81b19918416600160e01b029190911661ffff60e01b196001600160401b03808716600160a01b9081026001600160e01b0319909b166001600160a01b03998a169081179b909b17929092169290921792909217875560808c0151600197909701805460a08e015160c08f01516001600160601b03908116909502941668010000000000000000026001600160a01b03199190911692891692909217919091179095161790935594519395947f6f4a3a02fd82d00dbace2a21b7288e94e7c140fc9e37a332871f65eabf0d386a94610272949193929060ff94851681529290931660208301526001600160401b03908116604083015291909116606082015260800190565b60405180910390a35050565b80516001600160a01b0381168114610294575f5ffd5b919050565b5f5f604083850312156102aa575f5ffd5b6102b38361027e565b91506102c16020840161027e565b90509250929050565b61ffff81811683821601908111156102f057634e487b7160e01b5f52601160045260245ffd5b92915050565b608051612ca461030e5f395f61023a0152612ca45ff3fe608060405234801561000f575f5ffd5b5060043610610183575f3560e01c80637aa1ccdd116100dd578063c64027ff11610088578063e9efa60a11610063578063e9efa60a146104e1578063eafe7a74146104f4578063fcad444814610502575f5ffd5b8063c64027ff146103c8578063c764e32d146103db578063ce038659146104d3575f5ffd5b8063ab161ba0116100b8578063ab161ba014610337578063ac7e534e1461034a578063b9142c751461036a575f5ffd5b80637aa1ccdd146102f15780638fec981714610304578063a34a704314610317575f5ffd5b80632dfdf0b51161013d57806367e295411161011857806367e29541146102a05780636aa2ea03146102b357806376b1d08f146102d6575f5ffd5b80632dfdf0b5146102095780633e413bee14610235578063570ca73514610281575f5ffd5b806306f130561161016d57806306f13056146101bd57806310407855146101ea57806313765838146101f4575f5ffd5b80620ddd27146101875780630417cf8e146101a3575b5f5ffd5b61019060035481565b6040519081526020015b60405180910390f35b6101ab600881565b60405160ff909116815260200161019a565b6002546101d19067ffffffffffffffff1681565b60405167ffffffffffffffff909116815260200161019a565b6101d1620f424081565b61020761020236600461259d565b61050a565b005b6001546101d19074010000000000000000000000000000000000000000900467ffffffffffffffff1681565b61025c7f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff909116815260200161019a565b5f5461025c9073ffffffffffffffffffffffffffffffffffffffff1681565b6102076102ae3660046125ea565b610518565b6102c66102c136600461259d565b6108c9565b604051901515815260200161019a565b6102de601181565b60405161ffff909116815260200161019a565b6102076102ff3660046126bb565b6108f7565b610207610312366004612709565b610d3c565b61032a61032536600461275c565b6110b2565b60405161019a9190612775565b61020761034536600461281e565b6111d6565b60015461025c9073ffffffffffffffffffffffffffffffffffffffff1681565b61037d61037836600461259d565b611298565b60405161019a91905f608082019050825182526020830151602083015267ffffffffffffffff604084015116604083015267ffffffffffffffff606084015116606083015292915050565b6102076103d6366004612837565b61136c565b610474604080516080810182525f808252602082018190529181018290526060810191909152506040805160808101825260065467ffffffffffffffff808216835268010000000000000000820481166020840152700100000000000000000000000000000000820481169383019390935278010000000000000000000000000000000000000000000000009004909116606082015290565b60405161019a91905f60808201905067ffffffffffffffff835116825267ffffffffffffffff602084015116602083015267ffffffffffffffff604084015116604083015267ffffffffffffffff606084015116606083015292915050565b6101d166038d7ea4c6800081565b6102076104ef366004612851565b61176e565b6004546102de9061ffff1681565b61020761177d565b6105155f33836108f7565b50565b61052061184b565b60025467ffffffffffffffff9081169089161061057a576040517f244628a500000000000000000000000000000000000000000000000000000000815267ffffffffffffffff891660048201526024015b60405180910390fd5b67ffffffffffffffff8089165f908152600760209081526040808320815160808101835281548152600182015493810193909352600201548085169183019190915268010000000000000000900483166060820181905290926105e091908716906128af565b9050808967ffffffffffffffff1614610638576040517f6a46576600000000000000000000000000000000000000000000000000000000815267ffffffffffffffff8a16600482015260248101829052604401610571565b600889811c66ffffffffffffff165f9081526020919091526040902054600160ff8b161b16156106a0576040517f049b01eb00000000000000000000000000000000000000000000000000000000815267ffffffffffffffff8a166004820152602401610571565b73ffffffffffffffffffffffffffffffffffffffff881615806106d8575073ffffffffffffffffffffffffffffffffffffffff881630145b15610727576040517f30dc156500000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff89166004820152602401610571565b6040517fffffffffffffffff00000000000000000000000000000000000000000000000060c08b811b821660208401527fffffffffffffffffffffffffffffffffffffffff00000000000000000000000060608c901b1660288401527fffff00000000000000000000000000000000000000000000000000000000000060f08b901b16603c84015288901b16603e8201525f9060460160405160208183030381529060405290506107e48360200151846040015188848989611882565b61081a576040517f57a9e15200000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b60088a811c66ffffffffffffff165f908152602091909152604090208054600160ff8d161b1790556040805161ffff8a16815267ffffffffffffffff898116602083015273ffffffffffffffffffffffffffffffffffffffff8c1692818f1692918e16917f2feb82b4c81905b4ef9bb0f63e18f70ef91366c154269ba5cc2f86c9cbd5302c910160405180910390a46108b4888a8961195f565b5050506108bf611ad1565b5050505050505050565b600881811c66ffffffffffffff165f9081526020919091526040812054600160ff84161b1615155b92915050565b6108ff61184b565b73ffffffffffffffffffffffffffffffffffffffff821661094c576040517fa2a1726000000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5f61095684611afb565b600181015490915067ffffffffffffffff908116908316108061099f5750805467ffffffffffffffff740100000000000000000000000000000000000000009091048116908316115b156109ec576040517ffa1c7aeb00000000000000000000000000000000000000000000000000000000815261ffff8516600482015267ffffffffffffffff83166024820152604401610571565b6001805474010000000000000000000000000000000000000000900467ffffffffffffffff1690610a1e9082906128c2565b600180547fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff167401000000000000000000000000000000000000000067ffffffffffffffff938416021781558301805491851691600890610a9a9084906801000000000000000090046bffffffffffffffffffffffff166128e2565b92506101000a8154816bffffffffffffffffffffffff02191690836bffffffffffffffffffffffff1602179055508461ffff168473ffffffffffffffffffffffffffffffffffffffff168267ffffffffffffffff167fd0f09e58075caf4adc5053250aa6bacb37cadda5026f2572d9500b629d33636a86604051610b2e919067ffffffffffffffff91909116815260200190565b60405180910390a4815473ffffffffffffffffffffffffffffffffffffffff8116905f90610b81907d010000000000000000000000000000000000000000000000000000000000900460ff16600a612a27565b610b959067ffffffffffffffff8716612a32565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201529091505f9073ffffffffffffffffffffffffffffffffffffffff8416906370a0823190602401602060405180830381865afa158015610c02573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610c269190612a49565b9050610c4a73ffffffffffffffffffffffffffffffffffffffff8416333085611b66565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f90829073ffffffffffffffffffffffffffffffffffffffff8616906370a0823190602401602060405180830381865afa158015610cb6573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610cda9190612a49565b610ce49190612a60565b9050828114610d29576040517fd2c0f84a0000000000000000000000000000000000000000000000000000000081526004810182905260248101849052604401610571565b505050505050610d37611ad1565b505050565b5f5473ffffffffffffffffffffffffffffffffffffffff163314610d8e576040517f452d0f41000000000000000000000000000000000000000000000000000000008152336004820152602401610571565b73ffffffffffffffffffffffffffffffffffffffff8416610ddb576040517fa2a1726000000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b600454601161ffff90911610610e1d576040517f560fa92e00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5f5b60045461ffff9081169082161015610ea35761ffff81165f9081526005602052604090205473ffffffffffffffffffffffffffffffffffffffff808716911603610e9b576040517fcb9b4bd900000000000000000000000000000000000000000000000000000000815261ffff82166004820152602401610571565b600101610e1f565b505f8473ffffffffffffffffffffffffffffffffffffffff1663313ce5676040518163ffffffff1660e01b8152600401602060405180830381865afa158015610eee573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610f129190612a73565b9050600860ff85161180610f2b57508360ff168160ff16105b80610f4257506012610f3d8583612a8e565b60ff16115b15610f86576040517fe7df4af800000000000000000000000000000000000000000000000000000000815260ff808316600483015285166024820152604401610571565b67ffffffffffffffff83161580610fb057508167ffffffffffffffff168367ffffffffffffffff16115b80610fcb575066038d7ea4c6800067ffffffffffffffff8316115b15611016576040517f40489e3d00000000000000000000000000000000000000000000000000000000815267ffffffffffffffff808516600483015283166024820152604401610571565b5f6110218583612a8e565b90506110aa6040518060e001604052808873ffffffffffffffffffffffffffffffffffffffff1681526020018567ffffffffffffffff1681526020018760ff1681526020018360ff1681526020018667ffffffffffffffff1681526020015f6bffffffffffffffffffffffff1681526020015f6bffffffffffffffffffffffff16815250611bc8565b505050505050565b6040805160e0810182525f80825260208201819052918101829052606081018290526080810182905260a0810182905260c08101919091526110f382611afb565b6040805160e081018252825473ffffffffffffffffffffffffffffffffffffffff8116825267ffffffffffffffff740100000000000000000000000000000000000000008083048216602085015260ff7c010000000000000000000000000000000000000000000000000000000084048116958501959095527d010000000000000000000000000000000000000000000000000000000000909204909316606083015260019093015491821660808201526bffffffffffffffffffffffff680100000000000000008304811660a08301529290910490911660c082015292915050565b5f5473ffffffffffffffffffffffffffffffffffffffff163314611228576040517f452d0f41000000000000000000000000000000000000000000000000000000008152336004820152602401610571565b600180547fffffffffffffffffffffffff00000000000000000000000000000000000000001673ffffffffffffffffffffffffffffffffffffffff831690811790915560405133907fccaea7196cd0f0a5cdcdb013884a8abc725ad71ef16183007b95d7e734b62726905f90a350565b604080516080810182525f80825260208201819052918101829052606081019190915260025467ffffffffffffffff90811690831610611310576040517f244628a500000000000000000000000000000000000000000000000000000000815267ffffffffffffffff83166004820152602401610571565b5067ffffffffffffffff9081165f90815260076020908152604091829020825160808101845281548152600182015492810192909252600201548084169282019290925268010000000000000000909104909116606082015290565b5f5473ffffffffffffffffffffffffffffffffffffffff1633146113be576040517f452d0f41000000000000000000000000000000000000000000000000000000008152336004820152602401610571565b6040805160808101825260065467ffffffffffffffff80821683526801000000000000000082048116602084015270010000000000000000000000000000000082048116938301939093527801000000000000000000000000000000000000000000000000900490911660608201526114378282611e0b565b5f826040516020016114499190612aa7565b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0818403018152828252805160209182012060808401835280845260e087013591840191909152925081016114aa6101208601610100870161259d565b67ffffffffffffffff90811682526060850151166020918201526007905f906114d59087018761259d565b67ffffffffffffffff908116825260208083019390935260409182015f20845181559284015160018401558382015160029093018054606095860151831668010000000000000000027fffffffffffffffffffffffffffffffff000000000000000000000000000000009091169490921693909317179091558051608080820190925291829161156a9190870190870161259d565b67ffffffffffffffff16815260200161158960a086016080870161259d565b67ffffffffffffffff1681526020016115aa6101408601610120870161259d565b67ffffffffffffffff1681526020016115cb6101608601610140870161259d565b67ffffffffffffffff9081169091528151600680546020808601516040870151606090970151861678010000000000000000000000000000000000000000000000000277ffffffffffffffffffffffffffffffffffffffffffffffff97871670010000000000000000000000000000000002979097166fffffffffffffffffffffffffffffffff91871668010000000000000000027fffffffffffffffffffffffffffffffff00000000000000000000000000000000909416959096169490941791909117929092169290921792909217905560038290556116af9084018461259d565b6116ba9060016128c2565b600280547fffffffffffffffffffffffffffffffffffffffffffffffff00000000000000001667ffffffffffffffff92909216919091179055611700602084018461259d565b67ffffffffffffffff167fdb6e60ec5f5a428bc93e6d6d01e3311c66ed55b1e39eb861d9ccd215135d416d8260a0860135611741608088016060890161259d565b60408051938452602084019290925267ffffffffffffffff169082015260600160405180910390a2505050565b6117795f83836108f7565b5050565b60015473ffffffffffffffffffffffffffffffffffffffff1633146117d0576040517f5ac7e5d7000000000000000000000000000000000000000000000000000000008152336004820152602401610571565b5f8054337fffffffffffffffffffffffff00000000000000000000000000000000000000008083168217845560018054909116905560405173ffffffffffffffffffffffffffffffffffffffff90921692909183917fd58299b712891143e76310d5e664c4203c940a67db37cf856bdaa3c5c76a802c91a350565b611853612244565b61188060017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b9061229d565b565b5f8567ffffffffffffffff168567ffffffffffffffff16106118a557505f611955565b5f6118af876122a4565b90508281146118c1575f915050611955565b5f6118cc87876122cb565b90505f5b8281101561194357600167ffffffffffffffff8916821c81161480611916576119118388888581811061190557611905612b9d565b90506020020135612363565b611938565b61193887878481811061192b5761192b612b9d565b9050602002013584612363565b9250506001016118d0565b508861194f89836123a7565b14925050505b9695505050505050565b5f61196984611afb565b60018101549091505f9081906119b09067ffffffffffffffff8616907401000000000000000000000000000000000000000090046bffffffffffffffffffffffff166128af565b60018401549092506801000000000000000090046bffffffffffffffffffffffff16905080821115611a22576040517f806b8b6600000000000000000000000000000000000000000000000000000000815261ffff871660048201526024810183905260448101829052606401610571565b60018301805473ffffffffffffffffffffffffffffffffffffffff16740100000000000000000000000000000000000000006bffffffffffffffffffffffff85160217905582546110aa908690611a9e907d010000000000000000000000000000000000000000000000000000000000900460ff16600a612a27565b611ab29067ffffffffffffffff8816612a32565b855473ffffffffffffffffffffffffffffffffffffffff169190612410565b6118805f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0061187a565b61ffff81165f908152600560205260409020805473ffffffffffffffffffffffffffffffffffffffff16611b61576040517f0f0ca3c500000000000000000000000000000000000000000000000000000000815261ffff83166004820152602401610571565b919050565b611b7484848484600161246b565b611bc2576040517f5274afe700000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff85166004820152602401610571565b50505050565b60045461ffff16611bda816001612bca565b6004805461ffff9283167fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff000090911617905581165f81815260056020908152604091829020855181549287015184880151606089015160ff8181167d010000000000000000000000000000000000000000000000000000000000027fffff00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffff9184167c010000000000000000000000000000000000000000000000000000000002919091167fffff0000ffffffffffffffffffffffffffffffffffffffffffffffffffffffff67ffffffffffffffff808716740100000000000000000000000000000000000000009081027fffffffff00000000000000000000000000000000000000000000000000000000909b1673ffffffffffffffffffffffffffffffffffffffff998a169081179b909b17929092169290921792909217875560808c0151600197909701805460a08e015160c08f01516bffffffffffffffffffffffff908116909502941668010000000000000000027fffffffffffffffffffffffff00000000000000000000000000000000000000009190911692891692909217919091179095161790935594519395947f6f4a3a02fd82d00dbace2a21b7288e94e7c140fc9e37a332871f65eabf0d386a94611dff949193929060ff948516815292909316602083015267ffffffffffffffff908116604083015291909116606082015260800190565b60405180910390a35050565b60025467ffffffffffffffff16611e25602084018461259d565b67ffffffffffffffff1614611e8a57611e41602083018361259d565b6002546040517f4a8715f500000000000000000000000000000000000000000000000000000000815267ffffffffffffffff928316600482015291166024820152604401610571565b600354826020013514611eda576003546040517f4a91a4dc000000000000000000000000000000000000000000000000000000008152602084013560048201526024810191909152604401610571565b80515f90611ee99060016128c2565b905067ffffffffffffffff8116611f06606085016040860161259d565b67ffffffffffffffff1614611f6c57611f25606084016040850161259d565b6040517fb1a460e400000000000000000000000000000000000000000000000000000000815267ffffffffffffffff91821660048201529082166024820152604401610571565b611f7c606084016040850161259d565b67ffffffffffffffff16611f96608085016060860161259d565b67ffffffffffffffff16101561200c57611fb6606084016040850161259d565b611fc6608085016060860161259d565b6040517fba85d0f000000000000000000000000000000000000000000000000000000000815267ffffffffffffffff928316600482015291166024820152604401610571565b602082015167ffffffffffffffff1661202b60a085016080860161259d565b67ffffffffffffffff1610156120965761204b60a084016080850161259d565b60208301516040517fdaed12cd00000000000000000000000000000000000000000000000000000000815267ffffffffffffffff928316600482015291166024820152604401610571565b604082015167ffffffffffffffff166120b76101408501610120860161259d565b67ffffffffffffffff16108061210b575060015474010000000000000000000000000000000000000000900467ffffffffffffffff166120ff6101408501610120860161259d565b67ffffffffffffffff16115b15612192576121226101408401610120850161259d565b60408381015160015491517f1dae450f00000000000000000000000000000000000000000000000000000000815267ffffffffffffffff93841660048201529083166024820152740100000000000000000000000000000000000000009091049091166044820152606401610571565b5f6121a56101208501610100860161259d565b67ffffffffffffffff16836060015167ffffffffffffffff166121c891906128af565b9050806121dd6101608601610140870161259d565b67ffffffffffffffff1614611bc2576121fe6101608501610140860161259d565b6040517fb366bcc600000000000000000000000000000000000000000000000000000000815267ffffffffffffffff909116600482015260248101829052604401610571565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c15611880576040517f3ee5aeb500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b80825d5050565b5f5b67ffffffffffffffff82166001821b1015611b61576122c481612be4565b90506122a6565b5f60025f60f81b84846040516020016122e693929190612c32565b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529082905261231e91612c99565b602060405180830381855afa158015612339573d5f5f3e3d5ffd5b5050506040513d601f19601f8201168201806040525081019061235c9190612a49565b9392505050565b6040517f0100000000000000000000000000000000000000000000000000000000000000602082015260218101839052604181018290525f906002906061016122e6565b6040517f040000000000000000000000000000000000000000000000000000000000000060208201527fffffffffffffffff00000000000000000000000000000000000000000000000060c084901b166021820152602981018290525f906002906049016122e6565b61241d83838360016124fe565b610d37576040517f5274afe700000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff84166004820152602401610571565b6040517f23b872dd000000000000000000000000000000000000000000000000000000005f81815273ffffffffffffffffffffffffffffffffffffffff8781166004528616602452604485905291602083606481808c5af1925060015f511483166124ed5783831516156124e1573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b6040517fa9059cbb000000000000000000000000000000000000000000000000000000005f81815273ffffffffffffffffffffffffffffffffffffffff8616600452602485905291602083604481808b5af1925060015f5114831661257a57838315161561256e573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b803567ffffffffffffffff81168114611b61575f5ffd5b5f602082840312156125ad575f5ffd5b61235c82612586565b803573ffffffffffffffffffffffffffffffffffffffff81168114611b61575f5ffd5b803561ffff81168114611b61575f5ffd5b5f5f5f5f5f5f5f5f60e0898b031215612601575f5ffd5b61260a89612586565b975061261860208a01612586565b965061262660408a016125b6565b955061263460608a016125d9565b945061264260808a01612586565b935061265060a08a01612586565b925060c089013567ffffffffffffffff81111561266b575f5ffd5b8901601f81018b1361267b575f5ffd5b803567ffffffffffffffff811115612691575f5ffd5b8b60208260051b84010111156126a5575f5ffd5b989b979a50959850939692959194602001935050565b5f5f5f606084860312156126cd575f5ffd5b6126d6846125d9565b92506126e4602085016125b6565b91506126f260408501612586565b90509250925092565b60ff81168114610515575f5ffd5b5f5f5f5f6080858703121561271c575f5ffd5b612725856125b6565b93506020850135612735816126fb565b925061274360408601612586565b915061275160608601612586565b905092959194509250565b5f6020828403121561276c575f5ffd5b61235c826125d9565b5f60e08201905073ffffffffffffffffffffffffffffffffffffffff835116825267ffffffffffffffff602084015116602083015260ff604084015116604083015260ff606084015116606083015267ffffffffffffffff608084015116608083015260a08301516127f760a08401826bffffffffffffffffffffffff169052565b5060c083015161281760c08401826bffffffffffffffffffffffff169052565b5092915050565b5f6020828403121561282e575f5ffd5b61235c826125b6565b5f610160828403128015612849575f5ffd5b509092915050565b5f5f60408385031215612862575f5ffd5b61286b836125b6565b915061287960208401612586565b90509250929050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b808201808211156108f1576108f1612882565b67ffffffffffffffff81811683821601908111156108f1576108f1612882565b6bffffffffffffffffffffffff81811683821601908111156108f1576108f1612882565b6001815b60018411156129415780850481111561292557612925612882565b600184161561293357908102905b60019390931c92800261290a565b935093915050565b5f82612957575060016108f1565b8161296357505f6108f1565b816001811461297957600281146129835761299f565b60019150506108f1565b60ff84111561299457612994612882565b50506001821b6108f1565b5060208310610133831016604e8410600b84101617156129c2575081810a6108f1565b6129ed7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8484612906565b807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff04821115612a1f57612a1f612882565b029392505050565b5f61235c8383612949565b80820281158282048414176108f1576108f1612882565b5f60208284031215612a59575f5ffd5b5051919050565b818103818111156108f1576108f1612882565b5f60208284031215612a83575f5ffd5b815161235c816126fb565b60ff82811682821603908111156108f1576108f1612882565b6101608101612ac782612ab985612586565b67ffffffffffffffff169052565b60208381013590830152612add60408401612586565b67ffffffffffffffff166040830152612af860608401612586565b67ffffffffffffffff166060830152612b1360808401612586565b67ffffffffffffffff16608083015260a0838101359083015260c0808401359083015260e08084013590830152612b4d6101008401612586565b67ffffffffffffffff16610100830152612b6a6101208401612586565b67ffffffffffffffff16610120830152612b876101408401612586565b67ffffffffffffffff8116610140840152612817565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b61ffff81811683821601908111156108f1576108f1612882565b5f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8203612c1457612c14612882565b5060010190565b5f81518060208401855e5f93019283525090919050565b7fff00000000000000000000000000000000000000000000000000000000000000841681527fffffffffffffffff0000000000000000000000000000000000000000000000008360c01b1660018201525f612c906009830184612c1b565b95945050505050565b5f61235c8284612c1b56' as const;
