"""One CA and the certificates of certs.tsv, by pyca/cryptography, in the current folder."""

import datetime
import ipaddress
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

START = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=5)


def write(path, data, mode):
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)


def save(name, key, cert):
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write(name + ".key", private, 0o600)
    write(name + ".crt", cert.public_bytes(pem), 0o644)


def usage(sign):
    return x509.KeyUsage(
        digital_signature=not sign,
        key_cert_sign=sign,
        crl_sign=sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def builder(common_name, key, issuer, days):
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(START + datetime.timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )


def authority():
    key = ec.generate_private_key(ec.SECP256R1())
    cert = (
        builder("etcd CA", key, None, 3650)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .add_extension(usage(sign=True), True)
        .sign(key, hashes.SHA256())
    )
    return key, cert


def leaf(line, ca_key, ca):
    name, common_name, dns, ips, server = line.rstrip("\n").split("\t")
    key = ec.generate_private_key(ec.SECP256R1())
    sans = [x509.DNSName(n) for n in dns.split(",") if n]
    sans += [x509.IPAddress(ipaddress.ip_address(ip)) for ip in ips.split(",") if ip]
    purposes = [ExtendedKeyUsageOID.CLIENT_AUTH]
    if server == "true":
        purposes.append(ExtendedKeyUsageOID.SERVER_AUTH)
    cert = (
        builder(common_name, key, ca.subject, 365)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(usage(sign=False), True)
        .add_extension(x509.ExtendedKeyUsage(purposes), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), False
        )
    )
    if sans:
        cert = cert.add_extension(x509.SubjectAlternativeName(sans), False)
    save(name, key, cert.sign(ca_key, hashes.SHA256()))


def main():
    ca_key, ca = authority()
    save("ca", ca_key, ca)
    with open("certs.tsv", encoding="utf-8") as lines:
        for line in lines:
            leaf(line, ca_key, ca)


main()
