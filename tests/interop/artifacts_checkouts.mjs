// Bytecodes of protocols that publish no package: compiled from checkouts of their own source with the compiler they name.
// LIFEBOAT_CHECKOUTS names a folder with one checkout a repository, each under the repository's name (see the list of
// calls below); what is not there is skipped and said. Called by artifacts.mjs; nothing of it may be committed.
import fs from 'node:fs';
import path from 'node:path';

export function checkouts({ compiled, tree, modules, published }) {
  published('oz_ERC1967Proxy', '@openzeppelin/contracts/build/contracts/ERC1967Proxy.json');
  const root = process.env.LIFEBOAT_CHECKOUTS;
  if (!root) return console.log('SKIPPED: LIFEBOAT_CHECKOUTS names no folder of checkouts');
  /** Runs `make` where all of `repositories` are there. */
  const from = (repositories, make) => {
    const missing = repositories.filter((one) => !fs.existsSync(path.join(root, one.split('/')[1])));
    if (missing.length) return console.log(`SKIPPED: no checkout of ${missing.join(', ')}`);
    return make(`gh ${repositories.join(', ')}`);
  };
  const at = (repository, folder = 'src', prefix = '') => tree(path.join(root, repository), folder, prefix);
  const plain = { optimizer: { enabled: true, runs: 200 } };

  // Maker. dss names solc 0.6.12; the manager, the proxies and their actions 0.5.12.
  from(['makerdao/dss', 'makerdao/ilk-registry'], (source) => {
    const files = at('dss', 'src', 'dss/');
    const all = [['Vat', 'vat'], ['Jug', 'jug'], ['Spotter', 'spot'], ['GemJoin', 'join'], ['DaiJoin', 'join'], ['Dai', 'dai'], ['Dog', 'dog'], ['Cat', 'cat']];
    compiled('solc6', plain, files, all.map(([name, file]) => [`maker_${name}`, `dss/src/${file}.sol`, name]), `${source}, solc 0.6.12`);
    compiled('solc6', plain, at('ilk-registry'), [['maker_IlkRegistry', 'src/IlkRegistry.sol', 'IlkRegistry']], `${source}, solc 0.6.12`);
  });
  from(['makerdao/dss-cdp-manager', 'makerdao/dss-proxy-actions', 'makerdao/proxy-registry', 'dapphub/ds-proxy', 'dapphub/ds-auth', 'dapphub/ds-note'], (source) => {
    const named = (repository) => Object.fromEntries(Object.entries(at(repository)).map(([name, text]) => [`${repository}/${path.basename(name)}`, text]));
    const files = Object.assign({}, ...['dss-cdp-manager', 'dss-proxy-actions', 'proxy-registry', 'ds-proxy', 'ds-auth', 'ds-note'].map(named));
    compiled('solc5', plain, files, [
      ['maker_DssCdpManager', 'dss-cdp-manager/DssCdpManager.sol', 'DssCdpManager'], ['maker_GetCdps', 'dss-cdp-manager/GetCdps.sol', 'GetCdps'],
      ['maker_DssProxyActions', 'dss-proxy-actions/DssProxyActions.sol', 'DssProxyActions'], ['maker_ProxyRegistry', 'proxy-registry/ProxyRegistry.sol', 'ProxyRegistry'],
      ['maker_DSProxyFactory', 'ds-proxy/proxy.sol', 'DSProxyFactory'],
    ], `${source}, solc 0.5.12`);
  });
  from(['makerdao/usds', 'makerdao/usds-wrappers', 'makerdao/dss-lite-psm', 'makerdao/sdai'], (source) => {
    const oz = { ...tree(modules, 'oz5up', '', /\.sol$/), ...tree(modules, 'oz5', '', /\.sol$/) };
    const renamed = Object.fromEntries(Object.entries(oz).map(([name, text]) => [name.replace(/^oz5up\//, '@openzeppelin/contracts-upgradeable/').replace(/^oz5\//, '@openzeppelin/contracts/'), text]));
    const files = { ...renamed, ...at('usds', 'src', 'usds/'), ...at('usds-wrappers', 'src', 'wrappers/'), ...at('sdai', 'src', 'sdai/') };
    compiled('solc21', plain, files, [
      ['sky_Usds', 'usds/src/Usds.sol', 'Usds'], ['sky_UsdsJoin', 'usds/src/UsdsJoin.sol', 'UsdsJoin'], ['sky_DaiUsds', 'usds/src/DaiUsds.sol', 'DaiUsds'],
      ['sky_UsdsPsmWrapper', 'wrappers/src/UsdsPsmWrapper.sol', 'UsdsPsmWrapper'], ['sky_SavingsDai', 'sdai/src/SavingsDai.sol', 'SavingsDai'],
    ], `${source}, solc 0.8.21`);
    compiled('solc16', plain, at('dss-lite-psm'), [['sky_DssLitePsm', 'src/DssLitePsm.sol', 'DssLitePsm']], `${source}, solc 0.8.16`);
  });
}
