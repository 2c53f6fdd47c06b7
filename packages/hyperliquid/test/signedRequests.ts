/** A request as a client of others signed it, with a key that was thrown away, and whom its signature names. */
export interface SignedRequest {
  readonly client: string;
  readonly kind: 'l1' | 'user-signed';
  /** Of an l1 action, for each network that it may have been signed for; it was signed for b. */
  readonly recovered: string | { readonly a: string; readonly b: string };
  /** As it was sent, keys in their order. */
  readonly request: string;
}

export const SIGNED_REQUESTS: readonly SignedRequest[] = [
  {
    client: 'ccxt-sandbox-builder',
    kind: 'user-signed',
    recovered: '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A',
    request:
      '{"action":{"hyperliquidChain":"Testnet","signatureChainId":"0x66eee","maxFeeRate":"0.01%","builder":"0x6530512A6c89C7cfCEbC3BA7fcD9aDa5f30827a6","nonce":1795357146434,"type":"approveBuilderFee"},"nonce":1795357146434,"signature":{"r":"0x58f8487d2255f687dc84e47507dc46561bca58b1cdc8a5c246cdee9f78065f82","s":"0x6d97ea19864f29bdbcb1c5925676a70d9a7fd9f63ef841b9eb30dc6b6239cba0","v":28}}',
  },
  {
    client: 'ccxt-sandbox-builder',
    kind: 'l1',
    recovered: { a: '0x0d35FF26A166C415785c85f3BA4bFB1e92Bf4CCc', b: '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A' },
    request:
      '{"action":{"type":"setReferrer","code":"CCXT1"},"nonce":1795357146480,"signature":{"r":"0x40437466d4faaf031c5952da0d5a4fb9d3b90885b6de689b32a77dbf990bdc11","s":"0xb43c72f0a524f52cfcbb551df0503c5b44c4a887019d362319ade95eda3062a","v":27}}',
  },
  {
    client: 'ccxt-sandbox-builder',
    kind: 'l1',
    recovered: { a: '0x79C76BcC8591113821492FE2A78Caac672De5f7E', b: '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A' },
    request:
      '{"action":{"type":"order","orders":[{"a":0,"b":true,"p":"99","s":"0.01","r":false,"t":{"limit":{"tif":"Alo"}},"c":"0xabababababababababababababababab"}],"grouping":"na","builder":{"b":"0x6530512a6c89c7cfcebc3ba7fcd9ada5f30827a6","f":10}},"nonce":1795357156307,"signature":{"r":"0x614be33b3037b5dfac0147899035c8025b950224baf793d54d44360090368fdc","s":"0x43f7ae487d5c43c83251fd6d1c82ac099c83e8d80e242c6ea69827e4aeae02ae","v":27}}',
  },
  {
    client: 'ccxt-sandbox-builder',
    kind: 'l1',
    recovered: { a: '0xcf65A6Dad4CF6261b8893D057836E9731D10cb51', b: '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A' },
    request:
      '{"action":{"type":"order","orders":[{"a":0,"b":true,"p":"98","s":"0.01","r":false,"t":{"limit":{"tif":"Gtc"}}},{"a":0,"b":false,"p":"102","s":"0.01","r":false,"t":{"limit":{"tif":"Gtc"}}}],"grouping":"na","builder":{"b":"0x6530512a6c89c7cfcebc3ba7fcd9ada5f30827a6","f":10}},"nonce":1795357156429,"signature":{"r":"0x21f44879a8aec6ffba48f998546eceeb042898225d92430e59fc1d61eae48b0c","s":"0x2945903aa9d125f656a65d47a93964ce619a7fe145d443fd68fc163bcacf0f76","v":28}}',
  },
  {
    client: 'ccxt-sandbox-builder',
    kind: 'l1',
    recovered: { a: '0xA1Aea24b45F0d20a3fE479F9EF3862a0F67a320F', b: '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A' },
    request:
      '{"action":{"type":"order","orders":[{"a":0,"b":true,"p":"105","s":"0.01","r":false,"t":{"limit":{"tif":"Ioc"}}}],"grouping":"na","builder":{"b":"0x6530512a6c89c7cfcebc3ba7fcd9ada5f30827a6","f":10}},"nonce":1795357156509,"signature":{"r":"0x29c7013626c792b9eb6e83b3c37e0b7f1678d30dc2efd7d5fc85d6faaed8276a","s":"0x13de17a3ff5dfe971d052570f4f8d42efc68bdf3941d16184ae4c9eaa36cf5ea","v":28}}',
  },
  {
    client: 'ccxt-sandbox-builder',
    kind: 'l1',
    recovered: { a: '0x0EFF2765F5C32ff817F1B2b8445ba42E03411C75', b: '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A' },
    request:
      '{"action":{"type":"order","orders":[{"a":0,"b":false,"p":"85.5","s":"0.01","r":true,"t":{"trigger":{"isMarket":true,"triggerPx":"91","tpsl":"sl"}}}],"grouping":"na","builder":{"b":"0x6530512a6c89c7cfcebc3ba7fcd9ada5f30827a6","f":10}},"nonce":1795357156576,"signature":{"r":"0x20cc7077a0a8b24b92274c1ec9f07ea17fa9fb7bb64ad57c7a7609414db2ce09","s":"0x2f84541549e988f870a74e738f32d5af073754513076e3daa81f7e8bf79aff2e","v":27}}',
  },
  {
    client: 'ccxt-sandbox-builder',
    kind: 'l1',
    recovered: { a: '0x477A26D3Ebb434d84827B1D02DbB5b0A66CadcA4', b: '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A' },
    request:
      '{"action":{"type":"batchModify","modifies":[{"oid":102,"order":{"a":0,"b":true,"p":"97","s":"0.02","r":false,"t":{"limit":{"tif":"Gtc"}}}}]},"nonce":1795357157807,"signature":{"r":"0x86e3bb1cde43bab240c094ebd4c2b1a302a7b3822f136751c0c1a9ed612f12d","s":"0x2e501c56b228bfeef6912cb56dc75f129636283e5ce43a19c3002df7fcd9251b","v":28}}',
  },
  {
    client: 'ccxt-sandbox-builder',
    kind: 'l1',
    recovered: { a: '0xeDbE6DC7e1C7AA8bafc9753cc4e1E958A929714b', b: '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A' },
    request:
      '{"nonce":1795357158823,"action":{"type":"cancel","cancels":[{"a":0,"o":103}]},"signature":{"r":"0x6039437e431bb4de6d1a98d8a290808f74b300dd08dc1e6048cd92fe8c22daa6","s":"0x61c74ee4d6c2920a2c37e50997909dbe05511904c15f5f3b332d67a5e5da3009","v":28}}',
  },
  {
    client: 'ccxt-sandbox-builder',
    kind: 'l1',
    recovered: { a: '0x3eDe7A405892E6133D778060cF2A911682735D28', b: '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A' },
    request:
      '{"nonce":1795357158881,"action":{"type":"cancelByCloid","cancels":[{"asset":0,"cloid":"0xabababababababababababababababab"}]},"signature":{"r":"0xc363fc546da54a7a87289bfbcc724b5b79648de950aa4412a0216830fee78b1d","s":"0x6f5fffc763a693d2844a29b2a34f5ce357c8b101cbc904ed43ee130ad4a68da5","v":27}}',
  },
  {
    client: 'ccxt-sandbox-builder',
    kind: 'l1',
    recovered: { a: '0xFb16b0D1c8A12f06212d376E5fC3b190F899C566', b: '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A' },
    request:
      '{"nonce":1795357158940,"action":{"type":"cancel","cancels":[{"a":0,"o":104}]},"signature":{"r":"0x31d5b88b9023d3ec1452cfc8e67a2e74048549646b19ae19dad2a79227ad09e9","s":"0x1c2dc62b40689144d94e31ee3373e0d0b885a10bdc93a507670da9aa7bcbc5ed","v":28}}',
  },
  {
    client: 'ccxt-sandbox-builder',
    kind: 'l1',
    recovered: { a: '0x8b125c9Adb48D4BaEe71bAB82B20607de96d7A72', b: '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A' },
    request:
      '{"nonce":1795357159004,"action":{"type":"scheduleCancel","time":1795357169004},"signature":{"r":"0x6ece04329d2333df74a9aa6c841f9a09da8c1fd4149655468fa7371200914adb","s":"0x73760a0ee5f5f92d8d069abb8962c7380fdecbac6f38f600aa2f9cf64703025c","v":28}}',
  },
  {
    client: 'ccxt-sandbox-builder',
    kind: 'l1',
    recovered: { a: '0xba3a2Ee47fB55fEaA6e7E3C8243172C52F08B157', b: '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A' },
    request:
      '{"action":{"type":"updateLeverage","asset":0,"isCross":true,"leverage":5},"nonce":1795357159067,"signature":{"r":"0x9934cb481e15acc756ed915bc355eefef721a3f1106d531d8646d785250af2e6","s":"0x7769183a934e5ea293cd54fd6c2a26c266a662b623c07904a5890a965c78b655","v":27}}',
  },
  {
    client: 'ccxt-sandbox-builder',
    kind: 'l1',
    recovered: { a: '0x0062040BF41A79B15C98f76456269Ea11a2B5683', b: '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A' },
    request:
      '{"action":{"type":"updateLeverage","asset":0,"isCross":false,"leverage":5},"nonce":1795357159128,"signature":{"r":"0x8b30d83fd3a0327fa3fb17998b2eeacac9cb1a46d25c38018c995ab6b6e93c6f","s":"0x564541328bf3d6d40e81298588c803a00f873e7c0bfff43987ee1bde13bdc657","v":28}}',
  },
  {
    client: 'ccxt-sandbox-builder',
    kind: 'l1',
    recovered: { a: '0x17d54Dd6bb2c9F094091bc1B81B9D74Cc6F21A71', b: '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A' },
    request:
      '{"action":{"type":"updateIsolatedMargin","asset":0,"isBuy":true,"ntli":10000000},"nonce":1795357159191,"signature":{"r":"0x948ddf280fe29499659dc0f5e6ff4709e8d5552b2530bb7f0ab1e45639d6150a","s":"0x28dc9e9a26a98e593a2868188068c3713bfb9a9927013c3b16c2200f07e34d15","v":27}}',
  },
  {
    client: 'ccxt-sandbox-builder',
    kind: 'user-signed',
    recovered: '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A',
    request:
      '{"action":{"hyperliquidChain":"Testnet","signatureChainId":"0x66eee","destination":"0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A","amount":"10","time":1795357164327,"type":"withdraw3"},"nonce":1795357164327,"signature":{"r":"0x9a4faf6f346e400c730d023ca5f1cd166ebe59cf1659f1460065a3e3397ee3e4","s":"0x14e9f523fd2801347e4dccb6a5b8fceabad69205cdda39aa450a3f8f0efad6fa","v":28}}',
  },
  {
    client: 'ccxt-sandbox-builder',
    kind: 'user-signed',
    recovered: '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A',
    request:
      '{"action":{"hyperliquidChain":"Testnet","signatureChainId":"0x66eee","type":"usdClassTransfer","amount":"1","toPerp":true,"nonce":1795357165337},"nonce":1795357165337,"signature":{"r":"0xcda6048d35432b54fe0c0f7b9e648984f159f8d862f238eaffe82d9cd0f03815","s":"0x79eb56b567ed8ecca4e0181614a8b02e0f795395cbe84545a440e4ad535f2403","v":27}}',
  },
  {
    client: 'nktkas',
    kind: 'l1',
    recovered: { a: '0x7C8C90a9c731A209fE62B5AD68Fa20A5a26B2d4A', b: '0x1563915e194D8CfBA1943570603F7606A3115508' },
    request:
      '{"action":{"type":"order","orders":[{"a":0,"b":true,"p":"95","s":"0.01","r":false,"t":{"limit":{"tif":"Gtc"}},"c":"0xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"},{"a":0,"b":true,"p":"94","s":"0.01","r":false,"t":{"limit":{"tif":"Gtc"}}}],"grouping":"na"},"signature":{"r":"0xaac347138998a9ffdbebe7caa1fdb2426cecdab29577ead7fb7bde746f067a04","s":"0x5968fc24cdb7464189561a3b850709a04313f809a249fd68e02dfe6bd97615ee","v":28},"nonce":1795355901757}',
  },
  {
    client: 'nktkas',
    kind: 'l1',
    recovered: { a: '0x8b593EAa21275747E0AB2e7278b2B6C57440BB08', b: '0x1563915e194D8CfBA1943570603F7606A3115508' },
    request:
      '{"action":{"type":"modify","oid":101,"order":{"a":0,"b":true,"p":"93","s":"0.01","r":false,"t":{"limit":{"tif":"Gtc"}}}},"signature":{"r":"0x0ce2d9cb4709a3a217871c28a8ae5e25d88814581c72276b66a63171865d95e5","s":"0x5e223bd4b012d3c1043d0f37d079285e1c6ab96db614619407776e8d1e606fbe","v":28},"nonce":1795355901879}',
  },
  {
    client: 'nktkas',
    kind: 'l1',
    recovered: { a: '0x7A254830a5cEB33876555EA06e7471d0920e0C92', b: '0x1563915e194D8CfBA1943570603F7606A3115508' },
    request:
      '{"action":{"type":"batchModify","modifies":[{"oid":102,"order":{"a":0,"b":true,"p":"92","s":"0.01","r":false,"t":{"limit":{"tif":"Gtc"}}}}]},"signature":{"r":"0xbcf2c8d3bffe68d70edf142265f06ff22a1d6c2ede412de714e906b2ae2e841d","s":"0x7b2afc4a69f3698e3d187057fd838d26c920e4851ac97e5234568a1da3f641b9","v":27},"nonce":1795355901891}',
  },
  {
    client: 'nktkas',
    kind: 'l1',
    recovered: { a: '0xDfA6c62469B2cF094725ef6fDbebB25876cF1d1b', b: '0x1563915e194D8CfBA1943570603F7606A3115508' },
    request:
      '{"action":{"type":"cancel","cancels":[{"a":0,"o":103}]},"signature":{"r":"0x8f556d19d16e01874e2de58d185559c78ca6363c4cb462decd77f6d9ab0a49bf","s":"0x19e281b3ae47df72498f2b1f655085f90bed7a1266719348a1e64999ab84b38f","v":28},"nonce":1795355901910}',
  },
  {
    client: 'nktkas',
    kind: 'l1',
    recovered: { a: '0x0e49B59C1B780f3B5F1B3a7555e31eAE643716a3', b: '0x1563915e194D8CfBA1943570603F7606A3115508' },
    request:
      '{"action":{"type":"cancelByCloid","cancels":[{"asset":0,"cloid":"0xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"}]},"signature":{"r":"0xa671d914e1a6bdc12ec56e6fe276a0ac5525d131c3e03abeb533e3c1b25133b2","s":"0x05c0f4c9ef8a69f64c2e7a3bc03a1ac1f2e699665b5ec9f6b1a07eadcd9cbcb5","v":27},"nonce":1795355901924}',
  },
  {
    client: 'nktkas',
    kind: 'l1',
    recovered: { a: '0xa140AfC0271b4D931A23EFeA4F914C8899d54Ace', b: '0x1563915e194D8CfBA1943570603F7606A3115508' },
    request:
      '{"action":{"type":"scheduleCancel","time":1795355961945},"signature":{"r":"0x0d327ca0e7a1d55579ca9d64bde42ca1449fbc6aebaf0477ed03178fe2b01a8a","s":"0x71afacf4f676307cbfd74d94f5bb4c6e885c70525b31acd165ea707cdf2461cd","v":28},"nonce":1795355901945}',
  },
  {
    client: 'nktkas',
    kind: 'l1',
    recovered: { a: '0x9710323AE26c5f03310F95fc1913888c3Ae82BB4', b: '0x1563915e194D8CfBA1943570603F7606A3115508' },
    request:
      '{"action":{"type":"updateLeverage","asset":0,"isCross":true,"leverage":5},"signature":{"r":"0xaf58f63449e96bbe789b38850c3abffa4e471f7497adc460879facb002367e5e","s":"0x638296a6a49af5bf7bf07b7c29ee94165e2fd3730f71208187d05c4f2a890160","v":28},"nonce":1795355901959}',
  },
  {
    client: 'nktkas',
    kind: 'l1',
    recovered: { a: '0xb0c812487Df38A1f920bF1b5125A71Dd896bfEf8', b: '0x1563915e194D8CfBA1943570603F7606A3115508' },
    request:
      '{"action":{"type":"updateIsolatedMargin","asset":0,"isBuy":true,"ntli":10000000},"signature":{"r":"0xc4852e704096adef3a4d5d519b317384512647195cec3b286b03bb7c5230ad1d","s":"0x1a7c59d42645de12cc0d0020179ae7dda77f8753220da6ef4844350680d9c9cd","v":28},"nonce":1795355901969}',
  },
  {
    client: 'nktkas',
    kind: 'user-signed',
    recovered: '0x1563915e194D8CfBA1943570603F7606A3115508',
    request:
      '{"action":{"type":"approveAgent","signatureChainId":"0x1","hyperliquidChain":"Testnet","agentAddress":"0x3333333333333333333333333333333333333333","agentName":"bot","nonce":1795355901980},"signature":{"r":"0x6e3678cede64d2c7f105195895ac24000c3271bb6bf05662ea7f97c72168be30","s":"0x10e78bcf09f9b7dc55258159291b1f48fa6e3d49d6e79dc44f84768493cc2d2b","v":27},"nonce":1795355901980}',
  },
  {
    client: 'nktkas',
    kind: 'user-signed',
    recovered: '0x1563915e194D8CfBA1943570603F7606A3115508',
    request:
      '{"action":{"type":"withdraw3","signatureChainId":"0x1","hyperliquidChain":"Testnet","destination":"0x1563915e194d8cfba1943570603f7606a3115508","amount":"1","time":1795355901989},"signature":{"r":"0x3f74ff7a4de726727b384528344a1cf6759a65bc71c294a104227ec1725634f2","s":"0x5387128a3074c1bcf7f25e713a534800f0039733260f1ba9daea6fc1425620d6","v":27},"nonce":1795355901989}',
  },
  {
    client: 'nktkas',
    kind: 'l1',
    recovered: { a: '0x78479b6d6B47d07a12cc26ebB6Ec9AA9a9804b13', b: '0x1563915e194D8CfBA1943570603F7606A3115508' },
    request:
      '{"action":{"type":"order","orders":[{"a":0,"b":true,"p":"95","s":"0.01","r":false,"t":{"limit":{"tif":"Gtc"}}}],"grouping":"na"},"signature":{"r":"0xb14b8d4f643ca8ed138ead82e7344853f9798d4d8a19ff9d52f5dcd6a0efdce3","s":"0x289a9ca5564508432944f7d921fed7d0d69de636e208a7624dfb44ff7175dea4","v":27},"nonce":1795355902010,"expiresAfter":1795355907010}',
  },
];
