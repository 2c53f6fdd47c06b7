import { type OwnEtcd, startEtcd } from '@keel/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EtcdSettings, openEtcd, StoreRefused } from '../src/index.ts';
import { type CertificateFiles, Certificates } from './certificates.ts';
import { bytes, collectWatch, eventually, faultOf, text, wait } from './words.ts';

describe('TLS', () => {
  const certificates = new Certificates();
  let authority: CertificateFiles;
  let stranger: CertificateFiles;
  let client: CertificateFiles;
  let etcd: OwnEtcd;

  beforeAll(async () => {
    authority = certificates.authority('authority');
    stranger = certificates.authority('stranger');
    client = certificates.signed('client', authority);
    const server = certificates.signed('server', authority);
    etcd = await startEtcd({ nodes: 1, tls: { caFile: authority.certFile, ...server, clientCertificates: true } });
  });

  afterAll(async () => {
    await etcd.stop();
    certificates.remove();
  });

  const open = (tls: EtcdSettings['tls']) => openEtcd({ endpoints: etcd.endpoints, tls });

  it('serves whoever has a certificate of its authority', async () => {
    const store = open({ caFile: authority.certFile, ...client });
    await store.transact([], [{ kind: 'put', key: 'a', value: bytes('ann') }]);
    expect(text((await store.get('a'))?.value)).toBe('ann');
    expect(await store.keepAlive((await store.grantLease(5)).leaseId)).toBe(true);
    expect((await store.upkeep.members())[0]).toMatchObject({ name: 'n0', isLeader: true });
    store.close();
  });

  it.each([
    ['a member of another authority', () => ({ caFile: stranger.certFile, ...client }), /not signed by an authority/],
    ['no certificate of ours', () => ({ caFile: authority.certFile }), /refuses our certificate/],
    [
      'a certificate of another authority',
      () => ({ caFile: authority.certFile, ...certificates.signed('wrong', stranger) }),
      /refuses our certificate/,
    ],
    [
      'a member with another name',
      () => ({ caFile: authority.certFile, ...client, serverName: 'etcd.example' }),
      /another host name/,
    ],
  ])('refuses %s in one sentence', async (_, tls, sentence) => {
    const store = open(tls());
    const fault = await faultOf(store.transact([], [{ kind: 'put', key: 'b', value: bytes('bob') }]));
    expect(fault).toBeInstanceOf(StoreRefused);
    expect(fault.message).toMatch(sentence);
    const seen = collectWatch(store, 'b', 'c', 0);
    await eventually(() => seen.ends.length === 1);
    expect(seen.ends[0]).toBeInstanceOf(StoreRefused);
    store.close();
    const right = open({ caFile: authority.certFile, ...client });
    expect(await right.get('b')).toBeUndefined();
    right.close();
  });

  it('refuses a key that is not the certificate’s, when it is opened', () => {
    const other = certificates.signed('other', authority);
    expect(() => open({ caFile: authority.certFile, certFile: client.certFile, keyFile: other.keyFile })).toThrow(
      /do not fit/,
    );
  });
});

describe('users', () => {
  const TOKEN_SECONDS = 2;
  let etcd: OwnEtcd;

  beforeAll(async () => {
    etcd = await startEtcd({ nodes: 1, auth: { password: 'of root', tokenSeconds: TOKEN_SECONDS } });
    await etcd.call('/v3/auth/user/add', { name: 'keel', password: 'of keel' });
    await etcd.call('/v3/auth/role/add', { name: 'keel' });
    const range = { key: btoa('/keel/'), range_end: btoa('/keel0'), permType: 'READWRITE' };
    await etcd.call('/v3/auth/role/grant', { name: 'keel', perm: range });
    await etcd.call('/v3/auth/user/grant', { user: 'keel', role: 'keel' });
  });

  afterAll(() => etcd.stop());

  const open = (user?: string, password?: string) => openEtcd({ endpoints: etcd.endpoints, user, password });

  it('do what their role lets them and are told what it does not', async () => {
    const store = open('keel', 'of keel');
    const put = (key: string) => store.transact([], [{ kind: 'put', key, value: bytes('1') }]);
    expect((await put('/keel/main/pause')).succeeded).toBe(true);
    const fault = await faultOf(put('/other'));
    expect(fault).toBeInstanceOf(StoreRefused);
    expect(fault.message).toMatch(/grant its role/);
    expect(await faultOf(store.get('/other'))).toBeInstanceOf(StoreRefused);
    const seen = collectWatch(store, '/other', '/other0', 0);
    await eventually(() => seen.ends.length === 1);
    expect(seen.ends[0]).toBeInstanceOf(StoreRefused);
    store.close();
  });

  it.each([
    ['a wrong password', 'keel', 'of bob', /refuses user or password/],
    ['a user that etcd does not have', 'bob', 'of bob', /refuses user or password/],
    ['no user', undefined, undefined, /wants a user/],
  ])('are refused with %s', async (_, user, password, sentence) => {
    const store = open(user, password);
    const fault = await faultOf(store.transact([], [{ kind: 'put', key: '/keel/x', value: bytes('1') }]));
    expect(fault).toBeInstanceOf(StoreRefused);
    expect(fault.message).toMatch(sentence);
    expect(await faultOf(store.get('/keel/x'))).toBeInstanceOf(StoreRefused);
    store.close();
  });

  it('get a new token when theirs has expired or the member has lost it, and notice nothing', async () => {
    const store = open('keel', 'of keel');
    await store.transact([], [{ kind: 'put', key: '/keel/token', value: bytes('1') }]);
    const { leaseId } = await store.grantLease(30);
    await wait(TOKEN_SECONDS * 1_000 + 1_500);
    expect((await store.transact([], [{ kind: 'put', key: '/keel/token', value: bytes('2') }])).succeeded).toBe(true);
    await wait(TOKEN_SECONDS * 1_000 + 1_500);
    const seen = collectWatch(store, '/keel/token', '/keel/token0', 1);
    await eventually(() => seen.events.length === 2 || seen.ends.length > 0);
    expect(seen.ends).toEqual([]);
    seen.close();
    await etcd.members[0]?.kill();
    await etcd.members[0]?.restart();
    await etcd.healthy();
    expect(await store.keepAlive(leaseId)).toBe(true);
    expect(text((await store.get('/keel/token'))?.value)).toBe('2');
    await store.revokeLease(leaseId);
    store.close();
  });

  it('are no hindrance where etcd has no authentication yet', async () => {
    const open = await startEtcd({ nodes: 1 });
    const store = openEtcd({ endpoints: open.endpoints, user: 'keel', password: 'of keel' });
    expect((await store.transact([], [{ kind: 'put', key: 'a', value: bytes('1') }])).succeeded).toBe(true);
    store.close();
    await open.stop();
  });
});
