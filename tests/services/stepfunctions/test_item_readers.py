"""What item readers find in S3, whole and from any place on."""

import asyncio
import gzip
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice

import pyarrow
import pyarrow.parquet
import pytest
from backports import zstd

from emulator.kit.context import Context, Origin
from emulator.services.stepfunctions.integrations.items import Source, UnreadableError, open_items

GET, LIST = "arn:aws:states:::s3:getObject", "arn:aws:states:::s3:listObjectsV2"


class Readers:
    """A bucket of the test's own, and the items that readers find in it."""

    def __init__(self, aws):
        self.aws, self.name, self.s3 = aws, f"readers-{aws.account}", aws("s3")
        self.s3.create_bucket(Bucket=self.name)

    def put(self, key, body):
        self.s3.put_object(Bucket=self.name, Key=key, Body=body if isinstance(body, bytes) else body.encode())

    def take(self, source, position=None, count=None, *, anew=True):
        """The next `count` items and the position after them, in a transaction of their own.

        `anew`: no reader was kept, as after a restart.
        """
        house = self.aws.running.emulator.house

        def unit(tx):
            ctx = Context(house, tx, self.aws.account, "us-east-1", Origin.new("test"))
            if anew:
                ctx.memory("stepfunctions").pop("readers", None)
            items = open_items(ctx, source, position)
            return list(islice(items, count)), items.position

        async def on_loop():
            return house.store.run(unit)

        return asyncio.run_coroutine_threadsafe(on_loop(), self.aws.running._loop).result(20)

    def source(self, resource=GET, parameters=None, **config):
        return Source(resource, {"Bucket": self.name, **(parameters or {"Key": "k"})}, config, self.aws.account)

    def all(self, **config):
        return self.take(self.source(**config))[0]

    def steps(self, source, count=1, *, anew=True):
        """All items, taken so many at a time, each time by a position that has been a JSON text."""
        found, position = [], None
        while True:
            items, position = self.take(source, position, count, anew=anew)
            position = json.loads(json.dumps(position))
            found += items
            if len(items) < count:
                assert position["taken"] == len(found)
                return found


@pytest.fixture
def readers(aws):
    return Readers(aws)


CSV = {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}


@pytest.mark.parametrize(
    ("delimiter", "character"), [("COMMA", ","), ("PIPE", "|"), ("SEMICOLON", ";"), ("SPACE", " "), ("TAB", "\t")]
)
def test_fields_are_divided_by_every_delimiter(readers, delimiter, character):
    readers.put("k", f"a{character}b\r\n1{character}2\r\n")

    assert readers.all(**CSV, CSVDelimiter=delimiter) == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("1,2,3\n", {"a": "1", "b": "2"}),
        ("1\n", {"a": "1", "b": ""}),
        ('"x,\ny",2\n', {"a": "x,\ny", "b": "2"}),
        ('"a ""b""",2\n', {"a": 'a "b"', "b": "2"}),
        ("C:\\\\p\\,q,2", {"a": "C:\\p,q", "b": "2"}),
        ('{""k"":""v""},2\n', {"a": '{"k":"v"}', "b": "2"}),
        ('x""y,"","z"\n', {"a": 'x"y', "b": ""}),
        ('"""q""","r\n""s"",\n"\n', {"a": '"q"', "b": 'r\n"s",\n'}),
        ('\\"x\\","say \\"hi\\"\\\n"\n', {"a": '"x"', "b": 'say "hi"\n'}),
        ("1,2\\", {"a": "1", "b": "2"}),
        ("1,2\\\r\n", {"a": "1", "b": "2"}),
        ("a\\bc,2\n\n", {"a": "abc", "b": "2"}),
    ],
)
def test_quotes_and_backslashes_are_read_by_the_rules_of_aws(readers, text, row):
    readers.put("k", f"a,b\n{text}")

    assert readers.all(**CSV) == [row]


