#!/usr/bin/env bash
# Requires curl, openssl, and an access key in TENCENTCLOUD_SECRET_ID and
# TENCENTCLOUD_SECRET_KEY.
set -euo pipefail

region=ap-beijing
bucket=examplebucket-1250000000
# To use the emulator, set ENDPOINT=http://127.0.0.1:4010.
endpoint=${ENDPOINT:-https://$bucket.ci.$region.myqcloud.com}
job=j5d0a7c3e8f2b11f0a1b4525400e6c9d2
path=/jobs/$job
query=cancel=

# Sign. While openssl runs, other users of the machine can see the key.
sha1() { openssl dgst -sha1 -r "$@" | cut -d ' ' -f 1; }
host=${endpoint#*://}
now=$(date +%s)
time="$now;$((now + 900))"
key=$(printf %s "$time" | sha1 -hmac "$TENCENTCLOUD_SECRET_KEY")
request=$(printf 'put\n%s\n%s\nhost=%s\n' \
  "$path" "$query" "${host/:/%3A}" | sha1)
signature=$(printf 'sha1\n%s\n%s\n' "$time" "$request" | sha1 -hmac "$key")
authorization="q-sign-algorithm=sha1&q-ak=$TENCENTCLOUD_SECRET_ID"
authorization+="&q-sign-time=$time&q-key-time=$time"
authorization+="&q-header-list=host&q-url-param-list=cancel"
authorization+="&q-signature=$signature"

curl --silent --show-error --fail-with-body --request PUT \
  --header "Authorization: $authorization" --header 'Content-Length: 0' \
  "$endpoint$path?$query"
