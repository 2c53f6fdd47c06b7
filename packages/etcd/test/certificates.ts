import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A folder of certificates made by openssl, each good for two days. */
export class Certificates {
  readonly #folder = mkdtempSync(join(tmpdir(), 'keel-certificates-'));

  /** An authority of its own. */
  authority(name: string): CertificateFiles {
    const files = this.#files(name);
    const subject = ['-subj', `/CN=${name}`, '-days', '2'];
    this.#openssl('req', '-x509', ...KEY, '-keyout', files.keyFile, '-out', files.certFile, ...subject);
    return files;
  }

  /** For this address, for servers and clients, signed by that authority. */
  signed(name: string, authority: CertificateFiles, address = 'IP:127.0.0.1'): CertificateFiles {
    const files = this.#files(name);
    const request = join(this.#folder, `${name}.csr`);
    this.#openssl('req', ...KEY, '-keyout', files.keyFile, '-out', request, '-subj', `/CN=${name}`);
    const extensions = join(this.#folder, `${name}.ext`);
    writeFileSync(extensions, `subjectAltName=${address}\nextendedKeyUsage=serverAuth,clientAuth\n`);
    const by = ['-CA', authority.certFile, '-CAkey', authority.keyFile, '-CAcreateserial', '-days', '2'];
    this.#openssl('x509', '-req', '-in', request, ...by, '-out', files.certFile, '-extfile', extensions);
    return files;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #files(name: string): CertificateFiles {
    return { certFile: join(this.#folder, `${name}.pem`), keyFile: join(this.#folder, `${name}.key`) };
  }

  #openssl(...args: readonly string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' });
  }
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