def test_a_header_can_be_given(readers):
    readers.put("k", "1,2\n3,4\n")

    found = readers.all(InputType="CSV", CSVHeaderLocation="GIVEN", CSVHeaders=["a", "b"])

    assert found == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


def test_a_mark_of_byte_order_is_no_part_of_the_text(readers):
    readers.put("k", "\ufeffa\n1\n")
    readers.put("j", "\ufeff[1]")

    assert readers.all(**CSV) == [{"a": "1"}]
    assert readers.take(readers.source(parameters={"Key": "j"}))[0] == [1]


LONG = json.dumps({"before": [{"x": ']}\\"' * 9}], "a": {"b": [{"n": n, "s": "é[" * 50} for n in range(9000)]}})


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstd.compress], ids=["plain", "gzip", "zstd"])
@pytest.mark.parametrize(
    ("text", "config", "first", "last"),
    [
        ("".join(f'{{"n":{n}}}\n' for n in range(300)), {"InputType": "JSONL"}, {"n": 0}, {"n": 299}),
        ("n\n" + "".join(f"{n}\n" for n in range(300)), CSV, {"n": "0"}, {"n": "299"}),
        (json.dumps(list(range(300))), {}, 0, 299),
    ],
    ids=["lines", "csv", "array"],
)
def test_reading_goes_on_where_it_stopped(readers, text, config, first, last, pack):
    readers.put("k", pack(text.encode()))

    found = readers.steps(readers.source(**config), 77)
    kept = readers.steps(readers.source(**config), 77, anew=False)

    assert (len(found), found[0], found[-1]) == (300, first, last)
    assert kept == found


def test_a_large_array_is_taken_apart_as_it_comes(readers):
    readers.put("k", LONG)
    source = readers.source(ItemsPointer="/a/b")

    found = readers.steps(source, 4000)
    some, position = readers.take(source, None, 3)

    assert [item["n"] for item in found] == list(range(9000))
    assert found[7]["s"] == "é[" * 50
    assert (some, position["at"][1][0]) == (found[:3], "byte")


