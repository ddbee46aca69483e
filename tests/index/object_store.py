"""An object store on this machine that speaks as much of S3 as LanceDB asks for: a stand-in for one over a network."""

from __future__ import annotations

import hashlib
import re
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

_DAY = "2026-01-01T00:00:00.000Z"
_HTTP_DAY = "Thu, 01 Jan 2026 00:00:00 GMT"


class ObjectStore:
    """Buckets in memory, served until closed; one that is `away` breaks off every connection."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.away = False
        self._parts: dict[str, dict[int, bytes]] = {}
        self._changing = threading.Lock()
        store = self

        class Handler(_Handler):
            objects = store

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def put(self, key: str, body: bytes, only_if_new: bool) -> bool:
        with self._changing:
            if only_if_new and key in self.objects:
                return False
            self.objects[key] = body
            return True

    def begin_parts(self) -> str:
        name = uuid.uuid4().hex
        self._parts[name] = {}
        return name

    def put_part(self, upload: str, number: int, body: bytes) -> None:
        self._parts[upload][number] = body

    def end_parts(self, upload: str, key: str, only_if_new: bool) -> bool:
        parts = self._parts.pop(upload)
        return self.put(key, b"".join(parts[number] for number in sorted(parts)), only_if_new)


class _Handler(BaseHTTPRequestHandler):
    objects: ObjectStore
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer waits 40 ms for its second part
    wbufsize = -1

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _asked(self) -> tuple[str, dict[str, str]]:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        return unquote(parts.path).lstrip("/"), query

    def _body(self) -> bytes:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "aws-chunked" not in self.headers.get("Content-Encoding", ""):
            return body
        whole, rest = b"", body
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            count = int(size.split(b";")[0], 16)
            if not count:
                break
            whole, rest = whole + rest[:count], rest[count + 2 :]
        return whole

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def _xml(self, status: int, text: str) -> None:
        self._answer(status, f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode(), Content_Type="application/xml")

    def _failed(self, status: int, code: str) -> None:
        self._xml(status, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>")

    def handle_one_request(self) -> None:
        if self.objects.away:
            self.close_connection = True
            return
        super().handle_one_request()

    def do_GET(self) -> None:
        key, query = self._asked()
        if self.objects.away:
            self.close_connection = True
        elif "list-type" in query:
            self._list(key, query)
        elif key not in self.objects.objects:
            self._failed(404, "NoSuchKey")
        else:
            self._read(self.objects.objects[key])

    do_HEAD = do_GET

    def _read(self, body: bytes) -> None:
        facts = {"ETag": f'"{hashlib.md5(body).hexdigest()}"', "Last_Modified": _HTTP_DAY, "Accept_Ranges": "bytes"}
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        if not asked:
            self._answer(200, body, Content_Length=str(len(body)), **facts)
            return
        first, last = asked.groups()
        begin = int(first) if first else max(0, len(body) - int(last))
        end = min(int(last) if first and last else len(body) - 1, len(body) - 1)
        if begin > end:
            self._failed(416, "InvalidRange")
            return
        part = body[begin : end + 1]
        self._answer(206, part, Content_Length=str(len(part)), Content_Range=f"bytes {begin}-{end}/{len(body)}", **facts)

    def _list(self, bucket: str, query: dict[str, str]) -> None:
        bucket, prefix, delimiter = bucket.strip("/"), query.get("prefix", ""), query.get("delimiter", "")
        after = query.get("start-after", "")
        found, folders = [], set()
        for key, body in sorted(self.objects.objects.items()):
            name = key.removeprefix(f"{bucket}/")
            if not key.startswith(f"{bucket}/") or not name.startswith(prefix) or name <= after:
                continue
            cut = name.find(delimiter, len(prefix)) if delimiter else -1
            if cut >= 0:
                folders.add(name[: cut + 1])
            else:
                found.append(
                    f"<Contents><Key>{escape(name)}</Key><LastModified>{_DAY}</LastModified>"
                    f'<ETag>"{hashlib.md5(body).hexdigest()}"</ETag><Size>{len(body)}</Size></Contents>'
                )
        shared = [f"<CommonPrefixes><Prefix>{escape(folder)}</Prefix></CommonPrefixes>" for folder in sorted(folders)]
        self._xml(
            200,
            f"<ListBucketResult><Name>{bucket}</Name><Prefix>{escape(prefix)}</Prefix><KeyCount>{len(found)}</KeyCount>"
            f"<IsTruncated>false</IsTruncated>{''.join(found)}{''.join(shared)}</ListBucketResult>",
        )

    def do_PUT(self) -> None:
        key, query = self._asked()
        body = self._body()
        if "x-amz-copy-source" in self.headers:
            source = unquote(self.headers["x-amz-copy-source"]).lstrip("/")
            if source not in self.objects.objects:
                self._failed(404, "NoSuchKey")
                return
            self.objects.put(key, self.objects.objects[source], False)
            self._xml(200, f"<CopyObjectResult><LastModified>{_DAY}</LastModified><ETag>x</ETag></CopyObjectResult>")
        elif "uploadId" in query:
            self.objects.put_part(query["uploadId"], int(query["partNumber"]), body)
            self._answer(200, ETag=f'"{hashlib.md5(body).hexdigest()}"')
        elif self.objects.put(key, body, self.headers.get("If-None-Match") == "*"):
            self._answer(200, ETag=f'"{hashlib.md5(body).hexdigest()}"')
        else:
            self._failed(412, "PreconditionFailed")

    def do_POST(self) -> None:
        key, query = self._asked()
        body = self._body()
        if "uploads" in query:
            bucket, _, name = key.partition("/")
            self._xml(
                200,
                f"<InitiateMultipartUploadResult><Bucket>{bucket}</Bucket><Key>{escape(name)}</Key>"
                f"<UploadId>{self.objects.begin_parts()}</UploadId></InitiateMultipartUploadResult>",
            )
        elif "uploadId" in query:
            if self.objects.end_parts(query["uploadId"], key, self.headers.get("If-None-Match") == "*"):
                self._xml(200, "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>")
            else:
                self._failed(412, "PreconditionFailed")
        elif "delete" in query:
            bucket = key.strip("/")
            for name in re.findall(r"<Key>(.*?)</Key>", body.decode()):
                self.objects.objects.pop(f"{bucket}/{name}", None)
            self._xml(200, "<DeleteResult></DeleteResult>")
        else:
            self._failed(400, "InvalidRequest")

    def do_DELETE(self) -> None:
        key, _ = self._asked()
        self.objects.objects.pop(key, None)
        self._answer(204)


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    store = ObjectStore()
    try:
        yield store
    finally:
        store.close()
