"""The 18 intrinsic functions of JSONPath states, one file a family."""

from __future__ import annotations

from emulator.languages.asl.intrinsics import arrays, encoding, hashing, jsons, maths, strings, unique
from emulator.languages.asl.intrinsics.function import Function

FUNCTIONS: dict[str, Function] = {
    "Array": arrays.ARRAY,
    "ArrayPartition": arrays.ARRAY_PARTITION,
    "ArrayContains": arrays.ARRAY_CONTAINS,
    "ArrayRange": arrays.ARRAY_RANGE,
    "ArrayGetItem": arrays.ARRAY_GET_ITEM,
    "ArrayLength": arrays.ARRAY_LENGTH,
    "ArrayUnique": arrays.ARRAY_UNIQUE,
    "Base64Encode": encoding.BASE64_ENCODE,
    "Base64Decode": encoding.BASE64_DECODE,
    "Hash": hashing.HASH,
    "JsonMerge": jsons.JSON_MERGE,
    "StringToJson": jsons.STRING_TO_JSON,
    "JsonToString": jsons.JSON_TO_STRING,
    "MathRandom": maths.MATH_RANDOM,
    "MathAdd": maths.MATH_ADD,
    "StringSplit": strings.STRING_SPLIT,
    "Format": strings.FORMAT,
    "UUID": unique.UUID,
}
