#!/usr/bin/env bash
# The tour with the AWS CLI: `tour_aws.sh aws` or `tour_aws.sh awslocal` (README.md beside this file).
set -euo pipefail

cli=$(type -P "$1")
role=arn:aws:iam::111122223333:role/tour
cd "$TOUR_FOLDER"

run() { # version 1 of the CLI goes to AWS for SQS, whatever AWS_ENDPOINT_URL says: it must be told in the command
    if [[ ${cli##*/} == aws && $1 == sqs ]]; then set -- "$@" --endpoint-url "$TOUR_URL"; fi
    "$cli" "$@"
}
aws() { run "$@" --output text; }
quietly() { run "$@" --output json >answer.json; }
code() { # the code of the error that a command must end with
    if run "$@" >answer.json 2>error; then
        echo "no error"
    else
        sed -n 's/.*An error occurred (\([^)]*\)).*/\1/p' error
    fi
}
truth() { if "$@"; then echo True; else echo False; fi; }
until_told() { # what a command prints, once that is something
    local end=$((SECONDS + 60)) told
    while told=$("$@") && [[ -z $told || $told == None || $told == RUNNING* ]]; do
        if ((SECONDS >= end)); then
            echo "it did not come about: $*" >&2
            return 1
        fi
        sleep 0.1
    done
    echo "$told"
}

# -- STS and IAM

echo "sts account $(aws sts get-caller-identity --query Account)"
read -r arn key secret token <<<"$(aws sts assume-role \
    --role-arn arn:aws:iam::444455556666:role/visited --role-session-name tour \
    --query '[AssumedRoleUser.Arn, Credentials.AccessKeyId, Credentials.SecretAccessKey, Credentials.SessionToken]')"
echo "sts assumed $arn"
visiting() { AWS_ACCESS_KEY_ID=$key AWS_SECRET_ACCESS_KEY=$secret AWS_SESSION_TOKEN=$token aws "$@"; }
echo "sts issued keys are $(visiting sts get-caller-identity --query Account)"
echo "sts queue made in $(visiting sqs create-queue --queue-name visited --query QueueUrl | cut -d/ -f4)"
echo "sts own queues $(aws sqs list-queues --query 'length(QueueUrls || `[]`)')"

trust='{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}'
policy='{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}'
quietly iam create-role --role-name tour \
    --assume-role-policy-document "{\"Version\": \"2012-10-17\", \"Statement\": [$trust]}"
quietly iam put-role-policy --role-name tour --policy-name inline \
    --policy-document "{\"Version\": \"2012-10-17\", \"Statement\": [$policy]}"
read -r arn service <<<"$(aws iam get-role --role-name tour \
    --query 'Role.[Arn, AssumeRolePolicyDocument.Statement[0].Principal.Service]')"
echo "iam $arn trusts $service has $(aws iam list-role-policies --role-name tour --query PolicyNames)"
echo "iam error $(code iam get-role --role-name nobody)"

# -- SQS

url=$(aws sqs create-queue --queue-name tour --attributes VisibilityTimeout=60 --query QueueUrl)
echo "sqs same url $(truth test "$(aws sqs get-queue-url --queue-name tour --query QueueUrl)" = "$url")"
quietly sqs send-message --queue-url "$url" --message-body héllo \
    --message-attributes 'colour={DataType=String,StringValue=red}'
read -r body colour receipt <<<"$(aws sqs receive-message --queue-url "$url" --wait-time-seconds 5 \
    --message-attribute-names All \
    --query 'Messages[0].[Body, MessageAttributes.colour.StringValue, ReceiptHandle]')"
echo "sqs received $body $colour"
quietly sqs delete-message --queue-url "$url" --receipt-handle "$receipt"
entries='[{"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "2", "DelaySeconds": 901},
    {"Id": "c", "MessageBody": "3"}]'
read -r first second refused why <<<"$(aws sqs send-message-batch --queue-url "$url" --entries "$entries" \
    --query '[Successful[0].Id, Successful[1].Id, Failed[0].Id, Failed[0].Code]')"
echo "sqs batch sent $first $second refused $refused $why"
read -r count visibility <<<"$(aws sqs get-queue-attributes --queue-url "$url" --attribute-names All \
    --query 'Attributes.[ApproximateNumberOfMessages, VisibilityTimeout]')"
echo "sqs has $count visible after $visibility"
quietly sqs purge-queue --queue-url "$url"
echo "sqs left $(aws sqs receive-message --queue-url "$url" --query 'length(Messages || `[]`)')"
echo "sqs error $(code sqs get-queue-url --queue-name nowhere)"

# -- SNS and EventBridge

take() {
    local body receipt
    read -r receipt body <<<"$(aws sqs receive-message --queue-url "$url" --wait-time-seconds 10 \
        --query 'Messages[0].[ReceiptHandle, Body]')"
    quietly sqs delete-message --queue-url "$url" --receipt-handle "$receipt"
    echo "$body"
}

queue=$(aws sqs get-queue-attributes --queue-url "$url" --attribute-names QueueArn --query Attributes.QueueArn)
topic=$(aws sns create-topic --name tour --query TopicArn)
quietly sns subscribe --topic-arn "$topic" --protocol sqs --notification-endpoint "$queue" \
    --attributes '{"RawMessageDelivery": "true", "FilterPolicy": "{\"colour\": [\"red\"]}"}'
quietly sns publish --topic-arn "$topic" --message first \
    --message-attributes 'colour={DataType=String,StringValue=blue}'
quietly sns publish --topic-arn "$topic" --message second \
    --message-attributes 'colour={DataType=String,StringValue=red}'
echo "sns delivered $(take)"
echo "sns error $(code sns get-topic-attributes --topic-arn "$topic-not")"

rule=$(aws events put-rule --name tour --query RuleArn \
    --event-pattern '{"source": ["tour"], "detail": {"n": [{"numeric": [">", 1]}]}}')
quietly events put-targets --rule tour --targets "Id=queue,Arn=$queue,InputPath=\$.detail"
failed=$(aws events put-events --query FailedEntryCount --entries \
    '[{"Source": "tour", "DetailType": "step", "Detail": "{\"n\":1}"},
      {"Source": "tour", "DetailType": "step", "Detail": "{\"n\":2}"}]')
echo "events ${rule##*:} failed $failed delivered $(take)"
echo "events error $(code events describe-rule --name nowhere)"

# -- S3

hello=(--bucket tour --key a/hello.txt)
printf hello >hello.txt
quietly s3 mb s3://tour
quietly s3api put-object "${hello[@]}" --body hello.txt --content-type text/plain --metadata made=here
read -r kind made etag <<<"$(aws s3api get-object "${hello[@]}" back --query '[ContentType, Metadata.made, ETag]')"
echo "s3 read $(cat back) $kind $made $etag"
range=$(aws s3api get-object "${hello[@]}" --range bytes=1-3 back --query ContentRange)
echo "s3 range $(cat back) $range"
quietly s3 cp - s3://tour/streamed <function.zip
quietly s3 cp s3://tour/streamed back
echo "s3 streamed $(truth cmp -s function.zip back)"
quietly s3 cp large.bin s3://tour/
read -r size etag <<<"$(aws s3api head-object --bucket tour --key large.bin --query '[ContentLength, ETag]' | tr -d '"')"
echo "s3 multipart $size ${etag##*-} parts"
quietly s3 cp s3://tour/large.bin back
echo "s3 back $(truth cmp -s large.bin back)"
quietly s3 cp s3://tour/a/hello.txt 's3://tour/b/copy of é.txt'
listed=$(aws s3api list-objects-v2 --bucket tour --delimiter / --query '[CommonPrefixes[].Prefix, Contents[].Key][]')
echo "s3 listed" $listed
echo "s3 presigned get $(curl --silent --fail "$(aws s3 presign 's3://tour/b/copy of é.txt')")"
# Of links, this client makes only those to get.
printf 'by a link' | quietly s3 cp - s3://tour/presigned
aws s3 cp s3://tour/presigned - >back
echo "s3 presigned put $(cat back)"
virtual() { # the bucket before the host; the emulator is the proxy, so no name need be resolved
    printf '[default]\ns3 =\n    addressing_style = virtual\n' >config
    AWS_CONFIG_FILE=$PWD/config HTTP_PROXY=$TOUR_URL NO_PROXY='' AWS_ENDPOINT_URL=http://s3.localhost:${TOUR_URL##*:} "$cli" "$@"
}
virtual s3api get-object "${hello[@]}" back >answer.json
echo "s3 virtual host $(cat back)"
echo "s3 error $(code s3api get-object --bucket tour --key nowhere back) $(code s3api list-objects-v2 --bucket nowhere)"
keys=$(run s3api list-objects-v2 --output json --bucket tour --query '{Objects: Contents[].{Key: Key}}')
echo "s3 deleted $(aws s3api delete-objects --bucket tour --delete "$keys" --query 'length(Deleted)')"
quietly s3 rb s3://tour

# -- Lambda and CloudWatch Logs

function=$(aws lambda create-function --function-name double --runtime python3.13 --role "$role" \
    --handler function.handler --zip-file fileb://function.zip --query FunctionArn)
aws lambda wait function-active-v2 --function-name double
logged=$(aws lambda invoke --function-name double --payload '{"n":21}' --log-type Tail --query LogResult back)
echo "lambda answered $(tr -d ' ' <back) logged $(truth test "$logged" != None)"
failed=$(aws lambda invoke --function-name double --payload '{}' --query FunctionError back)
echo "lambda failed $failed $(sed 's/.*"errorType": *"\([A-Za-z]*\)".*/\1/' back)"
queued=$(aws lambda invoke --function-name double --payload '{"n":1}' --invocation-type Event \
    --query StatusCode back)
echo "lambda queued $queued"
echo "lambda error $(code lambda invoke --function-name nowhere back)"

told=$(until_told aws logs filter-log-events --log-group-name /aws/lambda/double \
    --filter-pattern '"doubling 1"' --query 'events[0].message')
test -n "$told"
group=$(aws logs describe-log-groups --log-group-name-prefix /aws/lambda --query 'logGroups[0].logGroupName')
echo "logs group $group"
quietly logs create-log-group --log-group-name tour
quietly logs create-log-stream --log-group-name tour --log-stream-name one
now=$(date +%s000)
quietly logs put-log-events --log-group-name tour --log-stream-name one \
    --log-events "timestamp=$now,message=all is well" "timestamp=$now,message=ERROR one"
echo "logs found $(aws logs filter-log-events --log-group-name tour --filter-pattern ERROR --query 'events[].message')"
echo "logs error $(code logs describe-log-streams --log-group-name nowhere)"

# -- Step Functions

definition="{\"StartAt\": \"Double\", \"States\": {\"Double\":
    {\"Type\": \"Task\", \"Resource\": \"$function\", \"End\": true}}}"
create() {
    aws stepfunctions create-state-machine --definition "$definition" --role-arn "$role" --query stateMachineArn "$@"
}
machine=$(create --name tour)
execution=$(aws stepfunctions start-execution --state-machine-arn "$machine" --name one --input '{"n":4}' \
    --query executionArn)
ended=$(until_told aws stepfunctions describe-execution --execution-arn "$execution" --query '[status, output]')
echo "states" $ended
types=$(aws stepfunctions get-execution-history --execution-arn "$execution" --query '[events[0].type, events[-1].type]')
echo "states history" $types
sync=$(aws stepfunctions start-sync-execution --state-machine-arn "$(create --name quick --type EXPRESS)" \
    --input '{"n":5}' --query '[status, output]')
echo "states sync" $sync
tested=$(aws stepfunctions test-state --role-arn "$role" --input '{}' --query '[status, output]' \
    --definition '{"Type": "Pass", "Result": {"tested": true}, "End": true}')
echo "states tested" $tested
echo "states error $(code stepfunctions describe-execution --execution-arn "$execution-not")"
