#!/usr/bin/env python3
"""Checks key and envelope formats against PyNaCl, cryptography and hashlib, in both directions.

Usage: check-formats.py PRIVIRUN, in an empty folder. Runs playbooks of local actions only, so that
nothing is sent. Exits 1 at the first difference.
"""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.public import PrivateKey

TAG = bytes.fromhex("31420500")
SIZES = [0, 1, 15, 16, 17, 262_143, 262_144, 262_145, 3_000_000]

PLAYBOOK = """\
playbook: 1
name: formats
inputs:
  key: { type: secret }
steps:
  - { id: keys, call: keys.generate, with: { privateKeyFile: own.key, dataKeyFile: own.data-key } }
  - { id: theirs, call: keys.generate, with: { privateKeyFile: theirs.key } }
  - for-each: %s
    as: size
    steps:
      - call: data.encrypt
        with: { file: "plain-${{ size }}", to: "ours-${{ size }}", key: "${{ inputs.key }}" }
      - call: data.decrypt
        with: { file: "theirs-${{ size }}", to: "opened-${{ size }}", key: "${{ inputs.key }}" }
  - id: inline
    call: data.encrypt
    with: { data: small text, key: "${{ inputs.key }}" }
outputs:
  publicKey: ${{ steps.keys.publicKey }}
  dataKeyId: ${{ steps.keys.dataKeyId }}
  theirPublicKey: ${{ steps.theirs.publicKey }}
  inline: ${{ steps.inline.data }}
""" % SIZES


def signed(private: bytes) -> str:
    """The registered form of a private key's public half: tag, key, BLAKE2b-512 of both."""
    head = TAG + bytes(PrivateKey(private).public_key)
    return (head + hashlib.blake2b(head, digest_size=64).digest()).hex()


def read(name: str) -> bytes:
    with open(name, "rb") as file:
        return file.read()


def write(name: str, content: bytes) -> None:
    with open(name, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(content)


def run(privirun: str, key: bytes) -> dict:
    write("formats.yaml", PLAYBOOK.encode())
    command = [privirun, "run", "formats.yaml", "--output", "json", "--input", "key=env:FORMATS_KEY"]
    command += ["--api-url", "http://127.0.0.1:1"]
    done = subprocess.run(
        command, env=os.environ | {"FORMATS_KEY": key.hex()}, stdout=subprocess.PIPE, check=False)
    ending = json.loads(done.stdout.splitlines()[-1])
    assert ending["type"] == "run-finished" and ending["outcome"] == "succeeded", ending
    return ending["outputs"]


def main() -> None:
    key, private = os.urandom(32), os.urandom(32)
    cipher = AESGCM(key)
    write("theirs.key", f"{private.hex()}\n".encode())
    plain = {size: os.urandom(size) for size in SIZES}
    for size, content in plain.items():
        write(f"plain-{size}", content)
        iv = os.urandom(12)
        write(f"theirs-{size}", iv + cipher.encrypt(iv, content, None))
    outputs = run(sys.argv[1], key)

    assert outputs["theirPublicKey"] == signed(private), "a public key of theirs"
    # A note with the id of the data key follows the private key.
    own, note = read("own.key").decode().splitlines()
    assert outputs["publicKey"] == signed(bytes.fromhex(own)), "a key of ours"
    data_key = bytes.fromhex(read("own.data-key").decode().strip())
    code = hmac.new(data_key, b"privirun data key", hashlib.sha256).digest()[:8].hex()
    assert outputs["dataKeyId"] == code and note == f"# data-key-id {code}", "the id of a data key"

    inline = base64.b64decode(outputs["inline"], validate=True)
    assert cipher.decrypt(inline[:12], inline[12:], None) == b"small text", "an inline payload"
    for size, content in plain.items():
        sealed = read(f"ours-{size}")
        assert len(sealed) == size + 28, f"the length of {size} bytes sealed"
        assert cipher.decrypt(sealed[:12], sealed[12:], None) == content, f"{size} bytes sealed"
        assert read(f"opened-{size}") == content, f"{size} bytes opened"
    print(f"key and envelope formats: 2 keys, {len(SIZES)} payloads each way, 1 inline: as expected")


if __name__ == "__main__":
    main()
