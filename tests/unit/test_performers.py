"""What leaves the process comes back with an outcome, whatever happens out there."""

import asyncio
import http.server
import io
import threading

import pytest

from emulator import performers
from emulator.kit.effects import HttpRequest, RemoveFile, WriteFile


def test_a_file_is_written_where_no_folder_was(tmp_path):
    performers.write_file(WriteFile(tmp_path / "a" / "b.txt", b"text"))

    assert (tmp_path / "a" / "b.txt").read_bytes() == b"text"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.txt"]


def test_a_file_is_replaced_by_the_copy_of_another(tmp_path):
    (tmp_path / "source").write_bytes(b"new")
    (tmp_path / "target").write_bytes(b"old")

    performers.write_file(WriteFile(tmp_path / "target", tmp_path / "source"))

    assert (tmp_path / "target").read_bytes() == b"new"


def test_a_copy_of_nothing_leaves_nothing_behind(tmp_path):
    (tmp_path / "target").write_bytes(b"old")

    with pytest.raises(FileNotFoundError):
        performers.write_file(WriteFile(tmp_path / "target", tmp_path / "source"))

    assert [path.name for path in tmp_path.iterdir()] == ["target"]
    assert (tmp_path / "target").read_bytes() == b"old"


def test_removing_a_file_twice_does_no_harm(tmp_path):
    (tmp_path / "a").touch()

    performers.remove_file(RemoveFile(tmp_path / "a"))
    performers.remove_file(RemoveFile(tmp_path / "a"))

    assert list(tmp_path.iterdir()) == []


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers the status that the path names; a path of 0 answers no HTTP at all."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/0":
            self.wfile.write(b"nonsense\r\n\r\n")
            return
        self.send_response(int(self.path[1:]))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture
def server():
    found = http.server.HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=found.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{found.server_address[1]}"
    found.shutdown()
    thread.join()
    found.server_close()


@pytest.mark.parametrize("status", [200, 404, 500])
def test_an_answer_of_any_status_is_an_answer(server, status):
    answer = performers.request(HttpRequest("POST", f"{server}/{status}", {"A": "b"}, b"body"))

    assert (answer.status, answer.body) == (status, b"body")


def outcome(effect):
    """What the pool reports for an HTTP request."""

    async def perform():
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        performers.make(loop, None)[HttpRequest](effect, done.set_result)
        return await asyncio.wait_for(done, 20)

    return asyncio.run(perform())


@pytest.mark.parametrize("path", ["/0", "/ü", "/\r\n"])
def test_what_is_no_http_comes_back_as_an_error(server, path):
    assert isinstance(outcome(HttpRequest("POST", server + path, {}, b"x")), OSError)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/hostname", "ftp://127.0.0.1/a", "nothing", "http://", "http://[", "http://127.0.0.1:1/"],
)
def test_a_url_that_leads_nowhere_comes_back_as_an_error(url):
    assert isinstance(outcome(HttpRequest("POST", url)), OSError)


def test_a_pool_that_did_its_work_says_so(server):
    assert outcome(HttpRequest("POST", f"{server}/200", {}, b"x")).status == 200


def test_no_redirect_is_followed_and_no_proxy_is_asked(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    answer = performers.request(HttpRequest("POST", f"{server}/302", {}, b"body"))

    assert (answer.status, answer.reason) == (302, "Found")
    assert ("Location", "http://127.0.0.1:1/") in answer.headers


def test_an_answer_that_comes_by_drops_is_too_late_as_a_whole():
    with pytest.raises(TimeoutError):
        performers.read(io.BytesIO(b"drop"), until=0.0)
