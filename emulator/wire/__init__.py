"""The AWS protocols: requests become keyword parameters, results become answers, by botocore's models.

`identify` says which operation a request asks for, `decode` gives its parameters, `validate` checks them
as AWS does, `encode` and `encode_error` write the answer. Nothing here knows what an operation does.
"""
