#!/usr/bin/env bash
# Requires curl, the project ID in HUAWEICLOUD_SDK_PROJECT_ID, and a token of
# IAM for that project in HUAWEICLOUD_TOKEN. curl cannot sign with an access
# key, as the client does.
set -euo pipefail

region=cn-north-4
# To use the emulator, set ENDPOINT=http://127.0.0.1:4010.
endpoint=${ENDPOINT:-https://vod.$region.myhuaweicloud.com}
project=$endpoint/v1.0/$HUAWEICLOUD_SDK_PROJECT_ID

curl --silent --show-error --fail-with-body --request POST \
  --header "X-Auth-Token: $HUAWEICLOUD_TOKEN" \
  --header 'Content-Type: application/json' \
  "$project/asset/status/unpublish" --data @- <<JSON
{
  "asset_id": [
    "3e1cd21131a94525be55acf65888bf46",
    "f488337c31c8e4622f1590735b134c65"
  ]
}
JSON
