// Maker's contracts as they were deployed on the chain that Maker publishes for tests (npm @makerdao/testchain): their
// creation codes stand in that chain's transactions, for a few inside the code of the factory that makes them. Constructor
// arguments are left out. Called by artifacts.mjs.
import { execFileSync } from 'node:child_process';
import path from 'node:path';

// Contract, transaction, first byte and bytes.
const deployed = [
  ['Cat', '0xa26e8715295cb507d99ba4991189b80fc67b319d05ebca7953c73ca7098e534a', 666, 7785],
  ['DSProxyFactory', '0xb8dca8669f9cc999854698793314a53143175a8fb1ef2bc7677fa899f2a7cbe3', 0, 8414],
  ['DSValue', '0x1f6325f35b6d2daa5381b6106a4fe17b6fe09ae6d9fab5a9809adc314e70225c', 0, 3025],
  ['Dai', '0xec6c8ae2aaff194982a1014d8ade6d03b1ab19a0b4187f8bad830cbfc60e712f', 600, 8403],
  ['DaiJoin', '0x08f1b38fa85f81733141719f219ea20dbe8776fe1fcd80e5ce8cbb9919e866af', 416, 3217],
  ['Dog', '0x2897252fbb9f6c8cb8eee71a8efaf7cd43830688213bf0f6a6a925eb41f6440f', 578, 8082],
  ['DsrManager', '0x7ac7cf1329559aecc491df830bf1f816b7f06300df53c632206cfdfc5013d05d', 0, 6877],
  ['DssCdpManager', '0xfd907cd4e439cc405d593d8b942e3b06ef1e261ab20ef539de8bcc14433e1314', 0, 15345],
  ['DssProxyActions', '0xa159cc6431bbea8c319f3130362b1553857a580e91e38952f21da6026c0816ba', 0, 18915],
  ['DssProxyActionsDsr', '0x6b07e6e69f5ac90561f0b1ddd9638544db8e7a89ae9c77e16dfba871ef9a5b00', 0, 3427],
  ['GemJoin', '0x2b46757b13caf8956b632458f5f64c6dcb4e69d9af2f08c0cd088a390eb38a1e', 0, 3950],
  ['GetCdps', '0xceeaa0dc21fb9c87dcd0674d8b3a8d34254537495e4c0ea66d3a82e26c4ce253', 0, 3047],
  ['IlkRegistry', '0xc2dfc8704124702677a6b88b414e0cfad541515af48a719e10c636faebffcda3', 0, 19480],
  ['Jug', '0x2568c14a07f47981386b39725ad0be7298cb218d2fca37edeb0caf29f0dde598', 666, 4891],
  ['Pot', '0x227e34b729c0b383132e7a86c978900724f8fd60d8f8f6d026ccc1c15e310fe5', 666, 5509],
  ['ProxyRegistry', '0xd8508777de2e6ac52dee22bf9e1338070fa906a7f3a11360343514c8ce7cd1d7', 0, 1458],
  ['Spotter', '0x34f50c23d8b97b1dbc85b78090a11ed45fa49e326ef63ea90b3c61efd439ea7a', 666, 4489],
  ['Vat', '0x52585af5242bc01d58ff1fd1abf2bca9d5f535f125ac52dc004bbd5cbb330ede', 578, 13601],
];

export function maker({ modules, emit }) {
  const snapshot = path.join(modules, '@makerdao/testchain/snapshots/default.tgz');
  for (const [name, transaction, start, length] of deployed) {
    const text = execFileSync('tar', ['xzOf', snapshot, `./!transactions!${transaction}`], { maxBuffer: 1 << 24 });
    const data = JSON.parse(text).data.replace(/^0x/, '');
    const code = data.slice(start * 2, (start + length) * 2);
    if (code.length !== length * 2) throw new Error(`${name} is not where it was`);
    emit(`maker_${name}`, code, [], 'npm @makerdao/testchain@1.1.33-beta5');
  }
}
