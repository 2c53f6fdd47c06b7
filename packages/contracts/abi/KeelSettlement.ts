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
    "name": "depositedAtoms",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "view"
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
    "name": "paidAtoms",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
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
    "name": "SettlementDepositNotReceived",
    "inputs": [
      {
        "name": "receivedAtoms",
        "type": "uint256",
        "internalType": "uint256"
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
    "name": "SettlementDepositOutOfRange",
    "inputs": [
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
  '0x60a060405234801561000f575f5ffd5b5060405161213638038061213683398101604081905261002e916100d6565b6001600160a01b038216158061004b57506001600160a01b038116155b15610069576040516305150b9360e51b815260040160405180910390fd5b6001600160a01b038281166080525f80546001600160a01b03191691831691821781556040517fd58299b712891143e76310d5e664c4203c940a67db37cf856bdaa3c5c76a802c908290a35050610107565b80516001600160a01b03811681146100d1575f5ffd5b919050565b5f5f604083850312156100e7575f5ffd5b6100f0836100bb565b91506100fe602084016100bb565b90509250929050565b608051611ffb61013b5f395f81816101e50152818161086f01528181611032015281816110cc01526111450152611ffb5ff3fe608060405234801561000f575f5ffd5b5060043610610148575f3560e01c8063ab161ba0116100c7578063c764e32d1161007d578063d3b829be11610063578063d3b829be14610434578063e9efa60a1461043d578063fcad444814610450575f5ffd5b8063c764e32d1461032e578063ce03865914610426575f5ffd5b8063b30a3430116100ad578063b30a3430146102b4578063b9142c75146102bd578063c64027ff1461031b575f5ffd5b8063ab161ba014610281578063ac7e534e14610294575f5ffd5b80632dfdf0b51161011c578063570ca73511610102578063570ca7351461022c5780636aa2ea031461024b5780639f9661a41461026e575f5ffd5b80632dfdf0b5146101b45780633e413bee146101e0575f5ffd5b80620ddd271461014c57806306f13056146101685780631040785514610195578063137658381461019f575b5f5ffd5b61015560035481565b6040519081526020015b60405180910390f35b60025461017c9067ffffffffffffffff1681565b60405167ffffffffffffffff909116815260200161015f565b61017c620f424081565b6101b26101ad366004611c29565b610458565b005b60015461017c9074010000000000000000000000000000000000000000900467ffffffffffffffff1681565b6102077f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff909116815260200161015f565b5f546102079073ffffffffffffffffffffffffffffffffffffffff1681565b61025e610259366004611c29565b610465565b604051901515815260200161015f565b6101b261027c366004611c65565b610493565b6101b261028f366004611d28565b6108b5565b6001546102079073ffffffffffffffffffffffffffffffffffffffff1681565b61015560045481565b6102d06102cb366004611c29565b610977565b60405161015f91905f608082019050825182526020830151602083015267ffffffffffffffff604084015116604083015267ffffffffffffffff606084015116606083015292915050565b6101b2610329366004611d41565b610a4b565b6103c7604080516080810182525f808252602082018190529181018290526060810191909152506040805160808101825260065467ffffffffffffffff808216835268010000000000000000820481166020840152700100000000000000000000000000000000820481169383019390935278010000000000000000000000000000000000000000000000009004909116606082015290565b60405161015f91905f60808201905067ffffffffffffffff835116825267ffffffffffffffff602084015116602083015267ffffffffffffffff604084015116604083015267ffffffffffffffff606084015116606083015292915050565b61017c66038d7ea4c6800081565b61015560055481565b6101b261044b366004611d5b565b610e4d565b6101b261121f565b6104623382610e4d565b50565b600881811c66ffffffffffffff165f9081526020919091526040812054600160ff84161b1615155b92915050565b61049b6112ed565b60025467ffffffffffffffff908116908816106104f5576040517f244628a500000000000000000000000000000000000000000000000000000000815267ffffffffffffffff881660048201526024015b60405180910390fd5b67ffffffffffffffff8088165f9081526007602090815260408083208151608081018352815481526001820154938101939093526002015480851691830191909152680100000000000000009004831660608201819052909261055b9190871690611db9565b9050808867ffffffffffffffff16146105b3576040517f6a46576600000000000000000000000000000000000000000000000000000000815267ffffffffffffffff89166004820152602481018290526044016104ec565b600888811c66ffffffffffffff165f9081526020919091526040902054600160ff8a161b161561061b576040517f049b01eb00000000000000000000000000000000000000000000000000000000815267ffffffffffffffff891660048201526024016104ec565b73ffffffffffffffffffffffffffffffffffffffff87161580610653575073ffffffffffffffffffffffffffffffffffffffff871630145b156106a2576040517f30dc156500000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff881660048201526024016104ec565b6040517fffffffffffffffff00000000000000000000000000000000000000000000000060c08a811b821660208401527fffffffffffffffffffffffffffffffffffffffff00000000000000000000000060608b901b16602884015288901b16603c8201525f9060440160405160208183030381529060405290506107338360200151846040015188848989611324565b610769576040517f57a9e15200000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5f8767ffffffffffffffff166005546107829190611db9565b90506004548111156107cb57600480546040517fb77a484100000000000000000000000000000000000000000000000000000000815291820183905260248201526044016104ec565b60088a811c66ffffffffffffff165f908152602091909152604090208054600160ff8d161b179055600581905560405167ffffffffffffffff898116825273ffffffffffffffffffffffffffffffffffffffff8b1691818e16918d16907f477e7bcf8bbcc9c97f73a27d9e6bb17023698d4ba22a88f0cc31c8708264ff919060200160405180910390a46108a073ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168a67ffffffffffffffff8b16611401565b505050506108ac611461565b50505050505050565b5f5473ffffffffffffffffffffffffffffffffffffffff163314610907576040517f452d0f410000000000000000000000000000000000000000000000000000000081523360048201526024016104ec565b600180547fffffffffffffffffffffffff00000000000000000000000000000000000000001673ffffffffffffffffffffffffffffffffffffffff831690811790915560405133907fccaea7196cd0f0a5cdcdb013884a8abc725ad71ef16183007b95d7e734b62726905f90a350565b604080516080810182525f80825260208201819052918101829052606081019190915260025467ffffffffffffffff908116908316106109ef576040517f244628a500000000000000000000000000000000000000000000000000000000815267ffffffffffffffff831660048201526024016104ec565b5067ffffffffffffffff9081165f90815260076020908152604091829020825160808101845281548152600182015492810192909252600201548084169282019290925268010000000000000000909104909116606082015290565b5f5473ffffffffffffffffffffffffffffffffffffffff163314610a9d576040517f452d0f410000000000000000000000000000000000000000000000000000000081523360048201526024016104ec565b6040805160808101825260065467ffffffffffffffff8082168352680100000000000000008204811660208401527001000000000000000000000000000000008204811693830193909352780100000000000000000000000000000000000000000000000090049091166060820152610b16828261148b565b5f82604051602001610b289190611dcc565b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0818403018152828252805160209182012060808401835280845260e08701359184019190915292508101610b8961012086016101008701611c29565b67ffffffffffffffff90811682526060850151166020918201526007905f90610bb490870187611c29565b67ffffffffffffffff908116825260208083019390935260409182015f20845181559284015160018401558382015160029093018054606095860151831668010000000000000000027fffffffffffffffffffffffffffffffff0000000000000000000000000000000090911694909216939093171790915580516080808201909252918291610c4991908701908701611c29565b67ffffffffffffffff168152602001610c6860a0860160808701611c29565b67ffffffffffffffff168152602001610c8961014086016101208701611c29565b67ffffffffffffffff168152602001610caa61016086016101408701611c29565b67ffffffffffffffff9081169091528151600680546020808601516040870151606090970151861678010000000000000000000000000000000000000000000000000277ffffffffffffffffffffffffffffffffffffffffffffffff97871670010000000000000000000000000000000002979097166fffffffffffffffffffffffffffffffff91871668010000000000000000027fffffffffffffffffffffffffffffffff0000000000000000000000000000000090941695909616949094179190911792909216929092179290921790556003829055610d8e90840184611c29565b610d99906001611ec4565b600280547fffffffffffffffffffffffffffffffffffffffffffffffff00000000000000001667ffffffffffffffff92909216919091179055610ddf6020840184611c29565b67ffffffffffffffff167fdb6e60ec5f5a428bc93e6d6d01e3311c66ed55b1e39eb861d9ccd215135d416d8260a0860135610e206080880160608901611c29565b60408051938452602084019290925267ffffffffffffffff169082015260600160405180910390a2505050565b610e556112ed565b73ffffffffffffffffffffffffffffffffffffffff8216610ea2576040517fa2a1726000000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b620f424067ffffffffffffffff82161080610ecd575066038d7ea4c6800067ffffffffffffffff8216115b15610f10576040517fcba86a5f00000000000000000000000000000000000000000000000000000000815267ffffffffffffffff821660048201526024016104ec565b6001805474010000000000000000000000000000000000000000900467ffffffffffffffff1690610f42908290611ec4565b600180547fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff167401000000000000000000000000000000000000000067ffffffffffffffff9384160217905560048054918416915f90610fa3908490611db9565b909155505060405167ffffffffffffffff838116825273ffffffffffffffffffffffffffffffffffffffff851691908316907f540a0f05d2fb1b09e02315246a5a6e67246f3e1fe6dc213a316bf7f9fa5fc4f49060200160405180910390a36040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16906370a0823190602401602060405180830381865afa15801561108c573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906110b09190611ee4565b90506110fe73ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016333067ffffffffffffffff87166118ca565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f90829073ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016906370a0823190602401602060405180830381865afa15801561118a573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906111ae9190611ee4565b6111b89190611efb565b90508367ffffffffffffffff168114611210576040517fd3e729b50000000000000000000000000000000000000000000000000000000081526004810182905267ffffffffffffffff851660248201526044016104ec565b50505061121b611461565b5050565b60015473ffffffffffffffffffffffffffffffffffffffff163314611272576040517f5ac7e5d70000000000000000000000000000000000000000000000000000000081523360048201526024016104ec565b5f8054337fffffffffffffffffffffffff00000000000000000000000000000000000000008083168217845560018054909116905560405173ffffffffffffffffffffffffffffffffffffffff90921692909183917fd58299b712891143e76310d5e664c4203c940a67db37cf856bdaa3c5c76a802c91a350565b6112f5611926565b61132260017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b9061197f565b565b5f8567ffffffffffffffff168567ffffffffffffffff161061134757505f6113f7565b5f61135187611986565b9050828114611363575f9150506113f7565b5f61136e87876119b2565b90505f5b828110156113e557600167ffffffffffffffff8916821c811614806113b8576113b3838888858181106113a7576113a7611f0e565b90506020020135611a4a565b6113da565b6113da8787848181106113cd576113cd611f0e565b9050602002013584611a4a565b925050600101611372565b50886113f18983611a8e565b14925050505b9695505050505050565b61140e8383836001611af7565b61145c576040517f5274afe700000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff841660048201526024016104ec565b505050565b6113225f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0061131c565b60025467ffffffffffffffff166114a56020840184611c29565b67ffffffffffffffff161461150a576114c16020830183611c29565b6002546040517f4a8715f500000000000000000000000000000000000000000000000000000000815267ffffffffffffffff9283166004820152911660248201526044016104ec565b60035482602001351461155a576003546040517f4a91a4dc0000000000000000000000000000000000000000000000000000000081526020840135600482015260248101919091526044016104ec565b80515f90611569906001611ec4565b905067ffffffffffffffff81166115866060850160408601611c29565b67ffffffffffffffff16146115ec576115a56060840160408501611c29565b6040517fb1a460e400000000000000000000000000000000000000000000000000000000815267ffffffffffffffff918216600482015290821660248201526044016104ec565b6115fc6060840160408501611c29565b67ffffffffffffffff166116166080850160608601611c29565b67ffffffffffffffff16101561168c576116366060840160408501611c29565b6116466080850160608601611c29565b6040517fba85d0f000000000000000000000000000000000000000000000000000000000815267ffffffffffffffff9283166004820152911660248201526044016104ec565b602082015167ffffffffffffffff166116ab60a0850160808601611c29565b67ffffffffffffffff161015611716576116cb60a0840160808501611c29565b60208301516040517fdaed12cd00000000000000000000000000000000000000000000000000000000815267ffffffffffffffff9283166004820152911660248201526044016104ec565b604082015167ffffffffffffffff1661173761014085016101208601611c29565b67ffffffffffffffff16108061178b575060015474010000000000000000000000000000000000000000900467ffffffffffffffff1661177f61014085016101208601611c29565b67ffffffffffffffff16115b15611812576117a261014084016101208501611c29565b60408381015160015491517f1dae450f00000000000000000000000000000000000000000000000000000000815267ffffffffffffffff938416600482015290831660248201527401000000000000000000000000000000000000000090910490911660448201526064016104ec565b5f61182561012085016101008601611c29565b67ffffffffffffffff16836060015167ffffffffffffffff166118489190611db9565b90508061185d61016086016101408701611c29565b67ffffffffffffffff16146118c45761187e61016085016101408601611c29565b6040517fb366bcc600000000000000000000000000000000000000000000000000000000815267ffffffffffffffff9091166004820152602481018290526044016104ec565b50505050565b6118d8848484846001611b7f565b6118c4576040517f5274afe700000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff851660048201526024016104ec565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c15611322576040517f3ee5aeb500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b80825d5050565b5f5b67ffffffffffffffff82166001821b10156119ad576119a681611f3b565b9050611988565b919050565b5f60025f60f81b84846040516020016119cd93929190611f89565b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081840301815290829052611a0591611ff0565b602060405180830381855afa158015611a20573d5f5f3e3d5ffd5b5050506040513d601f19601f82011682018060405250810190611a439190611ee4565b9392505050565b6040517f0100000000000000000000000000000000000000000000000000000000000000602082015260218101839052604181018290525f906002906061016119cd565b6040517f040000000000000000000000000000000000000000000000000000000000000060208201527fffffffffffffffff00000000000000000000000000000000000000000000000060c084901b166021820152602981018290525f906002906049016119cd565b6040517fa9059cbb000000000000000000000000000000000000000000000000000000005f81815273ffffffffffffffffffffffffffffffffffffffff8616600452602485905291602083604481808b5af1925060015f51148316611b73578383151615611b67573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b6040517f23b872dd000000000000000000000000000000000000000000000000000000005f81815273ffffffffffffffffffffffffffffffffffffffff8781166004528616602452604485905291602083606481808c5af1925060015f51148316611c01578383151615611bf5573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b803567ffffffffffffffff811681146119ad575f5ffd5b5f60208284031215611c39575f5ffd5b611a4382611c12565b803573ffffffffffffffffffffffffffffffffffffffff811681146119ad575f5ffd5b5f5f5f5f5f5f5f60c0888a031215611c7b575f5ffd5b611c8488611c12565b9650611c9260208901611c12565b9550611ca060408901611c42565b9450611cae60608901611c12565b9350611cbc60808901611c12565b925060a088013567ffffffffffffffff811115611cd7575f5ffd5b8801601f81018a13611ce7575f5ffd5b803567ffffffffffffffff811115611cfd575f5ffd5b8a60208260051b8401011115611d11575f5ffd5b602082019350809250505092959891949750929550565b5f60208284031215611d38575f5ffd5b611a4382611c42565b5f610160828403128015611d53575f5ffd5b509092915050565b5f5f60408385031215611d6c575f5ffd5b611d7583611c42565b9150611d8360208401611c12565b90509250929050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b8082018082111561048d5761048d611d8c565b6101608101611dec82611dde85611c12565b67ffffffffffffffff169052565b60208381013590830152611e0260408401611c12565b67ffffffffffffffff166040830152611e1d60608401611c12565b67ffffffffffffffff166060830152611e3860808401611c12565b67ffffffffffffffff16608083015260a0838101359083015260c0808401359083015260e08084013590830152611e726101008401611c12565b67ffffffffffffffff16610100830152611e8f6101208401611c12565b67ffffffffffffffff16610120830152611eac6101408401611c12565b67ffffffffffffffff81166101408401525092915050565b67ffffffffffffffff818116838216019081111561048d5761048d611d8c565b5f60208284031215611ef4575f5ffd5b5051919050565b8181038181111561048d5761048d611d8c565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b5f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8203611f6b57611f6b611d8c565b5060010190565b5f81518060208401855e5f93019283525090919050565b7fff00000000000000000000000000000000000000000000000000000000000000841681527fffffffffffffffff0000000000000000000000000000000000000000000000008360c01b1660018201525f611fe76009830184611f72565b95945050505050565b5f611a438284611f7256' as const;