@pytest.mark.parametrize("count", [3, 9000])
def test_the_members_of_an_object_are_read_as_pairs(readers, count):
    members = {f"k{n}": {"n": n, "s": '}"é' * 9} for n in range(count)}
    readers.put("k", json.dumps({"before": {"x": 1}, "a": members}))

    found = readers.steps(readers.source(ItemsPointer="/a"), max(1, count // 3))

    assert found == [{"Key": key, "Value": value} for key, value in members.items()]


def test_reading_may_begin_at_a_number(readers):
    readers.put("k", "1\n2\n3\n4\n")

    assert readers.take(readers.source(InputType="JSONL", MaxItems=3), 1) == ([2, 3], {"taken": 3, "at": ANY_AT})


class _Any:
    def __eq__(self, other):
        return isinstance(other, list)

    __hash__ = None


ANY_AT = _Any()


def test_the_most_items_count_over_all_parts(readers):
    readers.put("k", "1\n2\n3\n4\n")

    assert readers.steps(readers.source(InputType="JSONL", MaxItems=3), 2) == [1, 2, 3]


def test_an_object_that_changed_meanwhile_is_not_read_on(readers):
    readers.put("k", "1\n2\n")
    source = readers.source(InputType="JSONL")
    _, position = readers.take(source, None, 1)
    readers.put("k", "3\n4\n")

    with pytest.raises(UnreadableError, match="pre-conditions"):
        readers.take(source, position)


def test_a_listing_goes_on_where_it_stopped(readers):
    for key in ("a", "b", "c"):
        readers.put(key, "x")

    found = readers.steps(readers.source(LIST, {"MaxKeys": 2}), 2)

    assert [item["Key"] for item in found] == ["a", "b", "c"]


def test_the_items_of_all_objects_go_on_in_the_middle_of_one(readers):
    readers.put("a", "1\n2\n3\n")
    readers.put("b", b"")
    readers.put("c", gzip.compress(b"4\n5\n"))

    source = readers.source(LIST, {"Prefix": ""}, Transformation="LOAD_AND_FLATTEN", InputType="JSONL")

    assert readers.steps(source, 2) == [1, 2, 3, 4, 5]
    assert readers.steps(source, 2, anew=False) == [1, 2, 3, 4, 5]


def test_a_place_that_was_given_up_can_be_read_again(readers):
    readers.put("k", gzip.compress(b"1\n2\n3\n4\n"))
    source = readers.source(InputType="JSONL")

    _, one = readers.take(source, None, 1)
    first, _ = readers.take(source, one, 2, anew=False)
    again, two = readers.take(source, one, 2, anew=False)
    rest, _ = readers.take(source, two, anew=False)

    assert (first, again, rest) == ([2, 3], [2, 3], [4])


def test_an_athena_manifest_names_files(readers):
    for name, body in (("1.gz", gzip.compress(b'{"n":1}\n{"n":2}\n')), ("2", b'{"n":3}\n')):
        readers.put(f"out/{name}", body)
    readers.put("k", f"s3://{readers.name}/out/1.gz\ns3://{readers.name}/out/2\n")

    source = readers.source(ManifestType="ATHENA_DATA", InputType="JSONL")

    assert readers.steps(source) == [{"n": 1}, {"n": 2}, {"n": 3}]


@pytest.mark.parametrize("config", [{"InputType": "MANIFEST"}, {"ManifestType": "S3_INVENTORY"}])
def test_an_inventory_lists_objects_in_the_columns_of_its_schema(readers, config):
    rows = b'"source","a.txt","3"\n"source","b.txt","4"\n'
    readers.put("data/1.csv.gz", gzip.compress(rows))
    manifest = {
        "sourceBucket": "source",
        "destinationBucket": f"arn:aws:s3:::{readers.name}",
        "fileFormat": "CSV",
        "fileSchema": "Bucket, Key, Size",
        "files": [{"key": "data/1.csv.gz", "size": 1, "MD5checksum": ""}],
    }
    readers.put("k", json.dumps(manifest))

    found = readers.steps(readers.source(**config))

    assert found == [
        {"Bucket": "source", "Key": "a.txt", "Size": "3"},
        {"Bucket": "source", "Key": "b.txt", "Size": "4"},
    ]


def parquet(columns, **options):
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), file, **options)
    return file.getvalue()


@pytest.mark.parametrize("compression", ["snappy", "gzip", "zstd", "none"])
def test_the_rows_of_a_parquet_file_are_items(readers, compression):
    columns = {"n": list(range(2500)), "s": [f"row {n}" for n in range(2500)]}
    readers.put("k", parquet(columns, compression=compression, row_group_size=1000))

    found = readers.steps(readers.source(InputType="PARQUET"), 700)

    assert found == [{"n": n, "s": f"row {n}"} for n in range(2500)]


def test_the_values_of_a_parquet_file_become_json(readers):
    moment = datetime(2026, 1, 2, 3, 4, 5, 678000)
    values = {
        "moment": moment,
        "zoned": moment.replace(tzinfo=UTC),
        "day": date(2026, 1, 2),
        "price": Decimal("1.50"),
        "whole": Decimal("2.00"),
        "text": b"ab",
        "bytes": b"\xff",
        "nothing": None,
        "nan": float("nan"),
        "list": [1, None],
        "struct": {"a": True},
    }
    columns = {name: [value] for name, value in values.items()}
    columns["map"] = pyarrow.array([[("k", 1)]], pyarrow.map_(pyarrow.string(), pyarrow.int64()))
    readers.put("k", parquet(columns))

    (found,) = readers.all(InputType="PARQUET")

    assert found == {
        "moment": "2026-01-02T03:04:05.678000",
        "zoned": "2026-01-02T03:04:05.678000Z",
        "day": "2026-01-02",
        "price": 1.5,
        "whole": 2,
        "text": "ab",
        "bytes": "/w==",
        "nothing": None,
        "nan": None,
        "list": [1, None],
        "struct": {"a": True},
        "map": {"k": 1},
    }


@pytest.mark.parametrize(
    ("body", "config", "cause"),
    [
        (b"[1, 2", {}, "found no valid JSON"),
        (b"", {}, "found no valid JSON"),
        (b'{"a":"x"}', {"ItemsPointer": "/a"}, "Attempting to map over non-iterable node."),
        (b"{}", {"ItemsPointer": "/a"}, "ItemsPointer /a does not point to anything in the object."),
        (LONG.encode(), {"ItemsPointer": "/a/b/0/n"}, "Attempting to map over non-iterable node."),
        (LONG.encode(), {"ItemsPointer": "/a/c"}, "ItemsPointer /a/c does not point to anything"),
        (LONG.encode()[:-9], {"ItemsPointer": "/a/b"}, "found no valid JSON"),
        (b"\xff\n", {"InputType": "JSONL"}, "is not UTF-8 text"),
        (gzip.compress(b"1\n" * 999, mtime=0)[:-9], {"InputType": "JSONL"}, "cannot be decompressed"),
        (b"\x28\xb5\x2f\xfd", {"InputType": "JSONL"}, "cannot be decompressed"),
        (b"a," + b"b" * 11000, CSV, "CSV headers cannot be longer than 10240 bytes."),
        (b"a", {"InputType": "CSV"}, "CSVHeaderLocation must be FIRST_ROW or GIVEN."),
        (b"a", {**CSV, "CSVDelimiter": "DOT"}, "The CSVDelimiter DOT is none of COMMA"),
        (b"PAR1", {"InputType": "PARQUET"}, "is not Parquet"),
        (b"file:///x\n", {"InputType": "CSV", "ManifestType": "ATHENA_DATA"}, "names no object of S3"),
        (b"x", {"ManifestType": "ATHENA_DATA"}, "needs the InputType of its data files"),
        (b"x", {"ManifestType": "OTHER"}, "The ManifestType OTHER is none of ATHENA_DATA, S3_INVENTORY."),
        (b"[[1]]", {"ItemsPointer": "/\u00b2"}, "ItemsPointer /\u00b2 does not point to anything"),
        (b"[[1]]", {"ItemsPointer": "/00"}, "ItemsPointer /00 does not point to anything"),
        (b"[1]", {"ItemsPointer": "a"}, "ItemsPointer a is no JSON Pointer"),
        (b"{}", {"InputType": "MANIFEST"}, "is no manifest.json of S3 Inventory"),
        (
            b'{"destinationBucket":"b","files":[],"fileSchema":"","fileFormat":"ORC"}',
            {"InputType": "MANIFEST"},
            "S3 Inventory in ORC is not supported",
        ),
    ],
)
def test_what_cannot_be_read_says_why(readers, body, config, cause):
    readers.put("k", body)

    with pytest.raises(UnreadableError, match=cause):
        readers.all(**config)


@pytest.mark.parametrize(
    ("resource", "parameters", "config", "cause"),
    [
        (LIST, {}, {"Transformation": "LOAD_AND_FLATTEN"}, "LOAD_AND_FLATTEN needs the InputType of the objects."),
        (LIST, {}, {"Transformation": "LOAD"}, "The Transformation LOAD is none of NONE, LOAD_AND_FLATTEN."),
        (GET, {"Key": "k", "VersionId": "null"}, {"InputType": "PARQUET"}, "PARQUET does not support VersionId."),
    ],
)
def test_what_a_reader_does_not_support_is_refused(readers, resource, parameters, config, cause):
    readers.put("k", "[1]")

    with pytest.raises(UnreadableError, match=cause):
        readers.take(readers.source(resource, parameters, **config))
